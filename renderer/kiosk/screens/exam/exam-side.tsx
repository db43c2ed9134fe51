import {
  IconAlertTriangle,
  IconCloudCheck,
  IconCloudOff,
  IconDeviceFloppy,
  IconDeviceLaptop,
  IconLoader2,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StateChip } from '#renderer/ui/state-chip.tsx';
import { useKioskState } from '../../kiosk-context.tsx';
import { type SavedState, savedState } from '../../saved-state.ts';
import { ConnectionChip } from '../connection/connection-chip.tsx';
import { HostProblem } from '../host-problem.tsx';
import { CameraChip } from './camera-chip.tsx';
import classes from './exam-side.module.css';
import { Overview } from './overview.tsx';
import type { ExamControls } from './use-exam.ts';

const SAVED_ICONS = {
  none: IconDeviceFloppy,
  saving: IconLoader2,
  device: IconDeviceLaptop,
  server: IconCloudCheck,
  later: IconCloudOff,
  failed: IconAlertTriangle,
} as const satisfies Record<SavedState, unknown>;

const SavedChip = () => {
  const { t } = useTranslation(['kiosk', 'problems']);
  const saved = useKioskState(savedState);
  const code = useKioskState((state) => state.answerProblem?.code);
  const quiet = saved === 'none' || saved === 'saving';
  return (
    <div className={classes.line} data-saved={saved}>
      <StateChip
        tone={saved === 'failed' ? 'look' : quiet ? 'quiet' : 'ok'}
        icon={SAVED_ICONS[saved]}
      >
        {t(`saved.${saved}`)}
      </StateChip>
      <div role="alert" className={classes.problem}>
        {code === undefined ? '' : t(`problems:${code}`)}
      </div>
    </div>
  );
};

/** The edge of the exam: the overview, and below it what is quietly all right until it is not. */
export const ExamSide = ({ exam }: { exam: ExamControls }) => (
  <aside className={classes.side}>
    <Overview exam={exam} />
    <div className={classes.states}>
      <HostProblem />
      <SavedChip />
      <div className={classes.line}>
        <ConnectionChip />
      </div>
      <CameraChip />
    </div>
  </aside>
);
