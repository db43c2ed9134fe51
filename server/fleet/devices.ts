import { hash } from 'node:crypto';
import type { EnrolledDevice, StaffMember } from '#server/people/ports.ts';
import { hasRight, inScope, scopeOf } from '#server/people/rights.ts';
import type { AuditRow, AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { normaliseCode, readableCode, tokenHash } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { LiveAttempt, Presence } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { DeviceId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json } from '#shared/ledger/entry.ts';
import type {
  BuildState,
  DeviceDetail,
  DeviceRow,
  DevicesResponse,
  NewCodes,
  NewCodesRequest,
} from '#shared/wire/devices.ts';
import { CLOSE } from '#shared/wire/kiosk-socket.ts';
import { type Passport, verdictOf } from '#shared/wire/passport.ts';
import type { BuildList } from './builds.ts';
import type { DeviceRecord, DeviceStore } from './device-ports.ts';

const HOUR_MS = 60 * MINUTE;
/** An attempt that could still be open: shifts end on time, clocks and time zones may not, ms. */
const RECENT_MS = 24 * HOUR_MS;
/** How exactly the time of the last use is kept, ms; saves a write per request. */
const SEEN_EVERY_MS = MINUTE;
/** Passports kept of one device. */
const HISTORY = 30;
/** An enrolment code opens the door to one device: 29^8 possibilities, tried a few per minute. */
const CODE_LENGTH = 8;

export interface DevicesDeps {
  readonly devices: DeviceStore;
  readonly registry: RegistryStore;
  readonly store: UnitOfWork<{ readonly devices: DeviceStore; readonly trail: AuditTrail }>;
  readonly attempts: LiveAttempts;
  readonly builds: BuildList;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/**
 * The fleet as staff sees it (Art. 32g). Problems: `forbidden` when the role has nothing to do with devices,
 * `not-found` when there is no such device or it is out of the person's reach, alike.
 */
export interface Devices {
  /** The device used its token. */
  seen(device: EnrolledDevice): Promise<void>;
  keepPassport(device: EnrolledDevice, passport: Passport): Promise<BuildState>;
  list(staff: StaffMember): Promise<Result<DevicesResponse, Problem>>;
  detail(staff: StaffMember, id: DeviceId): Promise<Result<DeviceDetail, Problem>>;
  /** `conflict` while an attempt is in progress or paused on it, or when it was revoked before. */
  revoke(staff: StaffMember, id: DeviceId, reason: string): Promise<Result<null, Problem>>;
  newCodes(staff: StaffMember, request: NewCodesRequest): Promise<Result<NewCodes, Problem>>;
  voidCodes(staff: StaffMember): Promise<Result<{ readonly ended: number }, Problem>>;
}

/** What two passports of the same machine have in common, whenever they were made. */
const digestOf = ({ createdAt: _, ...passport }: Passport): string =>
  hash('sha256', canonicalText(passport as unknown as Json), 'hex');

export const deviceUseCases = (deps: DevicesDeps): Devices => {
  const { devices, store, clock } = deps;
  const seenAt = new Map<DeviceId, EpochMs>();

  const note = async (id: DeviceId): Promise<void> => {
    const now = clock.now();
    if (now - (seenAt.get(id) ?? 0) < SEEN_EVERY_MS) return;
    seenAt.set(id, now);
    await devices.seen(id, now);
  };

  /** The kiosks that were heard of since the start, by the device that they are on. */
  const presencesByDevice = (): ReadonlyMap<DeviceId, readonly Presence[]> => {
    const found = new Map<DeviceId, Presence[]>();
    for (const presence of deps.attempts.presences()) {
      const id = presence.deviceId;
      if (id !== null) found.set(id, [...(found.get(id) ?? []), presence]);
    }
    return found;
  };

  /** From the store: after a restart they are not in memory yet. */
  const recentAttempts = async (id: DeviceId): Promise<readonly LiveAttempt[]> => {
    const ids = await devices.attemptsSince(id, clock.now() - RECENT_MS);
    const attempts = await Promise.all(ids.map((attemptId) => deps.attempts.load(attemptId)));
    return attempts.filter((attempt) => attempt !== null);
  };

  const row = (record: DeviceRecord, presences: readonly Presence[]): DeviceRow => ({
    id: record.id,
    name: record.name,
    venue: record.venue?.name ?? null,
    room: record.room,
    enrolledAt: record.enrolledAt,
    lastSeenAt: latest([record.lastSeenAt, ...presences.map(({ heardAt }) => heardAt)]),
    revoked: record.revoked,
    inUse: presences.some(underWay),
    passport: record.passport === null ? null : summary(record.passport, deps.builds),
  });

  const reach = async (
    staff: StaffMember,
    id: DeviceId,
  ): Promise<Result<DeviceRecord, Problem>> => {
    if (!hasRight(staff, 'devices')) return refuse('forbidden');
    const record = await devices.device(id);
    if (record === null || !inScope(staff, record.venue?.id ?? null)) return refuse('not-found');
    return ok(record);
  };

  const entry = (
    staff: StaffMember,
    action: string,
    subject: string,
    detail: Record<string, string | number | null>,
  ): AuditRow => ({ at: clock.now(), actor: staff.id, action, subject, detail });

  /** The rooms that the person may enrol devices for. */
  const roomsOf = async (staff: StaffMember) => {
    const now = clock.now();
    return (await deps.registry.rooms(now, now)).filter(({ venueId }) => inScope(staff, venueId));
  };

  return {
    seen: ({ id }) => note(id),

    keepPassport: async ({ id }, passport) => {
      await note(id);
      await devices.addPassport(id, passport, digestOf(passport), clock.now(), HISTORY);
      return deps.builds.judge(passport.host.build);
    },

    list: async (staff) => {
      if (!hasRight(staff, 'devices')) return refuse('forbidden');
      const scope = scopeOf(staff);
      const used = presencesByDevice();
      return ok({
        devices: (await devices.list(scope)).map((record) =>
          row(record, used.get(record.id) ?? []),
        ),
        openCodes: await devices.openCodes(scope, clock.now()),
        rooms: (await roomsOf(staff)).map(({ id, name }) => ({ id, name })),
      });
    },

    detail: async (staff, id) => {
      const found = await reach(staff, id);
      if (!found.ok) return found;
      const [newest, ...history] = await devices.passports(id);
      return ok({
        device: row(found.value, presencesByDevice().get(id) ?? []),
        passport: newest?.passport ?? null,
        history: history.map(({ at, passport }) => ({
          at,
          version: passport.host.version,
          build: passport.host.build,
          verdict: verdictOf(passport),
        })),
      });
    },

    revoke: async (staff, id, reason) => {
      const found = await reach(staff, id);
      if (!found.ok) return found;
      const attempts = await recentAttempts(id);
      if (attempts.some(({ presence }) => underWay(presence)))
        return refuse('conflict', 'an attempt is under way on it');
      // What a closed attempt still has to deliver may come: its entries are signed by this device.
      const open = attempts.filter(({ state }) => state.phase !== 'closed');
      const revoked = await store.transaction(async (tx) => {
        const now = { at: clock.now(), by: staff.id, reason };
        const ends = open.map(({ registration }) => registration.attemptId);
        if (!(await tx.devices.revoke(id, now, ends))) return false;
        const { name } = found.value;
        await tx.trail.audit(entry(staff, 'device-revoked', id, { name, reason }));
        return true;
      });
      if (!revoked) return refuse('conflict', 'revoked before');
      for (const attempt of open) attempt.presence.link?.close(CLOSE.unauthorised, 'revoked');
      return ok(null);
    },

    newCodes: async (staff, { count, roomId, validHours }) => {
      if (!hasRight(staff, 'devices')) return refuse('forbidden');
      const room = roomId === null ? null : (await roomsOf(staff)).find(({ id }) => id === roomId);
      if (room === undefined) return refuse('not-found', 'no such room');
      const now = clock.now();
      const expiresAt = now + validHours * HOUR_MS;
      const codes = Array.from({ length: count }, () => readableCode(deps.random, CODE_LENGTH));
      await store.transaction(async (tx) => {
        await tx.devices.addCodes(
          codes.map((code) => ({
            codeHash: tokenHash(normaliseCode(code)),
            expiresAt,
            venueId: room?.venueId ?? staff.venueId,
            roomId,
            createdAt: now,
            createdBy: staff.id,
          })),
        );
        const subject = roomId ?? 'no-room';
        await tx.trail.audit(entry(staff, 'enrolment-codes-made', subject, { count, validHours }));
      });
      return ok({ codes, expiresAt });
    },

    voidCodes: async (staff) => {
      if (!hasRight(staff, 'devices')) return refuse('forbidden');
      return store.transaction(async (tx) => {
        const ended = await tx.devices.voidCodes(scopeOf(staff), clock.now());
        await tx.trail.audit(entry(staff, 'enrolment-codes-ended', 'unused', { ended }));
        return ok({ ended });
      });
    },
  };
};

/** One whose ledger was not read since its kiosk came back may be under way. */
const underWay = ({ phase }: Presence): boolean =>
  phase === null || phase === 'in-progress' || phase === 'paused';

const latest = (times: readonly (EpochMs | null)[]): EpochMs | null =>
  times.reduce<EpochMs | null>(
    (last, time) => (time !== null && (last === null || time > last) ? time : last),
    null,
  );

const summary = (passport: Passport, builds: BuildList): NonNullable<DeviceRow['passport']> => {
  const { device, host, coverage, requirements, risks } = passport;
  const level = (wanted: string): number =>
    Object.values(coverage).filter((one) => one?.level === wanted).length;
  return {
    createdAt: passport.createdAt,
    model: `${device.manufacturer} ${device.model}`.trim(),
    system: device.system,
    version: host.version,
    build: host.build,
    buildState: builds.judge(host.build),
    verdict: verdictOf(passport),
    keyStore: passport.keyStore,
    enforced: level('enforced'),
    detected: level('detected'),
    notWatched: level('not-watched'),
    warnings: requirements.filter(({ outcome }) => outcome === 'failed').length + risks.length,
  };
};
