import type { RoomState } from '#renderer/dashboard/live/room-store.ts';
import { incidentKey } from '#renderer/dashboard/live/room-store.ts';
import { catalogued } from '#shared/incident/catalogue.ts';
import type { CommandView, Tile } from '#shared/wire/dashboard.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';

type SeatAttempt = RoomEventView['members'][number]['attempts'][number];

/** A copy attempt of an event, and what is to be known before it is dismissed with the others. */
export interface EventAttempt extends SeatAttempt {
  readonly attemptId: Tile['attemptId'];
  readonly tile: Tile | undefined;
  /** `waiting`: a dismissal is on its way. */
  readonly state: 'stands' | 'waiting' | 'dismissed';
  /** Why it should be looked at apart; null when nothing speaks against the group. */
  readonly apart: 'own' | 'doubt' | null;
}

/** The key under which an attempt of an event goes. */
export const attemptKey = ({
  attemptId,
  incidentId,
}: Pick<EventAttempt, 'attemptId' | 'incidentId'>): string =>
  incidentKey({ attemptId, id: incidentId });

const isWaiting = ({ state, command }: CommandView): boolean =>
  command.type === 'dismiss' && (state === 'sent' || state === 'delivered');

/** The copy attempts of an event, seat by seat. */
export const eventAttempts = (
  { members }: RoomEventView,
  { tiles, commands }: Pick<RoomState, 'tiles' | 'commands'>,
): readonly EventAttempt[] => {
  const waiting = new Set(
    commands
      .filter(isWaiting)
      .map(({ attemptId, command }) =>
        command.type === 'dismiss' ? attemptKey({ attemptId, incidentId: command.incidentId }) : '',
      ),
  );
  return members.flatMap(({ attemptId, attempts }) => {
    const tile = tiles[attemptId];
    const doubtful = tile !== undefined && tile.chain !== 'ok' && tile.chain !== 'gap';
    return attempts.map((one) => ({
      ...one,
      attemptId,
      tile,
      state: one.dismissed
        ? 'dismissed'
        : waiting.has(attemptKey({ attemptId, ...one }))
          ? 'waiting'
          : 'stands',
      apart: one.whole ? (doubtful ? 'doubt' : null) : 'own',
    }));
  });
};

/** The examinees whose exams reopen when these are dismissed, as far as the desk knows. */
export const reopening = (chosen: readonly EventAttempt[]): ReadonlySet<string> => {
  const byAttempt = Map.groupBy(chosen, ({ attemptId }) => attemptId);
  return new Set(
    [...byAttempt].flatMap(([attemptId, of]) => {
      const tile = of[0]?.tile;
      const closed = tile?.phase === 'closed' && tile.closedBy === 'copy-attempts';
      return closed && tile.copyAttempts - of.length < tile.copyAttemptLimit ? [attemptId] : [];
    }),
  );
};

/** The group of the list to which an event belongs. */
export const eventWeight = ({
  kind,
  members,
}: RoomEventView): 'counted' | 'review' | 'technical' => {
  if (members.some(({ attempts }) => attempts.length > 0)) return 'counted';
  return catalogued(kind)?.family === 'technical' ? 'technical' : 'review';
};
