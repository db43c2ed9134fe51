import type { IncidentRecord } from '#shared/attempt/attempt-state.ts';
import { type AttemptState, applyEntry, EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import type { AttemptId, CommandId, Hash } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { LiveState, ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import { storedFault } from './entry-hash.ts';
import { effectivePolicy } from './given-out.ts';
import type { EntryLog, Notice, RecordStore, StoredCommand } from './ports.ts';
import type { Registration, RegistryStore } from './registry-ports.ts';

/** The open socket of a kiosk, as the use cases see it. */
export interface KioskLink {
  send(message: ServerToKiosk): void;
  /** Ends the connection; `reason` is short ASCII. */
  close(code: number, reason: string): void;
}

/** What follows from an attempt's ledger. */
export interface Folded {
  readonly state: AttemptState;
  /** Server time minus exam time, by the last entry's own estimate; null before the first. */
  readonly wallOffset: number | null;
  /** The build that its kiosk names; null when it names none, and before the first entry. */
  readonly build: Hash | null;
  /** When each incident began, server time. */
  readonly incidentStartedAt: ReadonlyMap<string, EpochMs>;
}

/** Before the first entry. */
export const NOTHING_FOLDED: Folded = {
  state: EMPTY_ATTEMPT,
  wallOffset: null,
  build: null,
  incidentStartedAt: new Map(),
};

/**
 * One attempt in memory: its registration, its ledger folded, and what is only true right now. Made
 * from the store when first needed and after a restart; the ledger's part never differs from what is
 * committed.
 */
export interface LiveAttempt extends Folded {
  registration: Registration;
  state: AttemptState;
  wallOffset: number | null;
  build: Hash | null;
  incidentStartedAt: Folded['incidentStartedAt'];
  readonly commands: Map<CommandId, StoredCommand>;
  readonly notices: Notice[];
  /** Entries came out of order and some are still missing. */
  gap: boolean;
  brokenReason: string | null;
  link: KioskLink | null;
  connectionSince: EpochMs | null;
  /** When the kiosk was last heard; null when never since this server started. */
  heardAt: EpochMs | null;
  live: LiveState | null;
}

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
    wallOffset: entry.wall - entry.t,
    build: opened ? (entry.data as unknown as FactData<'attempt-opened'>).host.build : folded.build,
    incidentStartedAt:
      state.incidents === folded.state.incidents
        ? folded.incidentStartedAt
        : startTimes(folded.incidentStartedAt, state, entry),
  };
};

/** Incidents that are new or another than before. */
export const changedIncidents = (
  before: AttemptState,
  after: AttemptState,
): readonly IncidentRecord[] =>
  after.incidents === before.incidents
    ? []
    : after.incidents.filter((incident, i) => incident !== before.incidents[i]);

const startTimes = (
  known: Folded['incidentStartedAt'],
  { incidents }: AttemptState,
  entry: LedgerEntry,
): Folded['incidentStartedAt'] => {
  const fresh = incidents.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return known;
  const times = new Map(known);
  for (const { id, startedT } of fresh) {
    times.set(id, Math.max(0, entry.wall - (entry.t - startedT)));
  }
  return times;
};

/** A policy is 5 kB in memory and the same for a whole exam. */
const sharePolicy = (state: AttemptState, registration: Registration): AttemptState => {
  const policy = effectivePolicy(registration);
  return JSON.stringify(state.policy) === JSON.stringify(policy) ? { ...state, policy } : state;
};

export interface LiveAttempts {
  /** From memory, or from the store; null when there is no such attempt. */
  load(attemptId: AttemptId): Promise<LiveAttempt | null>;
  /** All attempts of a registration list, loading what is missing. */
  loadAll(registrations: readonly Registration[]): Promise<readonly LiveAttempt[]>;
  /** Only from memory. */
  peek(attemptId: AttemptId): LiveAttempt | null;
  /** Reads the registration again (the device changed at a sign-in). */
  refresh(attemptId: AttemptId): Promise<void>;
  /**
   * Catches up with the log, which is the truth.
   * @returns whether there was anything that memory did not know.
   */
  readOn(attempt: LiveAttempt): Promise<boolean>;
  /** Everything in memory, for the watch over connections. */
  all(): Iterable<LiveAttempt>;
}

export interface LiveAttemptsDeps {
  readonly registry: RegistryStore;
  readonly records: RecordStore;
  readonly log: EntryLog;
  /** The stored ledger does not fit its own hashes (`brokenReason` says where). */
  readonly tampered: (attempt: LiveAttempt) => void;
}

export const liveAttempts = (deps: LiveAttemptsDeps): LiveAttempts => {
  const attempts = new Map<AttemptId, LiveAttempt>();
  const loading = new Map<AttemptId, Promise<LiveAttempt | null>>();

  const read = async (attemptId: AttemptId, given?: Registration): Promise<LiveAttempt | null> => {
    const registration = given ?? (await deps.registry.registration(attemptId));
    if (registration === null) return null;
    const [entries, commands, notices] = await Promise.all([
      deps.log.read(attemptId, 0),
      deps.records.commandsOf(attemptId),
      deps.records.noticesOf(attemptId),
    ]);
    const attempt: LiveAttempt = {
      registration,
      ...entries.reduce((folded, entry) => foldEntry(folded, entry, registration), NOTHING_FOLDED),
      commands: new Map(commands.map((command) => [command.issued.id, command])),
      notices: [...notices],
      gap: false,
      brokenReason: registration.brokenReason ?? storedFault(entries, registration.verifiedSeq),
      link: null,
      connectionSince: null,
      heardAt: null,
      live: null,
    };
    if (attempt.brokenReason !== registration.brokenReason) deps.tampered(attempt);
    attempts.set(attemptId, attempt);
    return attempt;
  };

  const load = (attemptId: AttemptId, given?: Registration): Promise<LiveAttempt | null> => {
    const known = attempts.get(attemptId);
    if (known !== undefined) return Promise.resolve(known);
    const pending = loading.get(attemptId);
    if (pending !== undefined) return pending;
    const started = read(attemptId, given).finally(() => loading.delete(attemptId));
    loading.set(attemptId, started);
    return started;
  };

  return {
    load: (attemptId) => load(attemptId),
    loadAll: async (registrations) => {
      const loaded: LiveAttempt[] = [];
      for (const registration of registrations) {
        const attempt = await load(registration.attemptId, registration);
        if (attempt !== null) loaded.push(attempt);
      }
      return loaded;
    },
    peek: (attemptId) => attempts.get(attemptId) ?? null,
    refresh: async (attemptId) => {
      const attempt = attempts.get(attemptId);
      const registration = await deps.registry.registration(attemptId);
      if (attempt !== undefined && registration !== null) attempt.registration = registration;
    },
    readOn: async (attempt) => {
      const { registration, state, wallOffset, build, incidentStartedAt } = attempt;
      const entries = await deps.log.read(registration.attemptId, state.seq);
      if (entries.length === 0) return false;
      const known: Folded = { state, wallOffset, build, incidentStartedAt };
      Object.assign(
        attempt,
        entries.reduce((folded, entry) => foldEntry(folded, entry, registration), known),
      );
      return true;
    },
    all: () => attempts.values(),
  };
};

/** Commands that the kiosk's ledger has not answered yet, oldest first. */
export const openCommands = (attempt: LiveAttempt): readonly IssuedCommand[] =>
  [...attempt.commands.values()]
    .filter(({ state }) => state === 'sent' || state === 'delivered')
    .map(({ issued }) => issued);
