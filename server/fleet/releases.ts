import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, scopeOf } from '#server/people/rights.ts';
import type { AuditTrail, ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import { RollbackPermitSchema, type SignedText } from '#shared/wire/release.ts';
import type {
  DeviceVersion,
  ReleaseStore,
  ReleaseTarget,
  Stage,
  StageScope,
  StoredRelease,
} from './release-ports.ts';

export interface ReleasesDeps {
  readonly releases: ReleaseStore;
  readonly store: UnitOfWork<{ readonly releases: ReleaseStore; readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
}

/** Who orders it: a member of staff, or the server's own command line. */
export type Operator = StaffMember | { readonly commandLine: string };

export interface StageOrder extends ReleaseTarget {
  readonly scope: StageScope;
  readonly scopeId: string;
  /** null takes the stage away. */
  readonly version: string | null;
  /** Signed leave to go back, when `version` is older than what runs. */
  readonly permit: SignedText | null;
}

/** A release as it was signed. */
export type NewRelease = Omit<StoredRelease, 'addedAt' | 'addedBy' | 'withdrawn'>;

export interface ReleaseOverview {
  readonly releases: readonly StoredRelease[];
  readonly stages: readonly Stage[];
  readonly devices: readonly (DeviceVersion & { readonly name: string })[];
}

export interface Releases {
  overview(who: Operator): Promise<Result<ReleaseOverview, Problem>>;
  /** Lists a release whose files are in their place; nobody is offered it yet. `conflict` when the version is there. */
  add(who: Operator, release: NewRelease): Promise<Result<null, Problem>>;
  stage(who: Operator, order: StageOrder): Promise<Result<null, Problem>>;
  withdraw(
    who: Operator,
    target: ReleaseTarget,
    version: string,
    reason: string,
  ): Promise<Result<null, Problem>>;
}

const nameOf = (who: Operator): string =>
  'commandLine' in who ? `command-line ${who.commandLine}` : who.id;

/** What a permit says, unless it does not fit the order. Its signature is the kiosk's to check. */
const permitFits = (permit: SignedText, order: StageOrder): boolean => {
  try {
    const read = check(RollbackPermitSchema, JSON.parse(permit.text));
    return (
      read.ok &&
      read.value.to === order.version &&
      read.value.platform === order.platform &&
      read.value.arch === order.arch
    );
  } catch {
    return false;
  }
};

/**
 * What staff decide about releases: who is offered which one, and that one is offered no more. Coordination decides
 * everywhere, laboratory technicians in their own venue. Everything is on record.
 */
export const releases = (deps: ReleasesDeps): Releases => {
  const { releases: store, store: unit, clock } = deps;

  const everywhere = (who: Operator): boolean =>
    'commandLine' in who || (hasRight(who, 'maintain') && scopeOf(who) === 'all');

  const mayStage = async (who: Operator, order: StageOrder): Promise<boolean> => {
    if ('commandLine' in who || everywhere(who)) return true;
    if (!hasRight(who, 'maintain') || who.venueId === null) return false;
    return (await store.venueOf(order.scope, order.scopeId)) === who.venueId;
  };

  const released = async (target: ReleaseTarget, version: string): Promise<StoredRelease | null> =>
    (await store.list()).find(
      (one) =>
        one.platform === target.platform && one.arch === target.arch && one.version === version,
    ) ?? null;

  return {
    overview: async (who) => {
      if (!('commandLine' in who) && !hasRight(who, 'maintain')) return refuse('forbidden');
      const [list, stages, devices] = await Promise.all([
        store.list(),
        store.stages(),
        store.seen(),
      ]);
      return ok({ releases: list, stages, devices });
    },

    add: async (who, release) => {
      if (!everywhere(who)) return refuse('forbidden');
      const { platform, arch, version, manifest } = release;
      const now = { addedAt: clock.now(), addedBy: nameOf(who) };
      const added = await unit.transaction(async (tx) => {
        if (!(await tx.releases.add({ ...release, ...now }))) return false;
        await tx.trail.audit({
          at: now.addedAt,
          actor: now.addedBy,
          action: 'release-added',
          subject: `${platform}-${arch} ${version}`,
          detail: { buildHash: manifest.buildHash, files: manifest.files.length },
        });
        return true;
      });
      return added ? ok(null) : refuse('conflict', 'the version is there');
    },

    stage: async (who, order) => {
      const { platform, arch, scope, scopeId, version, permit } = order;
      if ((scope === 'all') !== (scopeId === '')) return refuse('bad-request', 'scopeId');
      if (!(await mayStage(who, order))) return refuse('forbidden');
      if (version !== null) {
        const release = await released(order, version);
        if (release === null) return refuse('not-found', 'no such release');
        if (release.withdrawn !== null) return refuse('conflict', 'withdrawn');
        if (permit !== null && !permitFits(permit, order)) return refuse('bad-request', 'permit');
      }
      const now = { setAt: clock.now(), setBy: nameOf(who) };
      const staged = await unit.transaction(async (tx) => {
        if (version !== null) {
          await tx.releases.setStage({ platform, arch, scope, scopeId, version, permit, ...now });
        } else if (!(await tx.releases.clearStage(order, scope, scopeId))) return false;
        await tx.trail.audit({
          at: now.setAt,
          actor: now.setBy,
          action: version === null ? 'release-unstaged' : 'release-staged',
          subject: `${platform}-${arch} ${version ?? ''}`.trim(),
          detail: { scope, scopeId, rollback: permit !== null },
        });
        return true;
      });
      return staged ? ok(null) : refuse('not-found');
    },

    withdraw: async (who, target, version, reason) => {
      if (!everywhere(who)) return refuse('forbidden');
      const at = clock.now();
      const withdrawn = await unit.transaction(async (tx) => {
        if (!(await tx.releases.withdraw(target, version, { at, reason }))) return false;
        await tx.trail.audit({
          at,
          actor: nameOf(who),
          action: 'release-withdrawn',
          subject: `${target.platform}-${target.arch} ${version}`,
          detail: { reason },
        });
        return true;
      });
      return withdrawn ? ok(null) : refuse('not-found');
    },
  };
};
