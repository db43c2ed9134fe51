import { Kbd, Switch } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { TextSizeControl } from '../text-size-control.tsx';
import classes from './question-pane.module.css';
import type { ExamControls } from './use-exam.ts';

/** Left and right change the question, also from inside the options, where the browser would move the choice. */
const leaveToShortcuts = (event: KeyboardEvent, exam: ExamControls): void => {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  event.preventDefault();
  exam.goTo(exam.index + (event.key === 'ArrowLeft' ? -1 : 1));
};

/** The question and its options: real radios and checkboxes under large targets. */
export const QuestionPane = ({
  exam,
  total,
  keys,
  onKeys,
}: {
  exam: ExamControls;
  total: number;
  keys: boolean;
  onKeys: (on: boolean) => void;
}) => {
  const { t } = useTranslation('kiosk');
  const heading = useRef<HTMLHeadingElement>(null);
  const { question, index, chosen } = exam;
  const number = index + 1;

  // A new question is a new mount: the focus goes to its number, so that it is read from the start.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);

  return (
    <section className={classes.pane}>
      <div className={classes.scroll}>
        <div className={classes.column}>
          <div className={classes.head}>
            <h1 ref={heading} tabIndex={-1} className={classes.number}>
              {t('exam.questionNumber', { number, total })}
            </h1>
            <span className={classes.kind} id="kind">
              {t(`exam.${question.type}`)}
            </span>
          </div>
          <p className={classes.stem} id="stem">
            {question.stem}
          </p>
          <fieldset
            aria-labelledby="stem"
            aria-describedby="kind"
            className={classes.options}
            onKeyDown={(event) => leaveToShortcuts(event, exam)}
          >
            {question.options.map((option, at) => {
              const checked = chosen.includes(option.id);
              return (
                <label key={option.id} className={cx(classes.option, checked && classes.chosen)}>
                  <input
                    type={question.type === 'single' ? 'radio' : 'checkbox'}
                    name={question.id}
                    checked={checked}
                    onChange={() => exam.choose(option.id)}
                    className={classes.input}
                  />
                  <span
                    className={cx(classes.box, question.type === 'single' && classes.round)}
                    aria-hidden
                  >
                    {checked && <IconCheck size="1.125rem" stroke={3} />}
                  </span>
                  <span className={classes.text}>{option.text}</span>
                  <span className={classes.key} aria-hidden>
                    {at + 1}
                  </span>
                </label>
              );
            })}
          </fieldset>
          {/* Seen above, reached last: Tab leads from a question into its options. */}
          <div className={classes.size}>
            <TextSizeControl />
          </div>
        </div>
      </div>
      <div className={classes.keys}>
        <span className={cx(classes.hint, !keys && classes.off)}>
          <Kbd>1</Kbd>–<Kbd>4</Kbd> {t('exam.keysOptions')}
          <i aria-hidden /> <Kbd>←</Kbd> <Kbd>→</Kbd> {t('exam.keysMove')}
          <i aria-hidden /> <Kbd>M</Kbd> {t('exam.keysFlag')}
        </span>
        <Switch
          size="sm"
          label={t('exam.keysSwitch')}
          checked={keys}
          onChange={(event) => onKeys(event.currentTarget.checked)}
        />
      </div>
    </section>
  );
};
