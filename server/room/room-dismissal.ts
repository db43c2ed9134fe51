import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, may } from '#server/people/rights.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { RecordStore } from '#server/record/ports.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { CommandId, RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type {
  RefusedDismissal,
  RoomDismissalRequest,
  RoomDismissalResponse,
} from '#shared/wire/room-dismissal.ts';
import { asOrdered, type Prepared, tellOrder } from './attempt-orders.ts';
import {
  type Counting,
  countingLedgers,
  dismissalNow,
  dismissalOf,
  isCarriedMeanwhile,
} from './counting-ledgers.ts';
import { type RoomEventSum, roomEventSums } from './room-events.ts';
import type { RoomHub } from './room-hub.ts';

export interface RoomDismissalDeps {
  readonly attempts: Pick<LiveAttempts, 'loadAll' | 'load' | 'refresh'>;
  readonly registry: Pick<RegistryStore, 'registrationsOfSession' | 'session'>;
  readonly store: UnitOfWork<{
    readonly registry: Pick<RegistryStore, 'registration'>;
    readonly records: Pick<RecordStore, 'addCommand' | 'commandsByKey' | 'commandsOf'>;
    readonly trail: AuditTrail;
  }>;
  readonly hub: Pick<RoomHub, 'changed'>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/**
 * Dismisses the copy attempts of one event of the room, with one reason: an order for each kiosk, stored in one transaction
 * with an audit entry of the whole, or none. What a kiosk does with its order is as with any other one: it waits while the
 * kiosk is off line, and an exam that it closed reopens with the time that it had left. The person's key names the whole.
 * Problems: `forbidden`, `not-found` (the session, or out of reach), `bad-request`, `conflict` (the key belongs to another order).
 */
export type DismissRoomEvent = (
  staff: StaffMember,
  place: { readonly roomId: RoomId; readonly sessionId: SessionId },
  request: RoomDismissalRequest,
) => Promise<Result<RoomDismissalResponse, Problem>>;

type Chosen = RoomDismissalRequest['attempts'][number];

const nameOf = ({ attemptId, incidentId }: Chosen): string => `${attemptId}:${incidentId}`;

/** The copy attempts of the event that most of the chosen belong to. */
const eventOf = (
  events: readonly RoomEventSum[],
  kind: string,
  chosen: readonly Chosen[],
): ReadonlyMap<string, { readonly dismissed: boolean }> => {
  const names = new Set(chosen.map(nameOf));
  const held = events
    .filter(({ event }) => event.kind === kind)
    .map(
      ({ attempts }) =>
        new Map(
          [...attempts].flatMap(([attemptId, of]) =>
            of.map((one) => [nameOf({ attemptId, ...one }), one] as const),
          ),
        ),
    );
  const hits = (of: ReadonlyMap<string, unknown>) =>
    [...names].filter((name) => of.has(name)).length;
  return held.toSorted((a, b) => hits(b) - hits(a))[0] ?? new Map();
};

/** Whether a dismissal of it is under way. */
const isOrdered = (
  stored: Awaited<ReturnType<RecordStore['commandsOf']>>,
  { incidentId }: Chosen,
): boolean =>
  stored.some(
    ({ state, issued: { command } }) =>
      (state === 'sent' || state === 'delivered') &&
      command.type === 'dismiss' &&
      command.incidentId === incidentId,
  );

interface Ordered {
  readonly key: string;
  readonly one: Chosen;
  /** Whose ledger counts it: the machine where somebody goes on now is not in the session's list of a moment ago. */
  readonly ledger: Counting;
  readonly order: IssuedCommand;
  /** Of the attempt that was chosen; the others go to the machines where it counts on. */
  readonly own: boolean;
}

/**
 * The answer to an order whose key was used before; null when it was not. The key names the whole: what was ordered with it is
 * asked for, whatever became of it since, and a part of it, more, another reason or more time is another order.
 */
const repeated = async (
  staff: StaffMember,
  key: string,
  issued: readonly Ordered[],
  records: Pick<RecordStore, 'commandsByKey'>,
): Promise<Result<RoomDismissalResponse, Problem> | null> => {
  const known = await records.commandsByKey(staff.id, key);
  if (known.size === 0) return null;
  const chosen = issued.filter(({ own }) => own);
  const same =
    known.size === chosen.length &&
    chosen.every(({ key: name, order }) => {
      const before = known.get(name);
      return before !== undefined && asOrdered(before.command) === asOrdered(order.command);
    });
  if (!same) return refuse('conflict', 'the key belongs to another order');
  const orders = chosen.map(({ key: name, one, order }) => ({
    ...one,
    id: known.get(name)?.id ?? order.id,
  }));
  return ok({ orders, refused: [] });
};

export const dismissRoomEvent = (deps: RoomDismissalDeps): DismissRoomEvent => {
  /** Why any of them cannot be dismissed, as memory and the store have it in this moment. */
  const refusals = async (
    of: readonly LiveAttempt[],
    kind: string,
    chosen: readonly Chosen[],
    records: Pick<RecordStore, 'commandsOf'>,
  ): Promise<readonly RefusedDismissal[]> => {
    const byId = new Map(of.map((attempt) => [attempt.registration.attemptId, attempt]));
    const event = eventOf(roomEventSums(of), kind, chosen);
    const found: RefusedDismissal[] = [];
    for (const one of chosen) {
      const counted = byId
        .get(one.attemptId)
        ?.state.incidents.some(
          ({ id, copyAttempt }) => id === one.incidentId && copyAttempt !== null,
        );
      const member = event.get(nameOf(one));
      if (counted !== true) found.push({ ...one, why: 'unknown' });
      else if (member === undefined) found.push({ ...one, why: 'not-of-event' });
      else if (member.dismissed) found.push({ ...one, why: 'dismissed' });
      else if (isOrdered(await records.commandsOf(one.attemptId), one))
        found.push({ ...one, why: 'ordered' });
    }
    return found;
  };

  const dismissAll: DismissRoomEvent = async (staff, { roomId, sessionId }, request) => {
    const { key, kind, reason, extraMs, attempts } = request;
    const asked = { reason, ...(extraMs > 0 ? { extraMs } : {}) };
    if (!hasRight(staff, 'command')) return refuse('forbidden');
    const place = await deps.registry.session(sessionId);
    if (place === null || place.roomId !== roomId || !may(staff, 'command', place))
      return refuse('not-found');
    if (!reason.isWellFormed())
      return refuse('bad-request', 'half a character: no ledger could take the command');
    const chosen = [...new Map(attempts.map((one) => [nameOf(one), one])).values()];
    const of = await deps.attempts.loadAll(() => deps.registry.registrationsOfSession(sessionId));
    const at = deps.clock.now();
    const byId = new Map(of.map((attempt) => [attempt.registration.attemptId, attempt]));
    const lasts = new Set<LiveAttempt>();
    /** An order for each ledger in which it counts. */
    const ordersFor = async (one: Chosen): Promise<readonly Ordered[]> => {
      const attempt = byId.get(one.attemptId);
      if (attempt === undefined) return [];
      const found = await countingLedgers(deps.attempts.load, attempt, one.incidentId);
      if (found !== null) lasts.add(found.last);
      // One that counts nowhere is refused below, with its reason.
      const ledgers = found?.ledgers ?? [{ attempt, incidentId: one.incidentId }];
      return ledgers.map((ledger): Ordered => {
        const { attemptId } = ledger.attempt.registration;
        const own = attemptId === one.attemptId;
        return {
          ledger,
          // Where it counts on may be another machine when it is asked again: that is no part of the whole.
          key: own ? `${key}:${kind}:${nameOf(one)}` : `${key}/${nameOf(one)}/${attemptId}`,
          one,
          own,
          order: {
            id: `command-${deps.random.uuid()}` as CommandId,
            attemptId,
            issuedAt: at,
            issuedBy: { id: staff.id, name: staff.name, role: staff.role },
            command: dismissalOf(ledger, asked),
          },
        };
      });
    };
    const issued = (await Promise.all(chosen.map(ordersFor))).flat();

    const told: Prepared[] = [];
    const outcome = await deps.store.transaction(
      async ({
        registry,
        records,
        trail,
      }): Promise<Result<RoomDismissalResponse, Problem> | null> => {
        const before = await repeated(staff, key, issued, records);
        if (before !== null) return before;
        const refused = await refusals(of, kind, chosen, records);
        if (refused.length > 0) return ok({ orders: [], refused: [...refused] });
        for (const { registration } of lasts)
          if (await isCarriedMeanwhile(registry, registration)) return null;
        const actor = staff.id;
        for (const { key: name, order: basis, ledger } of issued) {
          const { command, ...stands } = await dismissalNow(records, ledger, asked);
          const order = { ...basis, command };
          const detail = { commandId: order.id, text: reason };
          const subject = order.attemptId;
          const row = { at, actor, action: 'command-dismiss', subject, detail };
          // Nobody comes between: the transaction has just looked for the key.
          if (!(await records.addCommand(order, name, row, stands)))
            throw new Error(`key used: ${name}`);
          told.push({ attempt: ledger.attempt, issued: order, ...stands });
        }
        const detail = { kind, reason, extraMs, attempts: chosen.length };
        await trail.audit({
          at,
          actor,
          action: 'room-event-dismissed',
          subject: sessionId,
          detail,
        });
        return ok({
          orders: issued.filter(({ own }) => own).map(({ one, order: { id } }) => ({ ...one, id })),
          refused: [],
        });
      },
    );
    if (outcome === null) {
      for (const { registration } of lasts) await deps.attempts.refresh(registration.attemptId);
      return dismissAll(staff, { roomId, sessionId }, request);
    }
    for (const order of told) tellOrder(deps.hub, order);
    return outcome;
  };
  return dismissAll;
};
