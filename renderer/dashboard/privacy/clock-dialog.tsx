import { Button, NumberInput, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayOf, deletionOf, endOfDay } from '#renderer/dashboard/shell/day.ts';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { useApi, useLocale, useShell } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatDate } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import { createPrivacyApi, type RetentionProcess } from './api.ts';

const MOST_DAYS = 3_650;
const LEAST_REASON = 3;

interface Change {
  readonly claimsClosedAt: EpochMs | null;
  readonly retentionDays: number;
  readonly reason: string;
}

/** When the claims of a process closed and how long its pictures stay after it; what will go is said before it is set. */
export const ClockDialog = ({
  process,
  onClose,
  onSet,
}: {
  process: RetentionProcess;
  onClose: () => void;
  onSet: () => void;
}) => {
  const { t } = useTranslation('privacy');
  const [draft, setDraft] = useState({
    day: dayOf(process.claimsClosedAt),
    days: process.retentionDays as number | string,
    reason: '',
  });
  const [change, setChange] = useState<Change | null>(null);
  return (
    <Dialog
      opened
      onClose={onClose}
      size="34rem"
      title={t('clock.title', { title: process.title })}
    >
      {change === null ? (
        <Ask draft={draft} onDraft={setDraft} onNext={setChange} onCancel={onClose} />
      ) : (
        <Confirm process={process} change={change} onBack={() => setChange(null)} onSet={onSet} />
      )}
    </Dialog>
  );
};

interface Draft {
  readonly day: string;
  readonly days: number | string;
  readonly reason: string;
}

const Ask = ({
  draft,
  onDraft,
  onNext,
  onCancel,
}: {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onNext: (change: Change) => void;
  onCancel: () => void;
}) => {
  const { t } = useTranslation('privacy');
  const [tried, setTried] = useState(false);
  const end = endOfDay(draft.day);
  const days = Number(draft.days);
  const reason = draft.reason.trim();
  const wrong = {
    day: draft.day !== '' && end === null,
    days: !Number.isInteger(days) || days < 1 || days > MOST_DAYS,
    reason: reason.length < LEAST_REASON,
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (wrong.day || wrong.days || wrong.reason) return;
    onNext({ claimsClosedAt: end, retentionDays: days, reason });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.stack}>
      <TextInput
        type="date"
        label={t('clock.claims')}
        description={t('clock.claimsHint')}
        value={draft.day}
        onChange={(event) => onDraft({ ...draft, day: event.currentTarget.value })}
        error={tried && wrong.day ? t('clock.badDate') : null}
        data-autofocus
      />
      <NumberInput
        label={t('clock.days')}
        value={draft.days}
        onChange={(value) => onDraft({ ...draft, days: value })}
        min={1}
        max={MOST_DAYS}
        clampBehavior="none"
        allowDecimal={false}
        hideControls
        error={tried && wrong.days ? t('clock.badDays') : null}
      />
      <Textarea
        label={t('clock.reason')}
        value={draft.reason}
        onChange={(event) => onDraft({ ...draft, reason: event.currentTarget.value })}
        autosize
        minRows={2}
        maxLength={500}
        error={tried && wrong.reason ? t('clock.badReason') : null}
      />
      <div className={classes.end}>
        <Button variant="default" onClick={onCancel}>
          {t('dashboard:cancel')}
        </Button>
        <Button type="submit">{t('clock.next')}</Button>
      </div>
    </form>
  );
};

const Confirm = ({
  process,
  change,
  onBack,
  onSet,
}: {
  process: RetentionProcess;
  change: Change;
  onBack: () => void;
  onSet: () => void;
}) => {
  const { t } = useTranslation('privacy');
  const privacy = useApi(createPrivacyApi);
  const { clock } = useShell();
  const locale = useLocale();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const { claimsClosedAt, retentionDays } = change;
  const { pictures, held } = process;
  const send = async (): Promise<void> => {
    setBusy(true);
    const answer = await privacy.setClock(process.examId, change);
    if (answer.ok) return onSet();
    setBusy(false);
    setProblem(answer.error);
  };
  const at = claimsClosedAt === null ? null : deletionOf(claimsClosedAt, retentionDays);
  return (
    <div className={classes.stack}>
      <div className={classes.confirm} role="status">
        {at === null ? (
          <p>{t('clock.confirmOpen')}</p>
        ) : (
          <>
            <p>
              <strong>
                {at > clock.now()
                  ? t('clock.confirm', { count: pictures, date: formatDate(at, locale) })
                  : t('clock.confirmSoon', { count: pictures })}
              </strong>
            </p>
            {held > 0 && <p>{t('clock.held', { count: held })}</p>}
            <p>{t('clock.undo')}</p>
          </>
        )}
      </div>
      {problem?.code === 'conflict' || problem?.code === 'not-in-this-stage' ? (
        <p className={classes.refused} role="alert">
          {t(problem.code === 'conflict' ? 'clock.early' : 'clock.contested')}
        </p>
      ) : (
        <ProblemNote problem={problem} />
      )}
      <div className={classes.end}>
        <Button variant="default" onClick={onBack} disabled={busy}>
          {t('clock.back')}
        </Button>
        <Button onClick={() => void send()} loading={busy} autoFocus>
          {t('clock.send')}
        </Button>
      </div>
    </div>
  );
};
