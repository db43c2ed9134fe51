import { IconAlertOctagon } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { STATE_ICON } from '#renderer/dashboard/live/icons.ts';
import { useDerived, useRoom } from '#renderer/dashboard/live/live-context.ts';
import {
  type Attention,
  attentionOf,
  stateOf,
  stateTone,
  tileTone,
} from '#renderer/dashboard/live/tile-state.ts';
import { useClock } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatSpan } from '#renderer/ui/time-format.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import { useOpenAttempt } from './open-attempt.ts';
import classes from './tile.module.css';
import { TileNote } from './tile-note.tsx';
import { TileSignals } from './tile-signals.tsx';

/** Nothing is counted before the exam runs, and a row of zeros hides the ones that are. */
const BEFORE_START: ReadonlySet<Tile['phase']> = new Set([
  'expected',
  'device-check',
  'rules',
  'framing',
  'identity',
  'waiting',
]);

/** Reasons as one plain value, so that a tile is drawn again only when they change. */
const useAttention = (attemptId: string): readonly Attention[] => {
  const joined = useDerived((room, now) => {
    const tile = room.tiles[attemptId];
    return tile === undefined
      ? ''
      : attentionOf(tile, room.objections[attemptId] ?? 0, now).join(' ');
  });
  return joined === '' ? [] : (joined.split(' ') as Attention[]);
};

/** Time left; stands still while the exam does. */
export const TimeLeft = ({ tile, className }: { tile: Tile; className?: string | undefined }) => {
  const { t } = useTranslation('dashboard');
  const text = useClock((now) => {
    // A closed exam has nobody who could still use it.
    if (tile.phase === 'closed') return '';
    if (tile.endsAt !== null) return formatSpan(tile.endsAt - now);
    return tile.frozenRemainingMs === null ? '' : formatSpan(tile.frozenRemainingMs);
  });
  return (
    <span className={className} title={t('tile.timeLeft')} data-frozen={tile.endsAt === null}>
      {text !== '' && <span className="visually-hidden">{t('tile.timeLeft')} </span>}
      {text}
    </span>
  );
};

/** n of 3 once there can be one: red from the first one on, and never for anything else. */
export const Strikes = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation('dashboard');
  if (tile.copyAttempts === 0 && BEFORE_START.has(tile.phase)) {
    return <span className={classes.strikes} />;
  }
  return (
    <span className={classes.strikes} data-some={tile.copyAttempts > 0}>
      {tile.copyAttempts > 0 && <IconAlertOctagon size="0.875em" stroke={2.25} aria-hidden />}
      <span className="visually-hidden"> {t('tile.strikes')} </span>
      {tile.copyAttempts}/{tile.copyAttemptLimit}
    </span>
  );
};

/** One examinee at their seat. Drawn again only when something of theirs changed. */
export const SeatTile = memo(function SeatTile({
  attemptId,
  tabStop,
  onOpen,
}: {
  attemptId: string;
  /** Whether Tab stops here; arrows go on from there. */
  tabStop: boolean;
  onOpen: (attemptId: string) => void;
}) {
  const { t } = useTranslation('dashboard');
  const tile = useRoom((s) => s.tiles[attemptId]);
  const selected = useOpenAttempt() === attemptId;
  const attention = useAttention(attemptId);
  if (tile === undefined) return null;
  const state = stateOf(tile);
  const Icon = STATE_ICON[state];
  const begun =
    tile.questions > 0 &&
    (tile.answered > 0 ||
      tile.endsAt !== null ||
      tile.phase === 'closed' ||
      tile.phase === 'paused');
  return (
    <button
      type="button"
      className={classes.tile}
      data-attempt-id={attemptId}
      data-state={state}
      data-tone={tileTone(tile, attention)}
      data-attention={attention.join(' ')}
      data-strikes={tile.copyAttempts}
      data-selected={selected}
      aria-expanded={selected}
      tabIndex={tabStop ? 0 : -1}
      onClick={() => onOpen(attemptId)}
    >
      <span className={classes.seat}>
        <span className="visually-hidden">{t('seat')} </span>
        {tile.seat}
      </span>
      <Strikes tile={tile} />
      <span className={classes.name} title={tile.examinee.name}>
        {tile.examinee.name}
      </span>{' '}
      <span className={classes.state} data-tone={stateTone(state)}>
        <Icon size="1.125em" stroke={2.25} aria-hidden />
        <span className="at-truncate">{t(`stateShort.${state}`)}</span>
      </span>
      <TimeLeft tile={tile} className={classes.time} />
      <span className={classes.answered} title={t('tile.answered')}>
        {begun && (
          <>
            <span className="visually-hidden">{t('tile.answered')} </span>
            {tile.answered}/{tile.questions}
          </>
        )}
      </span>
      <TileNote tile={tile} attention={attention} />
      <TileSignals tile={tile} />
      <span className="visually-hidden">
        {attention.map((reason) => t(`attention.${reason}`)).join(', ')}
      </span>
    </button>
  );
});
