import { Button, Progress } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { formatSpan } from '#renderer/ui/time-format.ts';
import type { RoomScanView } from '#shared/ports/kiosk-host.port.ts';
import { useNow } from '../../clock.ts';
import { useAction, useKiosk, useKioskState, useView } from '../../kiosk-context.tsx';
import { timeLeft } from '../../timer.ts';
import { CountdownRing } from '../countdown-ring.tsx';
import { CameraFaultText, Mirror } from '../mirror.tsx';
import { StaffExit } from '../staff-exit.tsx';
import { StageFrame } from '../stage-frame.tsx';
import classes from './room-scan.module.css';
import { SCAN_STEPS, ScanDrawing, scanStep } from './scan-steps.tsx';

/** That nothing runs away meanwhile. */
const Stopped = () => {
  const { t } = useTranslation('kiosk');
  const view = useView();
  const left = timeLeft(view, useNow());
  return (
    <div className={classes.stopped}>
      <IconClockPause size="1.5rem" aria-hidden />
      <span>{t('roomScan.stopped')}</span>
      {left !== null && <strong>{formatSpan(left)}</strong>}
    </div>
  );
};

/** Not showing it is a choice, and goes on record: asked twice. */
const Refuse = () => {
  const { t } = useTranslation('kiosk');
  const { running, problem, run } = useAction();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="lg" onClick={() => setOpen(true)}>
        {t('roomScan.refuse.open')}
      </Button>
      <Dialog opened={open} onClose={() => setOpen(false)} title={t('roomScan.refuse.title')}>
        <p>{t('roomScan.refuse.text')}</p>
        <p>{t('roomScan.refuse.instead')}</p>
        <ProblemText problem={problem} />
        <DialogActions>
          <Button variant="default" size="lg" onClick={() => setOpen(false)} data-autofocus>
            {t('roomScan.refuse.back')}
          </Button>
          <Button
            size="lg"
            loading={running}
            onClick={() => void run({ type: 'refuse-room-scan' })}
          >
            {t('roomScan.refuse.send')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
};

const Asked = ({ scan }: { scan: RoomScanView }) => {
  const { t } = useTranslation('kiosk');
  return (
    <>
      <section className={classes.why}>
        <div>
          <div className={classes.from}>{t('roomScan.from', { from: scan.from })}</div>
          <strong>{scan.reason}</strong>
        </div>
        <Stopped />
      </section>
      <ol className={classes.steps} aria-label={t('roomScan.stepsLabel')}>
        {SCAN_STEPS.map((step) => (
          <li key={step}>
            <ScanDrawing step={step} />
            <span>{t(`roomScan.steps.${step}`)}</span>
          </li>
        ))}
      </ol>
    </>
  );
};

const Running = ({ scan }: { scan: RoomScanView }) => {
  const { t } = useTranslation('kiosk');
  const step = scanStep(scan.taken, scan.wanted);
  const say = t(`roomScan.now.${step}`);
  return (
    <div className={classes.stage}>
      <Mirror label={t('roomScan.preview')} mirrored={false} />
      <div className={classes.card}>
        <div role="status" className="visually-hidden">
          {say}
        </div>
        <ScanDrawing step={step} />
        <h2 className={classes.say} data-scan-step={step}>
          {say}
        </h2>
        <p>{t('roomScan.slowly')}</p>
        <div className={classes.progress}>
          <span id="room-scan-progress">
            {t('roomScan.taken', { taken: scan.taken, wanted: scan.wanted })}
          </span>
          <Progress.Root size="0.75rem" radius="xl">
            <Progress.Section
              value={scan.wanted === 0 ? 0 : (100 * scan.taken) / scan.wanted}
              aria-labelledby="room-scan-progress"
            />
          </Progress.Root>
        </div>
        <Stopped />
      </div>
    </div>
  );
};

/** The proctor asked to see the room (Art. 26f). The exam stands still; nothing is hurried. */
export const RoomScanScreen = ({ scan }: { scan: RoomScanView }) => {
  const { t } = useTranslation(['kiosk', 'common']);
  const { duty } = useKiosk();
  const faulty = useKioskState((state) => state.camera.status === 'fault');
  const { running, problem, run } = useAction();
  const asked = scan.stage === 'asked';
  return (
    <StageFrame
      part={scan.stage}
      wide
      title={t(asked ? 'roomScan.title' : 'roomScan.runningTitle')}
      lead={t(asked ? 'roomScan.lead' : 'roomScan.runningLead')}
      footer={
        <>
          <StaffExit />
          <div className={cx(classes.left)}>
            <CountdownRing key={scan.stage} endsAt={scan.endsAt} />
            <span>{t(asked ? 'roomScan.timeToBegin' : 'roomScan.timeToEnd')}</span>
          </div>
          <Refuse />
          {asked && faulty && (
            <Button variant="default" size="lg" onClick={() => duty.retry()}>
              {t('common:retry')}
            </Button>
          )}
          {asked && (
            <Button
              size="lg"
              loading={running}
              onClick={() => void run({ type: 'begin-room-scan' })}
            >
              {t('roomScan.begin')}
            </Button>
          )}
        </>
      }
    >
      <ProblemText problem={problem} />
      <CameraFaultText />
      {asked ? <Asked scan={scan} /> : <Running scan={scan} />}
    </StageFrame>
  );
};
