import { IconCheck, IconFlagFilled } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import classes from './overview.module.css';
import type { ExamControls, QuestionMark } from './use-exam.ts';

const COLUMNS = 6;

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -COLUMNS,
  ArrowDown: COLUMNS,
};

const useCellName = () => {
  const { t } = useTranslation('kiosk');
  return (mark: QuestionMark, current: boolean): string =>
    [
      t('exam.cell.plain', { number: mark.number }),
      t(mark.answered ? 'exam.cell.answered' : 'exam.cell.unanswered'),
      ...(mark.flagged ? [t('exam.cell.flagged')] : []),
      ...(current ? [t('exam.cell.current')] : []),
    ].join(', ');
};

const Legend = () => {
  const { t } = useTranslation('kiosk');
  return (
    <ul className={classes.legend}>
      <li>
        <span className={cx(classes.swatch, classes.answered)}>
          <IconCheck size="0.75rem" stroke={3.5} aria-hidden />
        </span>
        {t('exam.legend.answered')}
      </li>
      <li>
        <IconFlagFilled size="1rem" className={classes.flag} aria-hidden />
        {t('exam.legend.flagged')}
      </li>
      <li>
        <span className={cx(classes.swatch, classes.current)} />
        {t('exam.legend.current')}
      </li>
    </ul>
  );
};

/** All questions at a glance; one stop of the Tab key, arrows move inside. */
export const Overview = ({ exam }: { exam: ExamControls }) => {
  const { t } = useTranslation('kiosk');
  const { marks, index } = exam;
  const cellName = useCellName();
  const grid = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(index);
  const answered = marks.filter((mark) => mark.answered).length;

  useEffect(() => {
    setCursor(index);
    grid.current?.children[index]?.scrollIntoView({ block: 'nearest' });
  }, [index]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(marks.length - 1, Math.max(0, cursor + step));
    setCursor(next);
    const cell = grid.current?.children[next];
    if (cell instanceof HTMLElement) cell.focus();
  };

  return (
    <nav className={classes.overview} aria-label={t('exam.overview')}>
      <div className={classes.count}>
        {t('exam.answeredCount', { answered, total: marks.length })}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between the buttons inside */}
      <div ref={grid} className={classes.grid} data-own-keys onKeyDown={onKeyDown}>
        {marks.map((mark, at) => (
          <button
            key={mark.number}
            type="button"
            tabIndex={at === cursor ? 0 : -1}
            aria-label={cellName(mark, at === index)}
            aria-current={at === index || undefined}
            className={cx(
              classes.cell,
              mark.answered && classes.answered,
              at === index && classes.current,
            )}
            onClick={() => exam.goTo(at)}
          >
            {mark.number}
            {mark.answered && (
              <IconCheck className={cx(classes.tick)} size="0.75rem" stroke={3.5} aria-hidden />
            )}
            {mark.flagged && (
              <IconFlagFilled className={cx(classes.flag)} size="0.9375rem" aria-hidden />
            )}
          </button>
        ))}
      </div>
      <Legend />
    </nav>
  );
};
