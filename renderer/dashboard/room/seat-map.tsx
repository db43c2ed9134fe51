import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useDerived, useRoom } from '#renderer/dashboard/live/live-context.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import type { SeatMap } from '#shared/wire/dashboard.ts';
import { type Filter, visibleKey } from './room-filter.ts';
import { columnTracks, type Seat, type Step, seatGrid, stepFrom } from './seat-grid.ts';
import classes from './seat-map.module.css';
import { SeatTile } from './tile.tsx';

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

export const focusTile = (attemptId: string): void => {
  document
    .querySelector<HTMLElement>(`button[data-attempt-id="${CSS.escape(attemptId)}"]`)
    ?.focus();
};

/** So many rows fit on a small screen with one line more in each tile. */
const ROOMY_ROWS = 5;

/** The room as it is: the front at the top, every seat in its place, also the empty ones. */
export const RoomPlan = ({
  map,
  filter,
  onOpen,
}: {
  map: SeatMap;
  filter: Filter;
  onOpen: (attemptId: string) => void;
}) => {
  const { t } = useTranslation('dashboard');
  const seating = useRoom((s) => s.seating);
  const grid = useMemo(() => seatGrid(map, seating), [map, seating]);
  const visible = useDerived((room, now) => visibleKey(room, filter, now));
  const root = useRef<HTMLElement>(null);
  const [current, setCurrent] = useState<string | null>(null);

  const shown = useMemo(() => {
    const ids = visible === null ? null : new Set(visible.split(' '));
    return [...grid.seats, ...grid.unplaced].filter(
      (seat) => seat.attemptId !== null && (ids === null || ids.has(seat.attemptId)),
    );
  }, [grid, visible]);
  const shownIds = useMemo(() => new Set(shown.map((seat) => seat.attemptId)), [shown]);
  // Tab stops once in the plan: where one was last, else at the first seat shown.
  const tabStop = shownIds.has(current)
    ? current
    : (stepFrom(shown, { label: '', row: 0, column: 0, attemptId: null }, 'first')?.attemptId ??
      null);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const focused = (event.target as HTMLElement).dataset.attemptId;
    const from = shown.find((seat) => seat.attemptId === focused);
    if (from === undefined) return;
    event.preventDefault();
    const next = stepFrom(shown, from, step);
    if (next?.attemptId != null) focusTile(next.attemptId);
  };

  const cell = (seat: Seat) => (
    <div
      key={seat.label}
      className={classes.cell}
      style={{ gridRow: seat.row + 1, gridColumn: seat.column + 1 }}
    >
      {seat.attemptId !== null && shownIds.has(seat.attemptId) ? (
        <GuardedTile attemptId={seat.attemptId} seat={seat.label}>
          <SeatTile
            attemptId={seat.attemptId}
            tabStop={seat.attemptId === tabStop}
            onOpen={onOpen}
          />
        </GuardedTile>
      ) : (
        <div
          className={classes.empty}
          data-filtered={seat.attemptId !== null}
          data-seat={seat.label}
        >
          <span className={classes.emptySeat}>{seat.label}</span>
          {seat.attemptId === null && <span className={classes.emptyWord}>{t('plan.empty')}</span>}
        </div>
      )}
    </div>
  );

  return (
    <section
      ref={root}
      className={classes.room}
      aria-label={t('plan.label')}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const id = event.target.dataset.attemptId;
        if (id !== undefined) setCurrent(id);
      }}
    >
      <div className={classes.front}>
        <span>{t('plan.front')}</span>
      </div>
      <div
        className={classes.grid}
        data-tight={grid.rows > ROOMY_ROWS}
        style={
          {
            '--columns': grid.columns,
            '--rows': grid.rows,
            gridTemplateColumns: columnTracks(map),
          } as CSSProperties
        }
      >
        {grid.seats.map(cell)}
      </div>
      {grid.unplaced.length > 0 && (
        <div className={classes.unplaced}>
          <h2 className={classes.unplacedTitle}>{t('plan.unplaced')}</h2>
          <div
            className={classes.grid}
            data-loose="true"
            style={{ '--columns': grid.columns } as CSSProperties}
          >
            {grid.unplaced.map((seat) => cell({ ...seat, row: seat.row - grid.rows }))}
          </div>
        </div>
      )}
    </section>
  );
};

/** One tile that cannot be drawn leaves the room standing. */
const GuardedTile = ({
  attemptId,
  seat,
  children,
}: {
  attemptId: string;
  seat: string;
  children: ReactNode;
}) => {
  const tile = useRoom((s) => s.tiles[attemptId]);
  return (
    <Guarded shape="tile" of={seat} version={tile}>
      {children}
    </Guarded>
  );
};
