import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, may } from '#server/people/rights.ts';
import type { AuditTrail, ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { thumbnailsOn } from '#server/record/given-out.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { AttemptId, StaffId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { type EpochMs, MINUTE, SECOND } from '#shared/kernel/time.ts';

/**
 * The largest thumbnail, bytes of JPEG. Kiosks send their small still as it is: 320x240 at quality 0.7 is about 10 kB
 * of a plain wall, and twice that in a full room.
 */
export const MAX_THUMBNAIL_BYTES = 30_000;
/** One each ten seconds; what a timer or the network moves is allowed for, ms. */
const EVERY_MS = 10 * SECOND - 500;
/** A picture of somebody who was not heard since is dropped, ms. */
const OFFLINE_MS = 60 * SECOND;
const HOUR_MS = 60 * MINUTE;
const JPEG = [0xff, 0xd8, 0xff];

export interface ThumbnailDeps {
  readonly attempts: LiveAttempts;
  readonly trail: AuditTrail;
  readonly clock: ServerClock;
}

/** The last small picture of each examinee, in memory only, where the exam allows it. */
export interface Thumbnails {
  /**
   * Problems: `not-found` where they are off, `attempt-closed`, `rate-limited`, `too-large`, `bad-request` (no JPEG).
   */
  put(attemptId: AttemptId, body: Uint8Array): Promise<Result<null, Problem>>;
  /** On record once per person, attempt and hour. Problems: `forbidden`, `not-found`. */
  look(staff: StaffMember, attemptId: AttemptId): Promise<Result<Uint8Array, Problem>>;
  /** Drops pictures of closed attempts, of exams that no longer allow them, and of kiosks that went off line. Called regularly. */
  sweep(): void;
}

interface Picture {
  /** Kept in memory as long as its picture. */
  readonly attempt: LiveAttempt;
  readonly at: EpochMs;
  readonly body: Uint8Array;
}

export const thumbnails = (deps: ThumbnailDeps): Thumbnails => {
  const { clock } = deps;
  const pictures = new Map<AttemptId, Picture>();
  /** When somebody's looks at an attempt were put on record last. */
  const looks = new Map<string, EpochMs>();

  const isStale = ({ attempt, at }: Picture): boolean => {
    // No longer allowed, no longer kept.
    if (!thumbnailsOn(attempt.registration) || attempt.state.phase === 'closed') return true;
    const { link, connectionSince } = attempt.presence;
    return link === null && clock.now() - Math.max(at, connectionSince ?? 0) >= OFFLINE_MS;
  };

  const recordLook = async (staffId: StaffId, attemptId: AttemptId): Promise<void> => {
    const key = `${staffId} ${attemptId}`;
    const now = clock.now();
    const last = looks.get(key);
    if (last !== undefined && now - last < HOUR_MS) return;
    await deps.trail.audit({
      at: now,
      actor: staffId,
      action: 'thumbnail-viewed',
      subject: attemptId,
      detail: {},
    });
    looks.set(key, now);
  };

  return {
    put: async (attemptId, body) => {
      const attempt = await deps.attempts.load(attemptId);
      if (attempt === null || !thumbnailsOn(attempt.registration)) return refuse('not-found');
      if (attempt.state.phase === 'closed') return refuse('attempt-closed');
      if (body.byteLength > MAX_THUMBNAIL_BYTES) return refuse('too-large');
      if (!JPEG.every((byte, i) => body[i] === byte)) return refuse('bad-request', 'no JPEG');
      const now = clock.now();
      const wait = (pictures.get(attemptId)?.at ?? -EVERY_MS) + EVERY_MS - now;
      if (wait > 0) return refuse('rate-limited', undefined, wait);
      pictures.set(attemptId, { attempt, at: now, body });
      return ok(null);
    },

    look: async (staff, attemptId) => {
      if (!hasRight(staff, 'watch') || !hasRight(staff, 'inspect')) return refuse('forbidden');
      const attempt = await deps.attempts.load(attemptId);
      if (attempt === null) return refuse('not-found');
      const { room } = attempt.registration;
      const place = { roomId: room.id, venueId: room.venueId };
      if (!may(staff, 'watch', place) || !may(staff, 'inspect', place)) return refuse('not-found');
      const picture = pictures.get(attemptId);
      if (picture === undefined || isStale(picture)) return refuse('not-found');
      await recordLook(staff.id, attemptId);
      return ok(picture.body);
    },

    sweep: () => {
      for (const [attemptId, picture] of pictures) {
        if (isStale(picture)) pictures.delete(attemptId);
      }
      const limit = clock.now() - HOUR_MS;
      for (const [key, at] of looks) if (at < limit) looks.delete(key);
    },
  };
};
