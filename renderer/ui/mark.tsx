import onLight from '#assets/icons/mark.svg';
import onDark from '#assets/icons/mark-on-dark.svg';

/** The watchtower. Decorative: the name stands beside it. `size` in rem. */
export const Mark = ({ size = 2, dark = false }: { size?: number; dark?: boolean }) => (
  <img
    src={dark ? onDark : onLight}
    alt=""
    style={{ width: `${size}rem`, height: `${size}rem`, display: 'block' }}
  />
);
