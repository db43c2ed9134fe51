import { IconDevices } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../../dashboard-context.tsx';
import { mayKeepDevices } from '../../rights.ts';
import { DEVICES_HASH } from '../../use-hash.ts';
import classes from '../exit-code.module.css';

/** The way to the table of devices, for those who keep them. */
export const DevicesLink = () => {
  const { t } = useTranslation('devices');
  const offers = useApp((s) => s.me !== null && mayKeepDevices(s.me.role));
  if (!offers) return null;
  return (
    <a className={classes.open} href={DEVICES_HASH}>
      <IconDevices size="1.125rem" aria-hidden />
      {t('link')}
    </a>
  );
};
