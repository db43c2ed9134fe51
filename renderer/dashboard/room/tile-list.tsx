import { useTranslation } from 'react-i18next';
import { STATE_ICON } from '#renderer/dashboard/live/icons.ts';
import { useDerived, useRoom } from '#renderer/dashboard/live/live-context.ts';
import {
  attentionOf,
  awaitsDecision,
  stateOf,
  stateTone,
  tileTone,
} from '#renderer/dashboard/live/tile-state.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import type { Tile } from '#shared/wire/dashboard.ts';
import { useOpenAttempt } from './open-attempt.ts';
import { type Filter, visibleKey } from './room-filter.ts';
import tileClasses from './tile.module.css';
import { Strikes, TimeLeft } from './tile.tsx';
import classes from './tile-list.module.css';
import { TileNote } from './tile-note.tsx';
import { TileSignals } from './tile-signals.tsx';

const COLUMNS = [
  'seat',
  'name',
  'state',
  'strikes',
  'answered',
  'time',
  'last',
  'signals',
] as const;

/** Who waits for a decision first: until then their exam cannot begin. Then by seat; A10 comes after A9. */
const order = (a: Tile, b: Tile): number =>
  Number(awaitsDecision(b)) - Number(awaitsDecision(a)) ||
  a.seat.localeCompare(b.seat, 'es', { numeric: true });

/** The same room as a table: for searching by name, and for who works by lines. */
export const TileList = ({ filter, onOpen }: { filter: Filter; onOpen: (id: string) => void }) => {
  const { t } = useTranslation('dashboard');
  const visible = useDerived((room, now) => visibleKey(room, filter, now));
  const ids = useDerived((room) =>
    Object.values(room.tiles)
      .sort(order)
      .map((tile) => tile.attemptId)
      .join(' '),
  );
  const passing = visible === null ? null : new Set(visible.split(' '));
  const shown = ids.split(' ').filter((id) => id !== '' && (passing === null || passing.has(id)));
  if (shown.length === 0) return <p className={classes.none}>{t('list.none')}</p>;
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">{t('plan.label')}</caption>
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th key={column} scope="col" data-column={column}>
              {t(`list.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((id) => (
          <GuardedRow key={id} attemptId={id} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
};

const GuardedRow = (row: { attemptId: string; onOpen: (id: string) => void }) => {
  const tile = useRoom((s) => s.tiles[row.attemptId]);
  return (
    <Guarded shape="row" of={tile?.seat} version={tile} columns={COLUMNS.length}>
      <Row {...row} />
    </Guarded>
  );
};

const Row = ({ attemptId, onOpen }: { attemptId: string; onOpen: (id: string) => void }) => {
  const { t } = useTranslation('dashboard');
  const tile = useRoom((s) => s.tiles[attemptId]);
  const objections = useRoom((s) => s.objections[attemptId] ?? 0);
  const selected = useOpenAttempt() === attemptId;
  const reasons = useDerived((room, now) => {
    const mine = room.tiles[attemptId];
    return mine === undefined ? '' : attentionOf(mine, objections, now).join(' ');
  });
  if (tile === undefined) return null;
  const attention = reasons === '' ? [] : (reasons.split(' ') as ReturnType<typeof attentionOf>);
  const state = stateOf(tile);
  const Icon = STATE_ICON[state];
  return (
    <tr className={classes.row} data-tone={tileTone(tile, attention)} data-selected={selected}>
      <td className={classes.seat}>{tile.seat}</td>
      <th scope="row">
        <button
          type="button"
          className={classes.name}
          data-attempt-id={attemptId}
          aria-expanded={selected}
          onClick={() => onOpen(attemptId)}
        >
          {tile.examinee.name}
        </button>
      </th>
      <td>
        <span className={tileClasses.state} data-tone={stateTone(state)}>
          <Icon size="1.125em" stroke={2.25} aria-hidden />
          <span className="at-truncate">{t(`state.${state}`)}</span>
        </span>
      </td>
      <td>
        <Strikes tile={tile} />
      </td>
      <td>{tile.questions > 0 ? `${tile.answered}/${tile.questions}` : ''}</td>
      <td>
        <TimeLeft tile={tile} />
      </td>
      <td>
        <TileNote tile={tile} attention={attention} />
      </td>
      <td>
        <TileSignals tile={tile} />
      </td>
    </tr>
  );
};
