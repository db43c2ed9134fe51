import { Button, Textarea } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { orderKeys } from './order-key.ts';
import { ProblemNote } from './problem-note.tsx';
import classes from './reason-form.module.css';

const LEAST = 3;
const MOST = 500;
/** After these nobody knows whether the order was taken. */
const UNSURE: ReadonlySet<ProblemCode> = new Set(['offline', 'server-failed', 'protocol-version']);
export const isUnsure = ({ code }: Problem): boolean => UNSURE.has(code);

/** A text that goes on record, with usual ones to start from. */
export const ReasonForm = ({
  label,
  explanation,
  suggestions,
  submit,
  danger = false,
  least = LEAST,
  onSend,
  onCancel,
  ready = true,
  children,
}: {
  label: string;
  explanation: string;
  /** Keys of usual texts. */
  suggestions: readonly string[];
  submit: string;
  danger?: boolean;
  /** Shortest text that is taken, characters. */
  least?: number;
  /** null when it was taken. `key` is the same while the same text is sent again. */
  onSend: (text: string, key: string) => Promise<Problem | null>;
  onCancel: () => void;
  /** Whether it may be sent, as far as `children` say. */
  ready?: boolean;
  /** What else is decided with it. */
  children?: ReactNode;
}) => {
  const { t } = useTranslation('dashboard');
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [keyFor] = useState(() => orderKeys());

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const clean = text.trim();
    if (clean.length < least) {
      setMissing(true);
      return;
    }
    setBusy(true);
    setProblem(null);
    const outcome = await onSend(clean, keyFor(clean));
    // Sent, the form is gone already.
    if (outcome === null) return;
    setProblem(outcome);
    setBusy(false);
    // The button lost the focus while it was busy; without it Escape would leave the panel.
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Leaves the form, not the panel around it.
    event.stopPropagation();
    event.preventDefault();
    onCancel();
  };

  return (
    <form className={classes.form} onSubmit={(event) => void send(event)} onKeyDown={onKeyDown}>
      <p className={classes.explanation}>{explanation}</p>
      {children}
      <div className={classes.suggestions}>
        {suggestions.map((key) => (
          <button
            key={key}
            type="button"
            className={classes.suggestion}
            onClick={() => {
              setText(t(key));
              setMissing(false);
            }}
          >
            {t(key)}
          </button>
        ))}
      </div>
      <Textarea
        ref={field}
        label={label}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setMissing(false);
        }}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={MOST}
        data-autofocus
        autoFocus
        error={missing ? t('reason.missing', { count: least }) : null}
      />
      <ProblemNote
        problem={problem}
        more={problem !== null && isUnsure(problem) ? t('reason.sendAgain') : null}
      />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onCancel} disabled={busy}>
          {t('cancel')}
        </Button>
        <Button
          type="submit"
          loading={busy}
          disabled={!ready}
          {...(danger ? { color: 'alarm.6' } : {})}
        >
          {submit}
        </Button>
      </div>
    </form>
  );
};
