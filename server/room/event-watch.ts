import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import { roomEventViews } from './room-events.ts';

/** A room's events are looked for at most this often, ms: whoever sends a lot makes nobody wait. */
const REST_MS = 500;

/** The events of a room that is watched, as its dashboards have them. */
export interface EventWatch {
  /** Something of its attempts is another than before. */
  stir(): void;
  /** All events when they differ from those taken last; null when not, or when it is too soon to look. */
  take(attempts: Iterable<LiveAttempt>): readonly RoomEventView[] | null;
  /** The same for whoever comes, at once and whatever others have. */
  now(attempts: Iterable<LiveAttempt>): readonly RoomEventView[];
  stop(): void;
}

/** @param look called when it was too soon and no longer is: somebody should `take`. */
export const watchEvents = (look: () => void): EventWatch => {
  let stirred = false;
  let resting: NodeJS.Timeout | null = null;
  let taken = '[]';
  const stop = (): void => {
    if (resting !== null) clearTimeout(resting);
    resting = null;
  };
  return {
    stir: () => {
      stirred = true;
    },
    take: (attempts) => {
      if (!stirred || resting !== null) return null;
      stirred = false;
      resting = setTimeout(() => {
        resting = null;
        if (stirred) look();
      }, REST_MS).unref();
      const events = roomEventViews(attempts);
      const text = JSON.stringify(events);
      if (text === taken) return null;
      taken = text;
      return events;
    },
    now: (attempts) => {
      const events = roomEventViews(attempts);
      // What others do not have yet reaches everybody with the next frame.
      if (JSON.stringify(events) !== taken) stirred = true;
      return events;
    },
    stop,
  };
};
