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
 * @param isOfRoom whether any event of the room has an incident of this examinee; asked for seldom.
 * @returns in the order in which they were counted.
 */
export const roomAttempts = (
  incidents: readonly IncidentRecord[],
  ofEvent: ReadonlySet<IncidentId>,
  isOfRoom: (incident: IncidentId) => boolean,
): readonly RoomAttempt[] => {
  const episodes = new Set(
    incidents.filter(({ id, counted }) => counted && ofEvent.has(id)).map((i) => i.episodeId),
  );
  if (episodes.size === 0) return [];
  return incidents.flatMap(({ id, episodeId, copyAttempt, dismissed }) => {
    if (copyAttempt === null || !episodes.has(episodeId)) return [];
    const whole = incidents.every(
      (other) =>
        other.episodeId !== episodeId ||
        !other.counted ||
        ofEvent.has(other.id) ||
        isOfRoom(other.id),
    );
    return [{ incidentId: id, number: copyAttempt, dismissed: dismissed !== null, whole }];
  });
};
