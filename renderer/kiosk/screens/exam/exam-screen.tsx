import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { Form } from '#shared/exam/ticket.ts';
import { useView } from '../../kiosk-context.tsx';
import { ExamBar } from './exam-bar.tsx';
import { ExamFooter } from './exam-footer.tsx';
import classes from './exam-screen.module.css';
import { ExamSide } from './exam-side.tsx';
import { FinishDialog } from './finish-dialog.tsx';
import { InstructionsDialog } from './instructions-dialog.tsx';
import { QuestionPane } from './question-pane.tsx';
import { intentOf } from './shortcuts.ts';
import { type ExamControls, useExam } from './use-exam.ts';

type Dialog = 'finish' | 'instructions' | null;

/** Keys work anywhere on the screen except where they already mean something: text fields and dialogs. */
const useShortcuts = (exam: ExamControls, enabled: boolean): void => {
  useEffect(() => {
    if (!enabled) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || target?.closest('textarea, [data-own-keys]')) return;
      const intent = intentOf(event);
      if (intent === null) return;
      event.preventDefault();
      if (intent.do === 'previous') exam.goTo(exam.index - 1);
      if (intent.do === 'next') exam.goTo(exam.index + 1);
      if (intent.do === 'flag') exam.toggleFlag();
      if (intent.do === 'choose') {
        const option = exam.question.options[intent.option];
        if (option !== undefined) exam.choose(option.id);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
};

const Exam = ({
  form,
  attempt,
  covered,
}: {
  form: Form;
  attempt: AttemptState;
  covered: boolean;
}) => {
  const exam = useExam(form, attempt);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [keys, setKeys] = useState(true);
  useShortcuts(exam, keys && dialog === null && !covered);
  const close = () => setDialog(null);

  return (
    <div className={classes.page}>
      <ExamBar onInstructions={() => setDialog('instructions')} />
      <main className={classes.body}>
        <QuestionPane
          key={exam.question.id}
          exam={exam}
          total={form.questions.length}
          keys={keys}
          onKeys={setKeys}
        />
        <ExamSide exam={exam} />
      </main>
      <ExamFooter exam={exam} total={form.questions.length} onFinish={() => setDialog('finish')} />
      <InstructionsDialog opened={dialog === 'instructions' && !covered} onClose={close} />
      <FinishDialog
        opened={dialog === 'finish' && !covered}
        exam={exam}
        onClose={close}
        onGoTo={(index) => {
          close();
          exam.goTo(index);
        }}
      />
    </div>
  );
};

/**
 * The exam: one question at a time, everything else at the edge.
 * @param covered a notice lies over the screen, so keys and other dialogs wait.
 */
export const ExamScreen = ({ covered }: { covered: boolean }) => {
  const { t } = useTranslation('kiosk');
  const { form, attempt } = useView();
  if (attempt === null) return null;
  if (form === null) {
    return (
      <main className={classes.loading}>
        <Loader size="md" aria-hidden />
        <h1>{t('exam.loadingForm')}</h1>
        <p role="status">{t('exam.loadingFormDetail')}</p>
      </main>
    );
  }
  return <Exam key={form.attemptId} form={form} attempt={attempt} covered={covered} />;
};
