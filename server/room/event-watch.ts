import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import { shownEvents } from './room-events.ts';

/** A room's events are looked for at most this often, ms: whoever sends a lot makes nobody wait. */
const REST_MS = 500;
/** And in no more than one part in so many of the time, however much there is to look through. */
const SHARE = 50;

/** The events of a room that is watched, as its dashboards have them. */
export interface EventWatch {
  /** Something of the attempt is another than before. */
  stir(attempt: LiveAttempt): void;
  /** All events when they differ from those taken last; null when not, or when it is too soon to look. */
  take(): readonly RoomEventView[] | null;
  /**
   * The same for whoever comes, at once and whatever others have.
   * @param attempts all of the session's.
   */
  now(attempts: Iterable<LiveAttempt>): readonly RoomEventView[];
  stop(): void;
}

/** @param look called when it was too soon and no longer is: somebody should `take`. */
export const watchEvents = (look: () => void): EventWatch => {
  const events = shownEvents();
  const stirred = new Set<LiveAttempt>();
  let taken: readonly RoomEventView[] = [];
  let known = taken;
  let resting: NodeJS.Timeout | null = null;

  const isDue = (): boolean => stirred.size > 0 || known !== taken;

  const lookAt = (attempts: Iterable<LiveAttempt>): void => {
    for (const attempt of attempts) events.note(attempt);
    known = events.views();
  };

  const rest = (ms: number): void => {
    resting = setTimeout(() => {
      resting = null;
      if (isDue()) look();
    }, ms).unref();
  };

  return {
    stir: (attempt) => {
      stirred.add(attempt);
    },
    take: () => {
      if (!isDue() || resting !== null) return null;
      const from = performance.now();
      lookAt(stirred);
      stirred.clear();
      rest(Math.max(REST_MS, SHARE * (performance.now() - from)));
      if (known === taken) return null;
      taken = known;
      return taken;
    },
    now: (attempts) => {
      // What others do not have yet reaches everybody with the next frame.
      lookAt(attempts);
      return known;
    },
    stop: () => {
      if (resting !== null) clearTimeout(resting);
      resting = null;
    },
  };
};
