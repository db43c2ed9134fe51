import { applyEntry } from '#shared/attempt/apply-entry.ts';
import {
  type AttemptState,
  EMPTY_ATTEMPT,
  type IncidentRecord,
} from '#shared/attempt/attempt-state.ts';
import type { Hash } from '#shared/kernel/ids.ts';
import { type EpochMs, type ExamTime, toEpochMs } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import { effectivePolicy } from './given-out.ts';
import type { Registration } from './registry-ports.ts';

/**
 * Raised whenever the same entries become another `Folded`, in what it says or how it is written: folds that were stored
 * are made again then. `kept-fold.test.ts` knows when that is.
 */
export const FOLD_VERSION = '2';

/** What follows from an attempt's ledger. */
export interface Folded {
  readonly state: AttemptState;
  /** Server time minus exam time, by the last entry's own estimate; null before the first. */
  readonly wallOffset: number | null;
  /** The build that its kiosk names; null when it names none, and before the first entry. */
  readonly build: Hash | null;
  /** The runs of its program that are over, oldest first. */
  readonly runs: readonly EndedRun[];
}

/** A run of the kiosk's program, from a start or a restart to the next. */
interface EndedRun {
  /** Exam time at which the next one began. */
  readonly untilT: ExamTime;
  /** Server time minus exam time, by its last entry's own estimate. */
  readonly offset: number;
}

/** Restarts with the same estimate are one run; of a machine that restarts more often, the last ones are told apart. */
const RUNS_KEPT = 64;
/** Estimates of one clock that differ by no more are the same, ms: no entry moves all that was before by a moment. */
const SAME_CLOCK_MS = 250;

/**
 * When something of an attempt was, on the server's clock. Within one run of the program exam time and the server's go on
 * alike, and the run's last entry has the best estimate of the difference: a machine that was switched on without a network
 * and with a wrong clock tells a wrong time until it hears the server again, and then the right one for all of that run.
 * What was never corrected is told as the kiosk told it. (When an entry arrived says nothing: it may have waited off line.)
 */
export const serverTimeOf = (
  { runs, wallOffset }: Pick<Folded, 'runs' | 'wallOffset'>,
  t: ExamTime,
): EpochMs => {
  const run = runs.find(({ untilT }) => t < untilT);
  return toEpochMs((run?.offset ?? wallOffset ?? 0) + t);
};

/** Before the first entry. */
export const NOTHING_FOLDED: Folded = {
  state: EMPTY_ATTEMPT,
  wallOffset: null,
  build: null,
  runs: [],
};

/**
 * What one more entry makes of it. Pure: nothing is changed until the entry is committed.
 * @throws when the entry cannot be folded; then it must not be stored.
 */
export const foldEntry = (
  folded: Folded,
  entry: LedgerEntry,
  registration: Registration,
): Folded => {
  const state = applyEntry(folded.state, entry);
  const opened = entry.seq === 1;
  return {
    state: opened ? sharePolicy(state, registration) : state,
    wallOffset: steadyOffset(folded.wallOffset, entry.wall - entry.t),
    build: opened ? (entry.data as unknown as FactData<'attempt-opened'>).host.build : folded.build,
    runs: entry.type === 'host-restarted' ? withEnded(folded, entry.t) : folded.runs,
  };
};

/** All entries, in order, on top of what is known. */
export const foldAll = (
  known: Folded,
  entries: readonly LedgerEntry[],
  registration: Registration,
): Folded => entries.reduce((folded, entry) => foldEntry(folded, entry, registration), known);

/** Incidents that are new or another than before. */
export const changedIncidents = (
  before: AttemptState,
  after: AttemptState,
): readonly IncidentRecord[] =>
  after.incidents === before.incidents
    ? []
    : after.incidents.filter((incident, i) => incident !== before.incidents[i]);

const steadyOffset = (known: number | null, now: number): number =>
  known !== null && Math.abs(now - known) <= SAME_CLOCK_MS ? known : now;

const withEnded = ({ runs, wallOffset }: Folded, untilT: ExamTime): Folded['runs'] => {
  if (wallOffset === null) return runs;
  const last = runs.at(-1);
  const same = last !== undefined && Math.abs(last.offset - wallOffset) <= SAME_CLOCK_MS;
  return [...(same ? runs.slice(0, -1) : runs), { untilT, offset: wallOffset }].slice(-RUNS_KEPT);
};

/** A policy is 5 kB in memory and the same for a whole exam. */
const sharePolicy = (state: AttemptState, registration: Registration): AttemptState => {
  const policy = effectivePolicy(registration);
  return JSON.stringify(state.policy) === JSON.stringify(policy) ? { ...state, policy } : state;
};
