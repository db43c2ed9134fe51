import { IconUserShield } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../../dashboard-context.tsx';
import { mayIdentify } from '../../rights.ts';
import { PRIVACY_HASH } from '../../use-hash.ts';
import classes from '../exit-code.module.css';
import own from './privacy.module.css';

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
