import type { FastifyRequest } from 'fastify';
import { ProblemError } from '#server/platform/http-problems.ts';
import type { ServerClock } from '#server/platform/ports.ts';
import { problem } from '#server/platform/problems.ts';
import { tokenHash } from '#server/platform/tokens.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { AccessStore, EnrolledDevice, StaffMember } from './ports.ts';
import { hasRight } from './rights.ts';
import type { StaffSessions } from './staff-sessions.ts';

/** The staff's session cookie. */
export const STAFF_COOKIE = 'atalaya-staff';

/** Who is asking. Each throws a ProblemError when it cannot be told. */
export interface Access {
  /** `forbidden` without the right that the route asks for; how far it reaches is the use case's to know. */
  staff(request: FastifyRequest): Promise<StaffMember>;
  device(request: FastifyRequest): Promise<EnrolledDevice>;
  /** The examinee's token must be of this attempt: `forbidden` otherwise. */
  examinee(request: FastifyRequest, attemptId: AttemptId): Promise<void>;
}

/** The bearer token of a request; null without one. */
export const bearer = (request: FastifyRequest): string | null =>
  /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? null;

/** The session's token in the cookie; null without one. */
export const staffToken = (request: FastifyRequest): string | null => {
  const token = request.cookies[STAFF_COOKIE];
  return token === undefined || token.length > 200 ? null : token;
};

export const access = (deps: {
  readonly store: AccessStore;
  readonly sessions: StaffSessions;
  readonly clock: ServerClock;
  /** Told of every device that showed its token. */
  readonly seen: (device: EnrolledDevice) => Promise<void>;
}): Access => ({
  staff: async (request) => {
    const token = staffToken(request);
    const staff = token === null ? null : await deps.sessions.whoIs(token);
    if (staff === null) throw new ProblemError(problem('unauthorised'));
    const { right } = request.routeOptions.config;
    if (right != null && !hasRight(staff, right)) throw new ProblemError(problem('forbidden'));
    return staff;
  },
  device: async (request) => {
    const token = bearer(request);
    const device = token === null ? null : await deps.store.deviceByToken(tokenHash(token));
    if (device === null) throw new ProblemError(problem('device-not-enrolled'));
    await deps.seen(device);
    return device;
  },
  examinee: async (request, attemptId) => {
    const token = bearer(request);
    const owned =
      token === null ? null : await deps.store.attemptByToken(tokenHash(token), deps.clock.now());
    if (owned === null) throw new ProblemError(problem('unauthorised'));
    if (owned !== attemptId) throw new ProblemError(problem('forbidden'));
  },
});
