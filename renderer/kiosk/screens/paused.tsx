import { IconClockPause, IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatSpan } from '#renderer/ui/time-format.ts';
import { useNow } from '../clock.ts';
import { useView } from '../kiosk-context.tsx';
import { timeLeft } from '../timer.ts';
import classes from './paused.module.css';
import { StaffExit } from './staff-exit.tsx';
import { StageFrame } from './stage-frame.tsx';

/** The proctor stopped the exam: why, and that nothing is lost. Questions are not shown meanwhile. */
export const PausedScreen = () => {
  const { t } = useTranslation('kiosk');
  const view = useView();
  const now = useNow();
  const left = timeLeft(view, now);
  const released = view.attempt?.released === true;
  return (
    <StageFrame title={t('paused.title')} footer={released ? undefined : <StaffExit />}>
      <section className={classes.card}>
        <IconPlayerPause size="3rem" stroke={1.5} className={classes.icon} aria-hidden />
        <div className={classes.words}>
          {view.attempt?.pauseReason != null && (
            <div className={classes.reason}>
              <div>{t(released ? 'paused.releasedReason' : 'paused.reason')}</div>
              <strong>{view.attempt.pauseReason}</strong>
            </div>
          )}
          <p>{t(released ? 'paused.released' : 'paused.text')}</p>
        </div>
        {left !== null && (
          <div className={classes.left}>
            <span>
              <IconClockPause size="1.25rem" aria-hidden />
              {t('paused.frozen')}
            </span>
            <strong>{formatSpan(left)}</strong>
          </div>
        )}
      </section>
    </StageFrame>
  );
};
