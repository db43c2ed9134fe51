import { Button, PasswordInput, TextInput, useComputedColorScheme } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '#renderer/dashboard/shell/page-title.ts';
import { ProblemNote, useWait } from '#renderer/dashboard/shell/problem-note.tsx';
import { useApp, useShell } from '#renderer/dashboard/shell/shell-context.tsx';
import { LanguageSwitch, SchemeSwitch } from '#renderer/dashboard/shell/switches.tsx';
import { Mark } from '#renderer/ui/mark.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import classes from './staff-sign-in.module.css';

export const SignInScreen = () => {
  const { t } = useTranslation('dashboard');
  const shell = useShell();
  const notice = useApp((s) => s.notice);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState<{ user: boolean; password: boolean } | null>(null);
  const wait = useWait(problem);
  usePageTitle(t('signIn.title'));
  const scheme = useComputedColorScheme('light');

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const user = String(form.get('user') ?? '').trim();
    const password = String(form.get('password') ?? '');
    const empty = { user: user === '', password: password === '' };
    setMissing(empty);
    if (empty.user || empty.password || busy || wait > 0) return;
    setBusy(true);
    setProblem(null);
    const outcome = await shell.signIn(user, password);
    // Signed in, this screen is gone already.
    if (outcome === null) return;
    setProblem(outcome);
    setBusy(false);
  };

  return (
    <div className={classes.page}>
      <div className={`at-bar ${classes.bar}`}>
        <LanguageSwitch />
        <SchemeSwitch />
      </div>
      <main className={classes.main}>
        <form
          className={classes.card}
          onSubmit={(event) => void submit(event)}
          noValidate
          aria-labelledby="sign-in-title"
        >
          <div className={classes.brand}>
            <Mark size={2.5} dark={scheme === 'dark'} />
            <div>
              <h1 id="sign-in-title" className={classes.title}>
                {t('signIn.title')}
              </h1>
              <p className={classes.lead}>{t('signIn.lead')}</p>
            </div>
          </div>
          <TextInput
            name="user"
            label={t('signIn.user')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={60}
            size="md"
            autoFocus
            error={missing?.user ? t('signIn.userMissing') : null}
          />
          <PasswordInput
            name="password"
            label={t('signIn.password')}
            autoComplete="current-password"
            maxLength={200}
            size="md"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword'), tabIndex: 0 }}
            error={missing?.password ? t('signIn.passwordMissing') : null}
          />
          <ProblemNote problem={problem ?? notice} wait={wait} />
          <Button type="submit" size="md" fullWidth loading={busy} disabled={wait > 0}>
            {t('signIn.enter')}
          </Button>
        </form>
      </main>
    </div>
  );
};
