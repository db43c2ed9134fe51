import { Button, Loader } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './desk.module.css';
import { ProblemNote } from './problem-note.tsx';
import type { Asked } from './use-answer.ts';

/** What was asked of the server in its states: on its way, there, failed; with what it is about and a way to ask again. */
export const AnswerFrame = <T,>({
  asked,
  text,
  children,
}: {
  asked: Asked<T>;
  text: string;
  children: (value: T) => ReactNode;
}) => {
  const { t } = useTranslation('dashboard');
  const { value, problem, busy } = asked;
  return (
    <div className={classes.content} aria-busy={busy}>
      <div className={classes.head}>
        <p className={classes.text}>{text}</p>
        <Button
          variant="default"
          leftSection={<IconRefresh size="1.125rem" aria-hidden />}
          onClick={() => void asked.load()}
        >
          {t('answer.refresh')}
        </Button>
      </div>
      <ProblemNote problem={problem} />
      {value !== null ? (
        children(value)
      ) : problem === null ? (
        <Loader aria-label={t('answer.loading')} className={classes.loader ?? ''} />
      ) : (
        <p className={classes.none}>{t('answer.failed')}</p>
      )}
    </div>
  );
};

/** Nothing there, and why. */
export const Nothing = ({ title, text }: { title: string; text?: string }) => (
  <div className={classes.nothing} role="status">
    <strong>{title}</strong>
    {text !== undefined && <span>{text}</span>}
  </div>
);
