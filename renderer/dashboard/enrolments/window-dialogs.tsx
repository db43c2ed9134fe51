import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { momentOf } from '#renderer/dashboard/shell/day.ts';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import { useApi, useLocale, useShell } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatMoment, timesShown } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { type IdentitySetup, OPENING_SLACK_MS } from '#shared/wire/identity-setup.ts';
import { createEnrolmentsApi, type WindowRow } from './api.ts';

const LEAST_REASON = 3;

/** New dates of enrolment, for one venue or for all. */
export const AddWindowDialog = ({
  venues,
  onClose,
  onDone,
}: {
  venues: IdentitySetup['venues'];
  onClose: () => void;
  onDone: () => void;
}) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const { clock } = useShell();
  const [draft, setDraft] = useState({ venue: '', opens: '', closes: '', reason: '' });
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  const zone = venues.find(({ id }) => id === draft.venue)?.timeZone ?? timesShown();
  const opensAt = momentOf(draft.opens, zone);
  const closesAt = momentOf(draft.closes, zone);
  const reason = draft.reason.trim();
  const wrong = {
    opens: opensAt === null || opensAt < clock.now() - OPENING_SLACK_MS,
    closes: closesAt === null || closesAt <= Math.max(opensAt ?? 0, clock.now()),
    reason: reason.length < LEAST_REASON,
  };
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (wrong.opens || wrong.closes || wrong.reason || opensAt === null || closesAt === null) {
      return;
    }
    setBusy(true);
    const venueId = draft.venue === '' ? null : draft.venue;
    const answer = await enrolments.addWindow({ venueId, opensAt, closesAt, reason });
    if (answer.ok) return onDone();
    setBusy(false);
    setProblem(answer.error);
  };
  const saysDates = problem?.code === 'bad-request';
  return (
    <Dialog opened onClose={onClose} size="34rem" title={t('setup.add.title')}>
      <form onSubmit={(event) => void send(event)} noValidate className={classes.stack}>
        <NativeSelect
          label={t('setup.add.venue')}
          value={draft.venue}
          onChange={(event) => set({ venue: event.currentTarget.value })}
          data={[
            { value: '', label: t('setup.windows.everywhere') },
            ...venues.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          data-autofocus
        />
        <div className={classes.pair}>
          <TextInput
            type="datetime-local"
            label={t('setup.add.opens')}
            value={draft.opens}
            onChange={(event) => set({ opens: event.currentTarget.value })}
            error={tried && wrong.opens ? t('setup.add.badOpens') : null}
          />
          <TextInput
            type="datetime-local"
            label={t('setup.add.closes')}
            value={draft.closes}
            onChange={(event) => set({ closes: event.currentTarget.value })}
            error={tried && wrong.closes ? t('setup.add.badCloses') : null}
          />
        </div>
        <span className={classes.dim}>{t('setup.add.zone', { zone })}</span>
        <Textarea
          label={t('setup.reason')}
          value={draft.reason}
          onChange={(event) => set({ reason: event.currentTarget.value })}
          autosize
          minRows={2}
          maxLength={500}
          error={tried && wrong.reason ? t('setup.add.badReason') : null}
        />
        {saysDates ? (
          <p className={classes.refused} role="alert">
            {t('setup.add.refused')}
          </p>
        ) : (
          <ProblemNote problem={problem} />
        )}
        <div className={classes.end}>
          <Button variant="default" onClick={onClose} disabled={busy}>
            {t('dashboard:cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('setup.add.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

/** Takes dates away; what that means for whoever wants to enrol is said before. */
export const RemoveWindowDialog = ({
  window,
  onClose,
  onDone,
}: {
  window: WindowRow;
  onClose: () => void;
  onDone: () => void;
}) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const { clock } = useShell();
  const locale = useLocale();
  const send = async (reason: string): Promise<Problem | null> => {
    const answer = await enrolments.removeWindow(window.id, reason);
    // Somebody else took them away already: that is what was wanted.
    if (!answer.ok && answer.error.code !== 'not-found') return answer.error;
    onDone();
    return null;
  };
  const open = window.opensAt <= clock.now();
  return (
    <Dialog opened onClose={onClose} size="36rem" title={t('setup.remove.title')}>
      <ReasonForm
        label={t('setup.reason')}
        explanation={t(open ? 'setup.remove.explanationOpen' : 'setup.remove.explanation', {
          opens: formatMoment(window.opensAt, locale, window.timeZone ?? undefined),
          closes: formatMoment(window.closesAt, locale, window.timeZone ?? undefined),
        })}
        suggestions={['wrong', 'moved'].map((key) => `enrolments:setup.remove.suggest.${key}`)}
        submit={t('setup.remove.send')}
        danger
        onSend={send}
        onCancel={onClose}
      />
    </Dialog>
  );
};
