import { Button } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconFlag, IconFlagFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './exam-footer.module.css';
import type { ExamControls } from './use-exam.ts';

/** Always in the same place: back, flag, on, and the end of the exam. */
export const ExamFooter = ({
  exam,
  total,
  onFinish,
}: {
  exam: ExamControls;
  total: number;
  onFinish: () => void;
}) => {
  const { t } = useTranslation('kiosk');
  const last = exam.index === total - 1;
  return (
    <footer className={classes.footer}>
      <div className={classes.moves}>
        <Button
          variant="default"
          size="lg"
          leftSection={<IconArrowLeft size="1.25rem" />}
          disabled={exam.index === 0}
          onClick={() => exam.goTo(exam.index - 1)}
        >
          {t('exam.previous')}
        </Button>
        <Button
          variant="default"
          size="lg"
          w="17.5rem"
          aria-pressed={exam.flagged}
          leftSection={
            exam.flagged ? (
              <IconFlagFilled size="1.25rem" color="var(--mantine-color-amber-6)" />
            ) : (
              <IconFlag size="1.25rem" />
            )
          }
          onClick={exam.toggleFlag}
        >
          {t(exam.flagged ? 'exam.unflag' : 'exam.flag')}
        </Button>
        <Button
          size="lg"
          className={classes.next ?? ''}
          variant={last ? 'default' : 'filled'}
          rightSection={<IconArrowRight size="1.25rem" />}
          disabled={last}
          onClick={() => exam.goTo(exam.index + 1)}
        >
          {t('exam.next')}
        </Button>
      </div>
      <div className={classes.end}>
        <Button size="lg" fullWidth variant={last ? 'filled' : 'default'} onClick={onFinish}>
          {t('exam.finish')}
        </Button>
      </div>
    </footer>
  );
};
