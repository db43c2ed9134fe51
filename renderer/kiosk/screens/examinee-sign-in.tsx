import { ActionIcon, Button, TextInput } from '@mantine/core';
import {
  IconArmchair,
  IconDeviceMobileOff,
  IconEye,
  IconEyeOff,
  IconId,
} from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, useView } from '#renderer/kiosk/kiosk-context.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import classes from './entry-frame.module.css';
import { EntryFrame } from './entry-frame.tsx';
import { useFieldFocus } from './heading-focus.ts';

/** Who sits the exam: document and access key (Art. 25a, 26a). */
export const SignInScreen = () => {
  const { t } = useTranslation('kiosk');
  const view = useView();
  const field = useFieldFocus();
  const { running, problem, run } = useAction();
  const [document, setDocument] = useState('');
  const [secret, setSecret] = useState('');
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const id = document.trim();
    if (id !== '' && secret !== '' && !running) {
      void run({ type: 'sign-in', document: id, secret });
    }
  };

  return (
    <EntryFrame
      device={view.device === null ? undefined : t('signIn.device', { name: view.device.name })}
      aside={
        <>
          <h2>{t('signIn.before')}</h2>
          <ul>
            <li>
              <IconId aria-hidden />
              {t('signIn.beforeDocument')}
            </li>
            <li>
              <IconDeviceMobileOff aria-hidden />
              {t('signIn.beforePhone')}
            </li>
            <li>
              <IconArmchair aria-hidden />
              {t('signIn.beforeSeat')}
            </li>
          </ul>
        </>
      }
    >
      <h1>{t('signIn.title')}</h1>
      <form onSubmit={submit} noValidate className={classes.fields}>
        <TextInput
          ref={field}
          size="lg"
          label={t('signIn.document')}
          value={document}
          onChange={(event) => setDocument(event.currentTarget.value)}
          error={tried && document.trim() === '' ? t('signIn.documentMissing') : null}
          autoComplete="off"
          spellCheck={false}
          maxLength={20}
        />
        <TextInput
          size="lg"
          label={t('signIn.secret')}
          description={t('signIn.secretHint')}
          type={shown ? 'text' : 'password'}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          error={tried && secret === '' ? t('signIn.secretMissing') : null}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          rightSectionWidth="3rem"
          rightSection={
            <ActionIcon
              variant="subtle"
              color="ink"
              size="2.75rem"
              aria-label={t(shown ? 'signIn.hide' : 'signIn.show')}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            >
              {shown ? <IconEyeOff size="1.25rem" /> : <IconEye size="1.25rem" />}
            </ActionIcon>
          }
        />
        <Button type="submit" size="lg" loading={running}>
          {t('signIn.submit')}
        </Button>
        <div role="status" className="visually-hidden">
          {running ? t('signIn.running') : ''}
        </div>
      </form>
      <ProblemText className={classes.problem} problem={running ? null : problem} />
      <p>{t('signIn.help')}</p>
    </EntryFrame>
  );
};
