import { IconDevices } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '#renderer/dashboard/room/exit-code.module.css';
import { useApp } from '#renderer/dashboard/shell/dashboard-context.tsx';
import { mayKeepDevices } from '#renderer/dashboard/shell/rights.ts';
import { DEVICES_HASH } from '#renderer/dashboard/shell/use-hash.ts';

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
