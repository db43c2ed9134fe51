import { IconUserShield } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '#renderer/dashboard/room/exit-code.module.css';
import { useApp } from '#renderer/dashboard/shell/dashboard-context.tsx';
import own from '#renderer/dashboard/shell/privacy.module.css';
import { mayIdentify } from '#renderer/dashboard/shell/rights.ts';
import { PRIVACY_HASH } from '#renderer/dashboard/shell/use-hash.ts';

/** The way to identity and data, for those who help people enrol. */
export const PrivacyLink = () => {
  const { t } = useTranslation('privacy');
  const offers = useApp((s) => s.me !== null && mayIdentify(s.me.role));
  if (!offers) return null;
  return (
    <a className={classes.open} href={PRIVACY_HASH}>
      <IconUserShield size="1.125rem" aria-hidden />
      <span className={own.linkName}>{t('link')}</span>
    </a>
  );
};
