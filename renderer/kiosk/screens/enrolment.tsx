import { Button, TextInput } from '@mantine/core';
import { IconDeviceLaptop, IconTicket, IconUser } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { useAction, useKioskState } from '../kiosk-context.tsx';
import classes from './entry-frame.module.css';
import { EntryFrame } from './entry-frame.tsx';
import { useFieldFocus } from './heading-focus.ts';

/** A device that the server does not know yet: staff type the one-time code, or the address brought it. */
export const EnrolmentScreen = () => {
  const { t } = useTranslation('kiosk');
  const field = useFieldFocus();
  const { running, problem, run } = useAction();
  const enrolling = useKioskState((state) => state.enrolling);
  const enrolProblem = useKioskState((state) => state.enrolProblem);
  const identityProblem = useKioskState((state) => state.view?.problem ?? null);
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const busy = running || enrolling;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = code.trim();
    setMissing(typed.length < 4);
    if (typed.length >= 4 && !busy) void run({ type: 'enrol', code: typed });
  };

  return (
    <EntryFrame
      aside={
        <ul>
          <li>
            <IconDeviceLaptop aria-hidden />
            {t('enrol.text')}
          </li>
          <li>
            <IconTicket aria-hidden />
            {t('enrol.hint')}
          </li>
          <li>
            <IconUser aria-hidden />
            {t('enrol.staff')}
          </li>
        </ul>
      }
    >
      <h1>{t('enrol.title')}</h1>
      <form onSubmit={submit} noValidate className={classes.fields}>
        <TextInput
          ref={field}
          size="lg"
          label={t('enrol.code')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.toUpperCase())}
          error={missing ? t('enrol.missing') : null}
          autoComplete="off"
          spellCheck={false}
          maxLength={40}
        />
        <Button type="submit" size="lg" loading={busy}>
          {t('enrol.submit')}
        </Button>
        <div role="status" className="visually-hidden">
          {busy ? t('enrol.running') : ''}
        </div>
      </form>
      <ProblemText
        className={classes.problem}
        problem={busy ? null : (problem ?? enrolProblem ?? identityProblem)}
      />
    </EntryFrame>
  );
};
