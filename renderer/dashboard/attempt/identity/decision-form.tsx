import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '#renderer/dashboard/live/live-context.ts';
import { orderKeys } from '#renderer/dashboard/shell/order-key.ts';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import reasonClasses from '#renderer/dashboard/shell/reason-form.module.css';
import { isUnsure } from '#renderer/dashboard/shell/reason-form.tsx';
import { ChoiceCards } from '#renderer/ui/choice-cards.tsx';
import { IDENTITY_DECISIONS, type IdentityDecision } from '#shared/identity/identity-facts.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Command } from '#shared/wire/command.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './identity-review.module.css';

/** As `ReasonSchema` and `AuthorisedBySchema` have them. */
const LEAST = 3;
const MOST_REASON = 500;
const MOST_NAME = 120;

const REASONS: Readonly<Record<IdentityDecision, readonly string[]>> = {
  'verified-in-person': ['document', 'passport', 'same'],
  'digital-id-validated': ['qr'],
  'authorised-alternative': ['alternative'],
  refused: ['other', 'none'],
};

/** Who sits there, decided by a person (Art. 21, 31): what, on whose authority, why. Refusing is asked twice. */
export const DecisionForm = ({ tile, onDone }: { tile: Tile; onDone: () => void }) => {
  const { t } = useTranslation('dashboard');
  const live = useLive();
  const [decision, setDecision] = useState<IdentityDecision | null>(null);
  const [authoriser, setAuthoriser] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [keyFor] = useState(() => orderKeys());
  const field = useRef<HTMLTextAreaElement>(null);
  const names = decision === 'authorised-alternative';
  const missing = {
    decision: decision === null,
    authoriser: names && authoriser.trim().length < LEAST,
    reason: reason.trim().length < LEAST,
  };

  const send = async () => {
    if (decision === null || busy) return;
    const command: Command = {
      type: 'identity',
      decision,
      authorisedBy: names ? authoriser.trim() : null,
      reason: reason.trim(),
    };
    setBusy(true);
    setProblem(null);
    const key = keyFor(JSON.stringify(command));
    const outcome = await live.send(tile.attemptId, { key, command });
    if (outcome === null) return onDone();
    setProblem(outcome);
    setBusy(false);
    setConfirming(false);
    field.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(missing).includes(true)) return;
    if (decision === 'refused') setConfirming(true);
    else void send();
  };

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <ChoiceCards
        label={t('identity.form.decision')}
        choices={IDENTITY_DECISIONS.map((value) => ({
          value,
          label: t(`identity.decisions.${value}`),
          detail: t(`identity.decisionDetail.${value}`),
        }))}
        value={decision}
        onChange={(value) => {
          setDecision(value);
          setConfirming(false);
        }}
        error={tried && missing.decision ? t('identity.form.decisionMissing') : null}
      />
      {names && (
        <TextInput
          label={t('identity.form.authorisedBy')}
          placeholder={t('identity.form.authorisedByHint')}
          value={authoriser}
          maxLength={MOST_NAME}
          onChange={(event) => setAuthoriser(event.currentTarget.value)}
          error={tried && missing.authoriser ? t('identity.form.authorisedByMissing') : null}
        />
      )}
      {decision !== null && (
        <div className={reasonClasses.suggestions}>
          {REASONS[decision].map((key) => (
            <button
              key={key}
              type="button"
              className={reasonClasses.suggestion}
              onClick={() => setReason(t(`identity.reasons.${key}`))}
            >
              {t(`identity.reasons.${key}`)}
            </button>
          ))}
        </div>
      )}
      <Textarea
        ref={field}
        label={t('identity.form.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autosize
        minRows={1}
        maxRows={4}
        maxLength={MOST_REASON}
        error={tried && missing.reason ? t('reason.missing', { count: LEAST }) : null}
      />
      <ProblemNote
        problem={problem}
        more={problem !== null && isUnsure(problem) ? t('reason.sendAgain') : null}
      />
      {confirming ? (
        <div role="alert" className={classes.confirm}>
          <p>{t('identity.form.confirm', { name: tile.examinee.name })}</p>
          <div className={classes.buttons}>
            <Button
              variant="default"
              disabled={busy}
              onClick={() => setConfirming(false)}
              autoFocus
            >
              {t('identity.form.confirmBack')}
            </Button>
            <Button color="alarm.6" loading={busy} onClick={() => void send()}>
              {t('identity.form.confirmSend')}
            </Button>
          </div>
        </div>
      ) : (
        <div className={classes.buttons}>
          <Button variant="default" disabled={busy} onClick={onDone}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t(decision === 'refused' ? 'identity.form.refuse' : 'identity.form.send')}
          </Button>
        </div>
      )}
    </form>
  );
};
