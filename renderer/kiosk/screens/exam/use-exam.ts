import { useCallback, useEffect, useState } from 'react';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { Form, FormQuestion } from '#shared/exam/ticket.ts';
import { useKiosk, useKioskState } from '../../kiosk-context.tsx';
import { chosenOptions, currentIndex } from '../../selectors.ts';

/** One question as the overview and the finish dialog know it. */
export interface QuestionMark {
  readonly number: number;
  readonly answered: boolean;
  readonly flagged: boolean;
}

export interface ExamControls {
  readonly index: number;
  readonly question: FormQuestion;
  readonly chosen: readonly string[];
  readonly flagged: boolean;
  readonly marks: readonly QuestionMark[];
  goTo(index: number): void;
  /** Single choice: takes this one. Multiple choice: takes or drops it. */
  choose(optionId: string): void;
  toggleFlag(): void;
}

/**
 * What a person can do in the exam, on top of the host's view. The place in the exam is shown at once
 * and recorded through the host, so that a restart comes back to the same question.
 */
export const useExam = (form: Form, attempt: AttemptState): ExamControls => {
  const { host, store } = useKiosk();
  const drafts = useKioskState((state) => state.drafts);
  const [index, setIndex] = useState(() => currentIndex(form, attempt));
  const question = form.questions[index] ?? form.questions[0];
  if (question === undefined) throw new Error('The form has no questions');

  const visited = attempt.questionId !== null;
  const first = form.questions[0]?.id;
  useEffect(() => {
    if (!visited && first !== undefined) void host.perform({ type: 'visit', questionId: first });
  }, [visited, first, host]);

  const goTo = useCallback(
    (next: number) => {
      const target = form.questions[next];
      if (target === undefined) return;
      setIndex(next);
      void host.perform({ type: 'visit', questionId: target.id });
    },
    [form, host],
  );

  const chosen = chosenOptions(attempt, drafts, question.id);
  const flagged = attempt.flagged[question.id] === true;

  return {
    index,
    question,
    chosen,
    flagged,
    marks: form.questions.map(({ id }, at) => ({
      number: at + 1,
      answered: chosenOptions(attempt, drafts, id).length > 0,
      flagged: attempt.flagged[id] === true,
    })),
    goTo,
    choose: (optionId) => {
      const next =
        question.type === 'single'
          ? [optionId]
          : question.options
              .map(({ id }) => id)
              .filter((id) => (id === optionId) !== chosen.includes(id));
      void store.answer(question.id, next);
    },
    toggleFlag: () =>
      void host.perform({ type: 'flag', questionId: question.id, flagged: !flagged }),
  };
};
