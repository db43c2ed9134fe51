import { Button, Loader } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconEyeOff,
  IconInfoCircle,
  IconRefresh,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { isConnectionCause } from '#shared/kernel/connection-fault.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { useAction, useKiosk, useKioskState, useView } from '../kiosk-context.tsx';
import { deviceVerdict, loadingPercent } from '../selectors.ts';
import { CarriedNote } from './carried-note.tsx';
import classes from './device-check.module.css';
import { StageFrame } from './stage-frame.tsx';

/** The page knows best why its own camera failed; the host only sees that no picture comes. */
const useRequirements = (): readonly Requirement[] => {
  const { requirements } = useView();
  const camera = useKioskState((state) => state.camera);
  if (camera.status !== 'fault') return requirements;
  return requirements.map((line) =>
    line.id === 'camera' && line.outcome !== 'not-watched'
      ? { ...line, outcome: 'failed', cause: camera.fault }
      : line,
  );
};

/** What holds the examinee up stands where it is seen without scrolling: first what failed, then what is still awaited. */
const RANK: Readonly<Record<Requirement['outcome'], number>> = {
  failed: 0,
  pending: 1,
  ok: 2,
  'not-watched': 2,
};
const rank = (line: Requirement): number =>
  line.outcome === 'failed' && !line.blocks ? 2 : RANK[line.outcome];
const inOrder = (lines: readonly Requirement[]): readonly Requirement[] =>
  [...lines].sort((a, b) => rank(a) - rank(b));

const look = (line: Requirement) => {
  if (line.outcome === 'ok') return { icon: <IconCircleCheck aria-hidden />, tone: classes.ok };
  if (line.outcome === 'pending') return { icon: <Loader size="1.25rem" aria-hidden />, tone: '' };
  if (line.outcome === 'not-watched') return { icon: <IconEyeOff aria-hidden />, tone: '' };
  return line.blocks
    ? { icon: <IconAlertTriangle aria-hidden />, tone: classes.failed }
    : { icon: <IconInfoCircle aria-hidden />, tone: classes.mild };
};

const Line = ({ line }: { line: Requirement }) => {
  const { t } = useTranslation(['kiosk', 'connection']);
  const percent = useKioskState(loadingPercent);
  const { icon, tone } = look(line);
  const at = `device.lines.${line.id}`;
  const cause = line.cause ?? 'any';
  const fault =
    line.id === 'server' && isConnectionCause(cause) ? `connection:cause.${cause}` : null;
  const outcome = line.outcome === 'failed' && !line.blocks ? 'failedMild' : line.outcome;
  return (
    <li className={cx(classes.line, tone)}>
      <span className={classes.icon}>{icon}</span>
      <div className={classes.words}>
        <div className={classes.name}>{t(`${at}.name`)}</div>
        {line.outcome === 'failed' ? (
          <>
            <div>
              {fault === null ? t([`${at}.wrong.${cause}`, `${at}.wrong.any`]) : t(`${fault}.what`)}
            </div>
            {line.names !== undefined && line.names.length > 0 && (
              <div>
                <strong>{line.names.join(', ')}</strong>
              </div>
            )}
            <div className={classes.mend}>
              {fault === null ? t([`${at}.mend.${cause}`, `${at}.mend.any`]) : t(`${fault}.mend`)}
            </div>
          </>
        ) : (
          <div className={classes.fine}>
            {line.outcome === 'not-watched'
              ? t('device.notWatched')
              : line.id === 'camera' && line.outcome === 'pending' && percent !== null
                ? t('device.lines.camera.loading', { percent })
                : t(`${at}.${line.outcome}`)}
          </div>
        )}
      </div>
      <span className={classes.outcome}>{t(`device.outcome.${outcome}`)}</span>
    </li>
  );
};

/** One line per requirement: what it is, how it stands, what is wrong and how to mend it (Art. 26, 29). */
export const DeviceCheckScreen = () => {
  const { t } = useTranslation('kiosk');
  const { duty } = useKiosk();
  const requirements = useRequirements();
  const again = useAction();
  const onward = useAction();
  const verdict = deviceVerdict(requirements);
  const asked = useRef(false);

  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    if (requirements.length === 0) void again.run({ type: 'check-device' });
  }, [requirements.length, again.run]);

  const recheck = () => {
    void again.run({ type: 'check-device' });
    duty.retry();
  };
  const summary = {
    ready: t('device.ready'),
    waiting: t('device.waiting'),
    blocked: t('device.blocked', { count: verdict.failed }),
  }[verdict.state];

  return (
    <StageFrame
      step="device-check"
      wide
      title={t('device.title')}
      lead={t('device.text')}
      footer={
        <>
          <div className={classes.summary} role="status">
            {summary}
          </div>
          <Button
            variant="default"
            size="lg"
            leftSection={<IconRefresh size="1.25rem" />}
            loading={again.running}
            onClick={recheck}
          >
            {t('device.again')}
          </Button>
          <Button
            size="lg"
            disabled={verdict.state !== 'ready'}
            loading={onward.running}
            onClick={() => void onward.run({ type: 'accept-device' })}
          >
            {t('device.continue')}
          </Button>
        </>
      }
    >
      <ProblemText problem={onward.problem ?? again.problem} />
      <CarriedNote />
      {requirements.length === 0 ? (
        <p className={classes.empty}>
          <Loader size="sm" aria-hidden /> {t('device.checking')}
        </p>
      ) : (
        <ul className={classes.list}>
          {inOrder(requirements).map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ul>
      )}
    </StageFrame>
  );
};
