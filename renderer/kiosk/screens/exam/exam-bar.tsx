import { Button } from '@mantine/core';
import { IconAlertOctagon, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Mark } from '#renderer/ui/mark.tsx';
import { StateChip } from '#renderer/ui/state-chip.tsx';
import { useView } from '../../kiosk-context.tsx';
import { countOf } from '../../selectors.ts';
import { StaffExit } from '../staff-exit.tsx';
import classes from './exam-bar.module.css';
import { ExamTimer } from './exam-timer.tsx';
import { WarningBanner } from './warning-banner.tsx';

/** Above the question: what exam this is, or for the moment what needs mending; the count; the time. */
export const ExamBar = ({ onInstructions }: { onInstructions: () => void }) => {
  const { t } = useTranslation('kiosk');
  const view = useView();
  const { standing: count, limit } = countOf(view);
  return (
    <header className={classes.bar}>
      <div className={classes.title}>
        <Mark size={1.75} />
        <div className={classes.words}>
          <div className={classes.exam}>{view.ticket?.exam.title}</div>
          <div className={classes.who}>{view.ticket?.examinee.name}</div>
        </div>
      </div>
      <WarningBanner warnings={view.warnings} />
      <div className={classes.edge}>
        {count > 0 && (
          <StateChip tone="alarm" icon={IconAlertOctagon} className={classes.count}>
            {t('exam.copyAttempts', { count, limit })}
          </StateChip>
        )}
        <StaffExit compact />
        <Button
          variant="subtle"
          color="ink.7"
          leftSection={<IconInfoCircle size="1.25rem" />}
          onClick={onInstructions}
        >
          {t('exam.instructions')}
        </Button>
      </div>
      <ExamTimer view={view} />
    </header>
  );
};
