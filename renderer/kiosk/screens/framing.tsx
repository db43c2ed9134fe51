import { Button, Loader, Progress } from '@mantine/core';
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconBulb,
  IconCameraOff,
  IconCircleCheck,
  IconEye,
  IconFocusCentered,
  IconUserOff,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { PersonOutline } from '#renderer/ui/person-outline.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import type { FramingAdvice } from '#shared/incident/framing-advice.ts';
import { useAction, useKiosk, useKioskState } from '../kiosk-context.tsx';
import { loadingPercent } from '../selectors.ts';
import type { CameraStatus } from '../store.ts';
import { CameraPicker } from './camera-picker.tsx';
import classes from './framing.module.css';
import { Mirror } from './mirror.tsx';
import { StageFrame } from './stage-frame.tsx';

/** How long the picture must be good without a break, ms. */
const HOLD_MS = 2_000;

const ICONS: Readonly<Record<FramingAdvice, ComponentType<{ size?: number | string }>>> = {
  ok: IconCircleCheck,
  'no-camera': IconCameraOff,
  nobody: IconUserOff,
  'two-people': IconUsers,
  'move-closer': IconArrowsMaximize,
  'move-back': IconArrowsMinimize,
  centre: IconFocusCentered,
  'more-light': IconBulb,
  'look-ahead': IconEye,
};

const Advice = ({ camera }: { camera: CameraStatus }) => {
  const { t } = useTranslation('kiosk');
  const percent = useKioskState(loadingPercent);
  if (camera.status === 'fault') {
    return (
      <div className={cx(classes.advice, classes.look)} role="alert">
        <IconCameraOff size="2.25rem" aria-hidden />
        <div className={classes.words}>
          <div className={classes.say}>{t(`framing.fault.${camera.fault}`)}</div>
          <p>{t(`framing.faultDetail.${camera.fault}`)}</p>
        </div>
      </div>
    );
  }
  const advice = camera.status === 'on' ? camera.advice : null;
  if (advice === null && percent !== null) {
    return (
      <div className={classes.advice}>
        <Loader size="2.25rem" aria-hidden />
        <div className={classes.words}>
          {/* What is read aloud does not change with every percent; the bar has its own value. */}
          <div role="status">
            <div className={classes.say}>{t('framing.loading')}</div>
            <p>{t('framing.loadingDetail')}</p>
          </div>
          <div className={classes.loading}>
            <Progress
              className={classes.bar}
              size="0.75rem"
              radius="xl"
              value={percent}
              transitionDuration={150}
              aria-label={t('framing.loading')}
            />
            <span aria-hidden>{t('framing.loadingShare', { percent })}</span>
          </div>
        </div>
      </div>
    );
  }
  if (advice === null) {
    return (
      <div className={classes.advice} role="status">
        <Loader size="2.25rem" aria-hidden />
        <div className={classes.words}>
          <div className={classes.say}>{t('framing.starting')}</div>
          <p>{t('framing.startingDetail')}</p>
        </div>
      </div>
    );
  }
  const Icon = ICONS[advice];
  return (
    <div
      className={cx(classes.advice, advice === 'ok' ? classes.fine : classes.look)}
      role="status"
    >
      <Icon size="2.25rem" aria-hidden />
      <div className={classes.words}>
        <div className={classes.say}>{t(`framing.advice.${advice}`)}</div>
        <p>{t(`framing.detail.${advice}`)}</p>
      </div>
    </div>
  );
};

/** Full face and part of the torso (Art. 25c, 27): a mirror, an outline and plain advice. */
export const FramingScreen = () => {
  const { t } = useTranslation(['kiosk', 'common']);
  const { duty } = useKiosk();
  const camera = useKioskState((state) => state.camera);
  const { running, problem, run } = useAction();

  const good = camera.status === 'on' && camera.advice === 'ok';
  const ready = good && camera.okForMs >= HOLD_MS;

  return (
    <StageFrame
      step="framing"
      wide
      title={t('framing.title')}
      lead={t('framing.text')}
      footer={
        <>
          <div className={classes.hold} id="framing-hold">
            {t(ready ? 'framing.ready' : good ? 'framing.hold' : 'framing.notYet')}
          </div>
          {camera.status === 'fault' && (
            <Button variant="default" size="lg" onClick={() => duty.retry()}>
              {t('common:retry')}
            </Button>
          )}
          <Button
            size="lg"
            aria-disabled={!ready}
            {...(ready ? {} : { 'data-disabled': true })}
            aria-describedby="framing-hold"
            loading={running}
            onClick={() => {
              if (ready && !running) void run({ type: 'confirm-framing' });
            }}
          >
            {t('framing.continue')}
          </Button>
        </>
      }
    >
      <ProblemText problem={problem} />
      <div className={classes.stage}>
        <Mirror label={t('framing.preview')}>
          <PersonOutline good={good} />
        </Mirror>
        <div className={classes.side}>
          <Advice camera={camera} />
          <CameraPicker />
        </div>
      </div>
    </StageFrame>
  );
};
