import { Button } from '@mantine/core';
import {
  IconLock,
  IconLockOpen,
  IconMessage,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugOff,
  IconRotate360,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '#renderer/dashboard/live/live-context.ts';
import { CAMERA_EXEMPT } from '#renderer/dashboard/live/tile-state.ts';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import type { Command } from '#shared/wire/command.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './command-bar.module.css';
import { LatestCommand } from './command-road.tsx';
import { EndingDialog, mayBeEnded } from './ending-dialog.tsx';

type Action = 'ending' | 'message' | 'pause' | 'resume' | 'room-scan' | 'release' | 'close';

const SUGGESTIONS: Readonly<Record<Exclude<Action, 'ending'>, readonly string[]>> = {
  message: ['message.look', 'message.remove', 'message.coming'],
  pause: ['pause.device', 'pause.health', 'pause.check'],
  resume: ['resume.solved', 'resume.checked'],
  'room-scan': ['room-scan.voices', 'room-scan.movement', 'room-scan.random'],
  release: ['release.fault', 'release.change', 'release.evacuation'],
  close: ['close.identity', 'close.conduct', 'close.request'],
};

const commandOf = (action: Exclude<Action, 'ending'>, text: string): Command =>
  action === 'message' ? { type: action, text } : { type: action, reason: text };

/** What one can order this examinee's kiosk to do. */
export const CommandBar = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation('dashboard');
  const live = useLive();
  const [open, setOpen] = useState<Action | null>(null);
  const paused = tile.phase === 'paused';
  const closed = tile.phase === 'closed';
  const expected = tile.phase === 'expected';
  const running = tile.phase === 'in-progress';
  const online = tile.connection === 'online';

  const send = async (command: Command, key: string, cutOff = false) => {
    const order = { key, command, ...(cutOff ? { cutOff: true as const } : {}) };
    const problem = await live.send(tile.attemptId, order);
    if (problem === null) setOpen(null);
    return problem;
  };
  const form = (action: Exclude<Action, 'ending'>) => (
    <ReasonForm
      key={action}
      label={t(`${action}.label`)}
      explanation={t(`${action}.explanation`)}
      suggestions={SUGGESTIONS[action]}
      submit={t(`${action}.send`)}
      danger={action === 'close'}
      least={action === 'message' ? 1 : 3}
      onSend={(text, key) => send(commandOf(action, text), key)}
      onCancel={() => setOpen(null)}
    />
  );

  return (
    <div className={classes.bar}>
      <LatestCommand attemptId={tile.attemptId} />
      {open !== null && open !== 'close' && open !== 'ending' ? (
        form(open)
      ) : (
        <div className={classes.buttons}>
          <Button
            variant="default"
            disabled={expected}
            leftSection={<IconMessage size="1.125rem" aria-hidden />}
            onClick={() => setOpen('message')}
          >
            {t('message.open')}
          </Button>
          {paused ? (
            <Button
              leftSection={<IconPlayerPlay size="1.125rem" aria-hidden />}
              onClick={() => setOpen('resume')}
            >
              {t('resume.open')}
            </Button>
          ) : (
            <Button
              variant="default"
              disabled={!running}
              leftSection={<IconPlayerPause size="1.125rem" aria-hidden />}
              onClick={() => setOpen('pause')}
            >
              {t('pause.open')}
            </Button>
          )}
          <Button
            variant="default"
            disabled={
              !running || tile.roomScan || tile.examinee.accommodations.includes(CAMERA_EXEMPT)
            }
            leftSection={<IconRotate360 size="1.125rem" aria-hidden />}
            onClick={() => setOpen('room-scan')}
          >
            {t('room-scan.open')}
          </Button>
          <Button
            variant="default"
            disabled={closed || expected || tile.released}
            leftSection={<IconLockOpen size="1.125rem" aria-hidden />}
            onClick={() => setOpen('release')}
          >
            {t('release.open')}
          </Button>
          {mayBeEnded(tile) && (!online || closed) && (
            <Button
              className={classes.gone ?? ''}
              variant="default"
              leftSection={<IconPlugOff size="1.125rem" aria-hidden />}
              onClick={() => setOpen('ending')}
            >
              {t(online ? 'ending.openConnected' : 'ending.open')}
            </Button>
          )}
          {/* The one that nobody takes back: unlike its neighbours, and apart from them. */}
          <Button
            className={classes.end ?? ''}
            variant="default"
            disabled={closed || expected}
            leftSection={<IconLock size="1.125rem" aria-hidden />}
            onClick={() => setOpen('close')}
          >
            {t('close.open')}
          </Button>
        </div>
      )}
      <Dialog
        opened={open === 'close'}
        onClose={() => setOpen(null)}
        size="32rem"
        title={t('close.title', { name: tile.examinee.name, seat: tile.seat })}
      >
        {form('close')}
        {online && (
          // Of a machine that works nobody needs it; of one that hangs no order helps.
          <Button
            variant="subtle"
            mt="sm"
            leftSection={<IconPlugOff size="1.125rem" aria-hidden />}
            onClick={() => setOpen('ending')}
          >
            {t('ending.openConnected')}
          </Button>
        )}
      </Dialog>
      <EndingDialog
        tile={tile}
        opened={open === 'ending'}
        onSend={(ending, reason, key, cutOff) =>
          send({ type: 'close', reason, ending }, key, cutOff)
        }
        onClose={() => setOpen(null)}
      />
    </div>
  );
};
