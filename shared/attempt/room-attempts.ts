import type { IncidentId } from '#shared/kernel/ids.ts';
import type { IncidentRecord } from './attempt-state.ts';

/** A copy attempt that a room's event brought about, as far as the ledger tells. */
export interface RoomAttempt {
  /** The incident that bears its number: what an order to dismiss it names. */
  readonly incidentId: IncidentId;
  readonly number: number;
  readonly dismissed: boolean;
  /**
   * Whether everything that counted in its episode is the room's. If not, something of the seat's own hides in it, and to
   * dismiss it with the others would dismiss that too.
   */
  readonly whole: boolean;
}

/**
 * The copy attempts of an examinee that belong to an event of the room.
 * @param ofEvent incidents that the event has of this examinee.
 * @param ofRoom incidents of this examinee that any event of the room has.
 * @returns in the order in which they were counted.
 */
export const roomAttempts = (
  incidents: readonly IncidentRecord[],
  ofEvent: ReadonlySet<IncidentId>,
  ofRoom: ReadonlySet<IncidentId>,
): readonly RoomAttempt[] => {
  const episodes = new Set(
    incidents.filter(({ id, counted }) => counted && ofEvent.has(id)).map((i) => i.episodeId),
  );
  return incidents.flatMap(({ id, episodeId, copyAttempt, dismissed }) => {
    if (copyAttempt === null || !episodes.has(episodeId)) return [];
    const whole = incidents.every(
      (other) => other.episodeId !== episodeId || !other.counted || ofRoom.has(other.id),
    );
    return [{ incidentId: id, number: copyAttempt, dismissed: dismissed !== null, whole }];
  });
};
