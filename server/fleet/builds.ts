import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, scopeOf } from '#server/people/rights.ts';
import type { AuditRow, AuditTrail, ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { Hash } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { BuildState, Builds } from '#shared/wire/devices.ts';
import type { DeviceStore } from './device-ports.ts';

export interface BuildsDeps {
  readonly devices: DeviceStore;
  readonly store: UnitOfWork<{ readonly devices: DeviceStore; readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
}

/** The institution's list of kiosk builds. An empty list checks nothing, and says so. */
export interface BuildList {
  /** Reads the list; before that nothing is checked. */
  load(): Promise<void>;
  /** @param build what the kiosk says that it is; null when it names none. */
  judge(build: Hash | null): BuildState;
  list(staff: StaffMember): Promise<Result<Builds, Problem>>;
  allow(staff: StaffMember, build: Hash, label: string): Promise<Result<null, Problem>>;
  /** `not-found` when it is not on the list. */
  forbid(staff: StaffMember, build: Hash): Promise<Result<null, Problem>>;
  /** Called whenever the list is another. */
  onChange(listener: () => void): void;
}

export const buildList = (deps: BuildsDeps): BuildList => {
  const { devices, store, clock } = deps;
  let allowed: ReadonlySet<Hash> = new Set();
  const listeners: (() => void)[] = [];

  const load = async (): Promise<void> => {
    allowed = new Set((await devices.allowedBuilds()).map(({ build }) => build));
    for (const listener of listeners) listener();
  };
  const judge = (build: Hash | null): BuildState => {
    if (allowed.size === 0) return 'not-checked';
    if (build === null) return 'unknown';
    return allowed.has(build) ? 'allowed' : 'not-allowed';
  };
  const entry = (staff: StaffMember, action: string, build: Hash, label: string): AuditRow => ({
    at: clock.now(),
    actor: staff.id,
    action,
    subject: `build-${build.slice(0, 16)}`,
    detail: { build, label },
  });

  return {
    load,
    judge,
    onChange: (listener) => listeners.push(listener),

    list: async (staff) => {
      if (!hasRight(staff, 'devices')) return refuse('forbidden');
      const running = new Map<Hash, { version: string; devices: number }>();
      for (const { passport, revoked } of await devices.list(scopeOf(staff))) {
        const { build = null, version = '' } = passport?.host ?? {};
        if (build === null || revoked !== null) continue;
        const known = running.get(build);
        running.set(build, { version, devices: (known?.devices ?? 0) + 1 });
      }
      return ok({
        allowed: [...(await devices.allowedBuilds())],
        running: [...running]
          .map(([build, one]) => ({ build, ...one, state: judge(build) }))
          .sort((a, b) => b.devices - a.devices),
      });
    },

    allow: async (staff, build, label) => {
      if (!hasRight(staff, 'builds')) return refuse('forbidden');
      await store.transaction(async (tx) => {
        await tx.devices.allowBuild({ build, label, addedAt: clock.now(), addedBy: staff.id });
        await tx.trail.audit(entry(staff, 'build-allowed', build, label));
      });
      await load();
      return ok(null);
    },

    forbid: async (staff, build) => {
      if (!hasRight(staff, 'builds')) return refuse('forbidden');
      const forbidden = await store.transaction(async (tx) => {
        if (!(await tx.devices.forbidBuild(build))) return false;
        await tx.trail.audit(entry(staff, 'build-forbidden', build, ''));
        return true;
      });
      if (!forbidden) return refuse('not-found');
      await load();
      return ok(null);
    },
  };
};
