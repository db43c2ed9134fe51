import { Button, Radio } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import { Refused } from '#renderer/dashboard/shell/refused.tsx';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatMoment } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { createEnrolmentsApi, type SessionRow } from './api.ts';
import { checkOf, WAYS, type Way, wayOf } from './identity-way.ts';

/** How a session checks identity: chosen, then said what it means and why. */
export const SessionDialog = ({
  session,
  onClose,
  onDone,
  onRefused,
}: {
  session: SessionRow;
  onClose: () => void;
  onDone: () => void;
  onRefused: () => void;
}) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const locale = useLocale();
  const now = wayOf(session);
  const [way, setWay] = useState<Way>(now);
  const [reviewing, setReviewing] = useState(false);
  const [refused, setRefused] = useState<'refused' | 'over' | null>(null);
  const date = formatMoment(session.startsAt, locale, session.timeZone);
  const send = async (reason: string): Promise<Problem | null> => {
    const answer = await enrolments.setSession(session.id, { ...checkOf(way), reason });
    if (answer.ok) {
      onDone();
      return null;
    }
    const { code } = answer.error;
    if (code !== 'conflict' && code !== 'not-in-this-stage') return answer.error;
    setRefused(code === 'conflict' ? 'refused' : 'over');
    onRefused();
    return null;
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      size="38rem"
      title={t('setup.session.title', { room: session.room })}
    >
      {refused !== null ? (
        <Refused text={t(`setup.session.${refused}`)} onClose={onClose} />
      ) : reviewing ? (
        <ReasonForm
          label={t('setup.reason')}
          explanation={t('setup.session.confirm', {
            date,
            from: t(`setup.way.${now}`),
            to: t(`setup.way.${way}`),
            means: t(`setup.means.${way}`),
          })}
          suggestions={['policy', 'cameras'].map(
            (key) => `enrolments:setup.session.suggest.${key}`,
          )}
          submit={t('setup.session.send')}
          onSend={send}
          onCancel={() => setReviewing(false)}
        />
      ) : (
        <Choose
          date={date}
          now={now}
          way={way}
          onWay={setWay}
          onNext={() => setReviewing(true)}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
};

const Choose = ({
  date,
  now,
  way,
  onWay,
  onNext,
  onCancel,
}: {
  date: string;
  now: Way;
  way: Way;
  onWay: (way: Way) => void;
  onNext: () => void;
  onCancel: () => void;
}) => {
  const { t } = useTranslation('enrolments');
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (way !== now) onNext();
  };
  return (
    <form onSubmit={submit} noValidate className={classes.stack}>
      <Radio.Group
        label={t('setup.session.label', { date })}
        value={way}
        onChange={(value) => onWay(WAYS.find((one) => one === value) ?? now)}
        error={tried && way === now ? t('setup.session.same') : null}
      >
        <div className={classes.choices}>
          {WAYS.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`setup.way.${one}`)}
              description={t(`setup.means.${one}`)}
              {...(one === way ? { 'data-autofocus': true } : {})}
            />
          ))}
        </div>
      </Radio.Group>
      <div className={classes.end}>
        <Button variant="default" onClick={onCancel}>
          {t('dashboard:cancel')}
        </Button>
        <Button type="submit">{t('setup.session.next')}</Button>
      </div>
    </form>
  );
};
