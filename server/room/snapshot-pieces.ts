import { decidedOf } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { IncidentView, ServerToDashboard } from '#shared/wire/dashboard.ts';
import { incidentView, incidentViews } from './room-view.ts';

/** Incidents in a snapshot, with its pieces. */
const SNAPSHOT_INCIDENTS = 200;
/** A message is cut here, characters: what one kiosk wrote does not keep a room's tiles waiting. */
const PIECE_CHARS = 128 * 1024;

type Told = readonly [LiveAttempt, IncidentView];

/** The incidents of a room that a dashboard is shown at first: the newest first, in pieces of a bounded size. */
export const incidentPieces = (attempts: readonly LiveAttempt[]): readonly (readonly Told[])[] => {
  const newest = attempts
    .flatMap((attempt) => incidentViews(attempt).map((view): Told => [attempt, view]))
    .sort(([, a], [, b]) => b.startedAt - a.startedAt)
    .slice(0, SNAPSHOT_INCIDENTS);
  const pieces: Told[][] = [];
  let left = 0;
  for (const told of newest) {
    const size = JSON.stringify(told[1]).length;
    if (size > left || pieces.length === 0) {
      pieces.push([]);
      left = PIECE_CHARS;
    }
    pieces.at(-1)?.push(told);
    left -= size;
  }
  return pieces;
};

/** The incident as it is now: a piece waits for its turn, and what it says must not be older than a frame before it. */
const now = ([attempt, view]: Told): IncidentView => {
  const own = decidedOf(attempt).incidents.find(({ id }) => id === view.id);
  return own === undefined ? view : incidentView(attempt, own);
};

/** The text of one piece. */
export const pieceText = (piece: readonly Told[], serverTime: EpochMs): string =>
  JSON.stringify({
    type: 'more',
    serverTime,
    incidents: piece.map(now),
  } satisfies ServerToDashboard);
