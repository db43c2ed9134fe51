import { asStored, endingOf, timeLeftWith } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { RecordStore, StoredCommand } from '#server/record/ports.ts';
import type { Registration, RegistryStore } from '#server/record/registry-ports.ts';
import type { CarriedAttempt } from '#shared/incident/carried.ts';
import type { AttemptId, IncidentId } from '#shared/kernel/ids.ts';
import type { DismissCommand } from '#shared/wire/command.ts';

/** A ledger in which a copy attempt counts, and what it is called there. */
export interface Counting {
  readonly attempt: LiveAttempt;
  readonly incidentId: IncidentId;
}

type Load = (attemptId: AttemptId) => Promise<LiveAttempt | null>;

const carriedBy = ({ registration }: LiveAttempt): readonly CarriedAttempt[] =>
  registration.carries?.carried?.attempts ?? [];

/** The incidents of the act that counted, by any of them; none when it did not count. */
const countedAct = ({ state }: LiveAttempt, id: IncidentId): readonly IncidentId[] => {
  const episode = state.incidents.find((one) => one.id === id)?.episodeId;
  const act = state.incidents.filter(({ episodeId }) => episodeId === episode);
  return act.some(({ copyAttempt }) => copyAttempt !== null) ? act.map((one) => one.id) : [];
};

/** Where the copy attempt was counted first: it may be named as the attempt's own, or as what it carries on. */
const originOf = async (
  load: Load,
  attempt: LiveAttempt,
  incidentId: IncidentId,
): Promise<Counting | null> => {
  if (countedAct(attempt, incidentId).length > 0) return { attempt, incidentId };
  const carried =
    carriedBy(attempt).find(({ id }) => id === incidentId) ??
    carriedBy(attempt).find((one) => one.incidentId === incidentId);
  if (carried === undefined) return null;
  const first = await load(carried.attemptId);
  return first === null ? null : { attempt: first, incidentId: carried.incidentId };
};

/**
 * All ledgers in which a copy attempt counts: the one that recorded it, and those that carry it on, to the machine that the
 * examinee sits at now. What a person dismisses is dismissed in all of them, from whichever it was named.
 * @returns null when no copy attempt has that name; `last`: the attempt that nobody carries on, as far as memory knows.
 */
export const countingLedgers = async (
  load: Load,
  attempt: LiveAttempt,
  incidentId: IncidentId,
): Promise<{ readonly ledgers: readonly Counting[]; readonly last: LiveAttempt } | null> => {
  const origin = await originOf(load, attempt, incidentId);
  if (origin === null) return null;
  const act = new Set(countedAct(origin.attempt, origin.incidentId));
  const first = origin.attempt.registration.attemptId;
  const ledgers = [origin];
  let last = origin.attempt;
  for (;;) {
    const { carriedOnBy } = last.registration;
    const next = carriedOnBy === null ? null : await load(carriedOnBy);
    if (next === null) return { ledgers, last };
    const carried = carriedBy(next).find(
      (one) => one.attemptId === first && act.has(one.incidentId),
    );
    if (carried !== undefined) ledgers.push({ attempt: next, incidentId: carried.id });
    last = next;
  }
};

/** Whether somebody went on elsewhere since memory was asked: then it counts there too. */
export const isCarriedMeanwhile = async (
  registry: Pick<RegistryStore, 'registration'>,
  { attemptId, carriedOnBy }: Registration,
): Promise<boolean> => (await registry.registration(attemptId))?.carriedOnBy !== carriedOnBy;

type Asked = Pick<DismissCommand, 'reason' | 'extraMs'>;

/** The order to dismiss it in one of these ledgers. */
export const dismissalOf = (
  { incidentId }: Counting,
  { reason, extraMs }: Asked,
): DismissCommand => ({
  type: 'dismiss',
  incidentId,
  reason,
  ...(extraMs === undefined ? {} : { extraMs }),
});

/**
 * The order as the ledger gets it after all that is stored by now, and what is left with it: where staff ended the exam on
 * that machine, it stays closed there. To be asked for in the transaction that stores the order.
 */
export const dismissalNow = async (
  records: Pick<RecordStore, 'commandsOf'>,
  ledger: Counting,
  asked: Asked,
): Promise<{ readonly command: DismissCommand } & Pick<StoredCommand, 'leftMs'>> => {
  const { attempt } = ledger;
  const now = asStored(attempt, await records.commandsOf(attempt.registration.attemptId));
  const order = dismissalOf(ledger, asked);
  const command = endingOf(now) === null ? order : { ...order, reopens: false as const };
  return { command, leftMs: timeLeftWith(now, command) };
};
