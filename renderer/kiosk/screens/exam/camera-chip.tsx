import { IconCamera, IconCameraOff, IconCameraPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StateChip } from '#renderer/ui/state-chip.tsx';
import { useNow } from '../../clock.ts';
import { useKioskState, useView } from '../../kiosk-context.tsx';
import { cameraWanted } from '../../selectors.ts';
import classes from './exam-side.module.css';

/** After the gate: since when the camera will count, or what is still missing for it. */
const GateLine = () => {
  const { t } = useTranslation('kiosk');
  const { attempt, cameraCountsAt } = useView();
  const now = useNow();
  if (attempt?.gate == null) return null;
  const seconds =
    cameraCountsAt === null ? 0 : Math.max(1, Math.ceil((cameraCountsAt - now) / 1_000));
  return (
    <div className={classes.line} data-gate={cameraCountsAt === null ? 'picture' : 'grace'}>
      <StateChip tone={cameraCountsAt === null ? 'look' : 'quiet'} icon={IconCameraPause}>
        {cameraCountsAt === null ? t('gate.noPicture') : t('gate.countsIn', { seconds })}
      </StateChip>
    </div>
  );
};

/** What the camera shows and what would be better, and whether it counts already. */
export const CameraChip = () => {
  const { t } = useTranslation('kiosk');
  const camera = useKioskState((state) => state.camera);
  const wanted = useKioskState((state) => cameraWanted(state.view));
  if (!wanted) return null;
  const advice = camera.status === 'on' ? (camera.advice ?? 'ok') : camera.status;
  const word = advice === 'no-camera' ? 'fault' : advice;
  const blind = word === 'fault' || word === 'off';
  return (
    <>
      <div className={classes.line}>
        <StateChip
          tone={word === 'ok' ? 'ok' : word === 'starting' ? 'quiet' : 'look'}
          icon={blind ? IconCameraOff : IconCamera}
        >
          {t(`cameraState.${word}`)}
        </StateChip>
      </div>
      <GateLine />
    </>
  );
};
