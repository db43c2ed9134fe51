import { useComputedColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '#renderer/dashboard/shell/page-title.ts';
import { useApp } from '#renderer/dashboard/shell/shell-context.tsx';
import { SignInForm } from '#renderer/dashboard/shell/sign-in-form.tsx';
import { LanguageSwitch, SchemeSwitch } from '#renderer/dashboard/shell/switches.tsx';
import { useInstitution } from '#renderer/ui/institution.ts';
import { Mark } from '#renderer/ui/mark.tsx';
import classes from './staff-sign-in.module.css';

export const SignInScreen = () => {
  const { t } = useTranslation('dashboard');
  const notice = useApp((s) => s.notice);
  usePageTitle(t('signIn.title'));
  const institution = useInstitution();
  const scheme = useComputedColorScheme('light');
  return (
    <div className={classes.page}>
      <div className={`at-bar ${classes.bar}`}>
        <LanguageSwitch />
        <SchemeSwitch />
      </div>
      <main className={classes.main}>
        <div className={classes.card}>
          <div className={classes.brand}>
            <Mark size={2.5} dark={scheme === 'dark'} />
            <div>
              {institution !== null && <p className={classes.institution}>{institution}</p>}
              <h1 id="sign-in-title" className={classes.title}>
                {t('signIn.title')}
              </h1>
              <p className={classes.lead}>{t('signIn.lead')}</p>
            </div>
          </div>
          <SignInForm notice={notice} labelledBy="sign-in-title" />
        </div>
      </main>
    </div>
  );
};
