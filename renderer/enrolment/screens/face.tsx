import { Button, Loader } from '@mantine/core';
import {
  IconArrowsMaximize,
  IconBulb,
  IconCircleCheck,
  IconEye,
  IconFocusCentered,
  IconHandStop,
  IconRefresh,
  IconUserOff,
  IconUsers,
} from '@tabler/icons-react';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { PersonOutline } from '#renderer/ui/person-outline.tsx';
import type { CaptureAdvice } from '#shared/identity/capture-quality.ts';
import { CAPTURES } from '#shared/wire/enrolment.ts';
import { useEnrolment, useEnrolmentState } from '../enrolment-context.tsx';
import { type FaceRunState, startFaceRun, type TakenFaces } from '../face-run.ts';
import classes from './camera.module.css';
import { CameraFault } from './camera-fault.tsx';
import { Frame } from './frame.tsx';
import { usePicture } from './use-picture.ts';

const ICONS: Readonly<Record<CaptureAdvice, ComponentType<{ size?: number | string }>>> = {
  nobody: IconUserOff,
  'two-people': IconUsers,
  'move-closer': IconArrowsMaximize,
  centre: IconFocusCentered,
  'more-light': IconBulb,
  'look-ahead': IconEye,
  'hold-still': IconHandStop,
};

const Progress = ({ count }: { count: number }) => {
  const { t } = useTranslation('enrolment');
  return (
    <div className={classes.progress}>
      <div className={classes.number}>{t('face.count', { count, of: CAPTURES.most })}</div>
      <div className={classes.bars} aria-hidden>
        {Array.from({ length: CAPTURES.most }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: five places that never move
          <span key={at} className={cx(classes.bar, at < count && classes.full)} />
        ))}
      </div>
    </div>
  );
};

const Say = ({ state }: { state: Exclude<FaceRunState, { phase: 'fault' }> }) => {
  const { t } = useTranslation('enrolment');
  if (state.phase === 'starting') {
    const percent = Math.round((state.progress ?? 0) * 100);
    return (
      <div className={classes.advice} role="status">
        <Loader size="2.25rem" aria-hidden />
        <div className={classes.words}>
          <div className={classes.say}>{t('face.starting')}</div>
          <p>{t(percent === 0 ? 'face.startingDetail' : 'face.loading', { percent })}</p>
        </div>
      </div>
    );
  }
  const { advice, count } = state;
  const Icon = advice === null ? IconCircleCheck : ICONS[advice];
  return (
    <div
      className={cx(classes.advice, advice === null ? classes.fine : classes.look)}
      data-advice={advice ?? 'good'}
    >
      <Icon size="2.25rem" aria-hidden />
      <div className={classes.words} role="status">
        <div className={classes.say}>
          {t(advice === null ? 'face.good' : `face.advice.${advice}`)}
        </div>
        <p>{t(advice === null ? 'face.goodDetail' : `face.detail.${advice}`)}</p>
      </div>
      <Progress count={count} />
      <div className="visually-hidden" role="status">
        {count > 0 ? t('face.counted', { count, of: CAPTURES.most }) : ''}
      </div>
    </div>
  );
};

/** Good frames are taken by themselves; the person only has to sit there, alone. */
export const FaceScreen = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const face = useEnrolmentState((state) => state.draft.face);
  /** Taken in this run, but not yet all of them. */
  const [partial, setPartial] = useState<TakenFaces | null>(null);
  const back = () => enrolment.go('consent');
  const goOn = (taken: TakenFaces) => {
    enrolment.keep({ face: taken });
    enrolment.go('document');
  };
  return (
    <Frame
      step="face"
      title={t('face.title')}
      lead={t('face.lead')}
      onBack={back}
      footer={
        face !== null ? (
          <>
            <Button
              variant="default"
              size="md"
              leftSection={<IconRefresh size="1.125rem" aria-hidden />}
              onClick={() => {
                setPartial(null);
                enrolment.keep({ face: null });
              }}
            >
              {t('face.again')}
            </Button>
            <Button size="md" onClick={() => goOn(face)}>
              {t('continue')}
            </Button>
          </>
        ) : (
          partial !== null && (
            <Button variant="default" size="md" onClick={() => goOn(partial)}>
              {t('face.enough', { count: partial.captures.length })}
            </Button>
          )
        )
      }
    >
      {face === null ? (
        <Live
          onTaken={(taken, complete) => {
            if (complete) enrolment.keep({ face: taken });
            else setPartial(taken);
          }}
        />
      ) : (
        <Taken face={face} />
      )}
    </Frame>
  );
};

const Live = ({ onTaken }: { onTaken: (taken: TakenFaces, complete: boolean) => void }) => {
  const { t } = useTranslation('enrolment');
  const { feed } = useEnrolment();
  const [state, setState] = useState<FaceRunState>({ phase: 'starting', progress: null });
  const [turn, setTurn] = useState(0);
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef(onTaken);
  told.current = onTaken;

  useEffect(() => (video.current === null ? undefined : feed.show(video.current)), [feed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn is another try
  useEffect(() => {
    const run = startFaceRun({
      feed,
      onState: setState,
      onTaken: (taken, complete) => told.current(taken, complete),
    });
    return () => run.stop();
  }, [feed, turn]);

  const good = state.phase === 'looking' && state.advice === null;
  return (
    <div className={classes.stage}>
      <div className={cx(classes.picture, classes.mirror)}>
        <video ref={video} muted playsInline aria-label={t('face.preview')} />
        <PersonOutline good={good} />
      </div>
      {state.phase === 'fault' ? (
        <CameraFault fault={state.fault} onRetry={() => setTurn(turn + 1)} />
      ) : (
        <Say state={state} />
      )}
    </div>
  );
};

const Taken = ({ face }: { face: TakenFaces }) => {
  const { t } = useTranslation('enrolment');
  const portrait = usePicture(face.portrait);
  return (
    <div className={classes.stage}>
      <div className={cx(classes.picture, classes.whole)}>
        {portrait !== null && <img src={portrait} alt={t('face.portrait')} />}
      </div>
      <div className={cx(classes.advice, classes.fine)} data-advice="complete">
        <IconCircleCheck size="2.25rem" aria-hidden />
        <div className={classes.words} role="status">
          <div className={classes.say}>{t('face.complete')}</div>
          <p>{t('face.completeDetail')}</p>
        </div>
        <Progress count={face.captures.length} />
      </div>
    </div>
  );
};
