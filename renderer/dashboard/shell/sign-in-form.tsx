import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '#shared/kernel/problem.ts';
import { Note, useWait } from './note.tsx';
import { useShell } from './shell-context.tsx';
import classes from './sign-in-form.module.css';

/**
 * User and password.
 * @param notice why the person is asked, until the first answer.
 * @param labelledBy id of the heading that says what this is.
 * @param onDone signed in; a screen that is gone by then needs none.
 */
export const SignInForm = ({
  notice = null,
  labelledBy,
  onDone,
}: {
  notice?: Problem | null;
  labelledBy?: string;
  onDone?: () => void;
}) => {
  const { t } = useTranslation('dashboard');
  const shell = useShell();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState<{ user: boolean; password: boolean } | null>(null);
  const wait = useWait(problem);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // It may stand inside another form's page: that one is not sent with it.
    event.stopPropagation();
    const form = new FormData(event.currentTarget);
    const user = String(form.get('user') ?? '').trim();
    const password = String(form.get('password') ?? '');
    const empty = { user: user === '', password: password === '' };
    setMissing(empty);
    if (empty.user || empty.password || busy || wait > 0) return;
    setBusy(true);
    setProblem(null);
    const outcome = await shell.signIn(user, password);
    if (outcome === null) return onDone?.();
    setProblem(outcome);
    setBusy(false);
  };

  return (
    <form
      className={classes.form}
      onSubmit={(event) => void submit(event)}
      noValidate
      {...(labelledBy === undefined ? {} : { 'aria-labelledby': labelledBy })}
    >
      <TextInput
        name="user"
        label={t('signIn.user')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={60}
        size="md"
        autoFocus
        data-autofocus
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
      <Note problem={problem ?? notice} wait={wait} />
      <Button type="submit" size="md" fullWidth loading={busy} disabled={wait > 0}>
        {t('signIn.enter')}
      </Button>
    </form>
  );
};
