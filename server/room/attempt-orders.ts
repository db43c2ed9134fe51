import type { StaffMember } from '#server/people/ports.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { changedIncidents } from '#server/record/attempt-fold.ts';
import { asStored, decidedOf, endedNow } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { RecordStore, StoredCommand } from '#server/record/ports.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { AttemptId, CommandId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Command, DismissCommand, IssuedCommand } from '#shared/wire/command.ts';
import type { CommandRequest } from '#shared/wire/http.ts';
import { reachAttempt } from './attempt-reach.ts';
import {
  countingLedgers,
  dismissalNow,
  dismissalOf,
  isCarriedMeanwhile,
} from './counting-ledgers.ts';
import { endingRefusal } from './ending-refusal.ts';
import type { RoomHub } from './room-hub.ts';

export interface AttemptOrdersDeps {
  readonly attempts: LiveAttempts;
  readonly records: RecordStore;
  readonly store: UnitOfWork<{
    readonly registry: Pick<RegistryStore, 'registration'>;
    readonly records: Pick<RecordStore, 'addCommand' | 'commandByKey' | 'commandsOf'>;
    readonly trail: AuditTrail;
  }>;
  readonly hub: Pick<RoomHub, 'changed'>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

type Ordered = Result<{ readonly id: CommandId }, Problem>;

/**
 * Keeps the command until the kiosk's ledger answers it, and sends it when the kiosk is there. The
 * person's key names the order: a repetition changes nothing and gets the same id, however many
 * arrive at once; the key with another order is a `conflict`. Problems: also those of `reachAttempt` and `endingRefusal`.
 */
export type OrderAttempt = (
  staff: StaffMember,
  attemptId: AttemptId,
  order: CommandRequest,
) => Promise<Ordered>;

/** An order, and how the attempt stands with it. */
export interface Prepared extends Pick<StoredCommand, 'issued' | 'ended' | 'leftMs'> {
  readonly attempt: LiveAttempt;
}

/** An order that was stored is told to memory, the kiosk and the desks. */
export const tellOrder = (hub: Pick<RoomHub, 'changed'>, { attempt, ...order }: Prepared): void => {
  const { issued } = order;
  const before = decidedOf(attempt);
  attempt.commands.set(issued.id, { ...order, state: 'sent' });
  attempt.presence.link?.send({ type: 'command', issued });
  const incidents = changedIncidents(before, decidedOf(attempt));
  hub.changed(attempt, { commands: [issued.id], incidents });
};

export const attemptOrders = (deps: AttemptOrdersDeps): OrderAttempt => {
  const prepare = (
    staff: StaffMember,
    attempt: LiveAttempt,
    command: Command,
    stands: Pick<StoredCommand, 'ended' | 'leftMs'> = {},
  ): Prepared => ({
    attempt,
    ...stands,
    issued: {
      id: `command-${deps.random.uuid()}` as CommandId,
      attemptId: attempt.registration.attemptId,
      issuedAt: deps.clock.now(),
      issuedBy: { id: staff.id, name: staff.name, role: staff.role },
      command,
    },
  });

  const audit = ({ issued, ended }: Prepared, cutOff: boolean) => {
    const { command, issuedBy, issuedAt: at, attemptId: subject } = issued;
    const ending = command.type === 'close' ? command.ending : undefined;
    return {
      at,
      actor: issuedBy.id,
      action: `command-${command.type}`,
      subject,
      detail: {
        commandId: issued.id,
        text: textOf(command),
        ...(ending === undefined ? {} : { ending, seq: String(ended?.seq) }),
        ...(cutOff ? { cutOff: 'true' } : {}),
      },
    };
  };

  const single = async (
    staff: StaffMember,
    attempt: LiveAttempt,
    request: CommandRequest,
  ): Promise<Ordered> => {
    const { key, command, cutOff } = request;
    const { attemptId } = attempt.registration;
    const repeatedOr = async (otherwise: Result<never, Problem>): Promise<Ordered> => {
      const first = await deps.records.commandByKey(staff.id, key);
      return first === null ? otherwise : repeated(first, attemptId, command);
    };
    const ending = command.type === 'close' ? command.ending : undefined;
    const refusal = ending === undefined ? null : endingRefusal(ending, attempt, cutOff === true);
    if (refusal !== null) return repeatedOr(refusal);
    const stored = await deps.store.transaction(
      async ({ registry, records }): Promise<Prepared | 'carried' | 'used'> => {
        // Whoever went on elsewhere meanwhile has that attempt now: this one has nothing to end.
        if (ending !== undefined && (await isCarriedMeanwhile(registry, attempt.registration)))
          return 'carried';
        const stands =
          ending === undefined
            ? {}
            : { ended: endedNow(asStored(attempt, await records.commandsOf(attemptId))) };
        const order = prepare(staff, attempt, command, stands);
        const cutsOff = ending !== undefined && attempt.presence.link !== null;
        const row = audit(order, cutsOff);
        return (await records.addCommand(order.issued, key, row, stands)) ? order : 'used';
      },
    );
    if (stored === 'carried') {
      await deps.attempts.refresh(attemptId);
      return single(staff, attempt, request);
    }
    if (stored === 'used') return repeatedOr(refuse('conflict'));
    tellOrder(deps.hub, stored);
    return ok({ id: stored.issued.id });
  };

  /** An order for each ledger in which the copy attempt counts, all of them or none. */
  const dismissal = async (
    staff: StaffMember,
    attempt: LiveAttempt,
    key: string,
    command: DismissCommand,
  ): Promise<Ordered> => {
    const found = await countingLedgers(deps.attempts.load, attempt, command.incidentId);
    if (found === null) return refuse('not-found', 'no copy attempt with this incident');
    const { ledgers, last } = found;
    const own = ledgers.find((one) => one.attempt === attempt) ?? ledgers[0];
    if (own === undefined) throw new Error('a copy attempt counts nowhere');
    const orders: Prepared[] = [];
    const outcome = await deps.store.transaction(
      async ({ registry, records }): Promise<Ordered | null> => {
        const first = await records.commandByKey(staff.id, key);
        if (first !== null)
          return repeated(first, own.attempt.registration.attemptId, dismissalOf(own, command));
        if (await isCarriedMeanwhile(registry, last.registration)) return null;
        for (const one of ledgers) {
          const { command: order, ...stands } = await dismissalNow(records, one, command);
          const prepared = prepare(staff, one.attempt, order, stands);
          const name = one === own ? key : `${key}:${prepared.issued.attemptId}`;
          // Nobody comes between: the transaction has just looked for the key.
          if (!(await records.addCommand(prepared.issued, name, audit(prepared, false), stands)))
            throw new Error(`key used: ${name}`);
          orders.push(prepared);
        }
        const id = orders[ledgers.indexOf(own)]?.issued.id;
        if (id === undefined) throw new Error('an order is missing');
        return ok({ id });
      },
    );
    if (outcome === null) {
      await deps.attempts.refresh(last.registration.attemptId);
      return dismissal(staff, attempt, key, command);
    }
    for (const order of orders) tellOrder(deps.hub, order);
    return outcome;
  };

  return async (staff, attemptId, order) => {
    const found = await reachAttempt(deps.attempts, staff, attemptId, 'command');
    if (!found.ok) return found;
    const { command, key } = order;
    const fault = faultOf(command);
    if (fault !== null) return refuse('bad-request', fault);
    return command.type === 'dismiss'
      ? dismissal(staff, found.value, key, command)
      : single(staff, found.value, order);
  };
};

const textOf = (command: Command): string =>
  command.type === 'message' ? command.text : command.reason;

/** Why no kiosk could carry the command out, or null. */
const faultOf = (command: Command): string | null => {
  if (!textOf(command).isWellFormed()) return 'half a character: no ledger could take the command';
  if (command.type !== 'identity') return null;
  const { decision, authorisedBy } = command;
  if (authorisedBy?.isWellFormed() === false) return 'half a character in authorisedBy';
  // Art. 31: an alternative to the document names who authorised it; nothing else does.
  return (decision === 'authorised-alternative') === (authorisedBy !== null)
    ? null
    : 'authorisedBy goes with authorised-alternative, and only with it';
};

/** What the person ordered; whether the exam reopens by it, the server says. */
export const asOrdered = (command: Command): string => {
  if (command.type !== 'dismiss') return canonicalText(command);
  const { reopens: _, ...asked } = command;
  return canonicalText(asked);
};

/** The answer to an order whose key was used before. */
const repeated = (first: IssuedCommand, attemptId: AttemptId, command: Command): Ordered =>
  first.attemptId === attemptId && asOrdered(first.command) === asOrdered(command)
    ? ok({ id: first.id })
    : refuse('conflict', 'the key belongs to another order');
