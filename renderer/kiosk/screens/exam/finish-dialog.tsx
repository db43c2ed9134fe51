import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { formatSpan } from '#renderer/ui/time-format.ts';
import { useNow } from '../../clock.ts';
import { useAction, useView } from '../../kiosk-context.tsx';
import { timeLeft } from '../../timer.ts';
import classes from './finish-dialog.module.css';
import type { ExamControls, QuestionMark } from './use-exam.ts';

const Numbers = ({
  title,
  marks,
  onGoTo,
}: {
  title: string;
  marks: readonly QuestionMark[];
  onGoTo: (index: number) => void;
}) => {
  const { t } = useTranslation('kiosk');
  if (marks.length === 0) return null;
  return (
    <section>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.numbers}>
        {marks.map(({ number }) => (
          <li key={number}>
            <button
              type="button"
              aria-label={t('finish.goTo', { number })}
              onClick={() => onGoTo(number - 1)}
            >
              {number}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** The last look before submitting: what is open, what was flagged, what it means. */
export const FinishDialog = ({
  opened,
  exam,
  onClose,
  onGoTo,
}: {
  opened: boolean;
  exam: ExamControls;
  onClose: () => void;
  onGoTo: (index: number) => void;
}) => {
  const { t } = useTranslation('kiosk');
  const view = useView();
  const now = useNow();
  const { running, problem, run } = useAction();
  const open = exam.marks.filter((mark) => !mark.answered);
  const flagged = exam.marks.filter((mark) => mark.flagged);
  const left = timeLeft(view, now);
  return (
    <Dialog opened={opened} onClose={onClose} title={t('finish.title')}>
      {open.length === 0 && <p>{t('finish.all', { total: exam.marks.length })}</p>}
      <Numbers
        title={t('finish.unanswered', { count: open.length })}
        marks={open}
        onGoTo={onGoTo}
      />
      <Numbers
        title={t('finish.flagged', { count: flagged.length })}
        marks={flagged}
        onGoTo={onGoTo}
      />
      {left !== null && <p>{t('finish.timeLeft', { time: formatSpan(left) })}</p>}
      <p>
        <strong>{t('finish.final')}</strong>
      </p>
      <ProblemText problem={problem} />
      <DialogActions>
        <Button variant="default" size="lg" onClick={onClose} data-autofocus>
          {t('finish.back')}
        </Button>
        <Button size="lg" loading={running} onClick={() => void run({ type: 'submit' })}>
          {t('finish.submit')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
