import type { IncidentRecord } from '#shared/attempt/attempt-state.ts';
import { type AttemptState, applyEntry, EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { accommodate } from '#shared/incident/accommodation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { AttemptId, CommandId, Hash } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { BuildState } from '#shared/wire/devices.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { LiveState, ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import { storedFault } from './entry-hash.ts';
import type { EntryLog, Notice, RecordStore, StoredCommand } from './ports.ts';
import type { Registration, RegistryStore } from './registry-ports.ts';

/** The open socket of a kiosk, as the use cases see it. */
export interface KioskLink {
  send(message: ServerToKiosk): void;
  /** Ends the connection; `reason` is short ASCII. */
  close(code: number, reason: string): void;
}

/**
 * One attempt in memory: its registration, its ledger folded, and what is only true right now. Made
 * from the store when first needed and after a restart; the ledger's part never differs from what is
 * committed.
 */
export interface LiveAttempt {
  registration: Registration;
  state: AttemptState;
  /** Server time minus exam time, by the last entry's own estimate; null before the first. */
  wallOffset: number | null;
  /** When each incident began, server time. */
  readonly incidentStartedAt: Map<string, EpochMs>;
  readonly commands: Map<CommandId, StoredCommand>;
  readonly notices: Notice[];
  /** Entries came out of order and some are still missing. */
  gap: boolean;
  /** The build that its kiosk names; null when it names none, and before the first entry. */
  build: Hash | null;
  /** What the institution's list says of it now. */
  readonly buildState: () => BuildState;
  brokenReason: string | null;
  link: KioskLink | null;
  connectionSince: EpochMs | null;
  /** When the kiosk was last heard; null when never since this server started. */
  heardAt: EpochMs | null;
  live: LiveState | null;
}

const accommodated = new WeakMap<Policy, Map<string, Policy>>();

/**
 * The exam's policy with the examinee's accommodations applied (Art. 26d, 55). One object per case,
 * however many examinees share it.
 */
export const effectivePolicy = ({ exam, accommodations }: Registration): Policy => {
  if (accommodations.size === 0) return exam.policy;
  const known = accommodated.get(exam.policy) ?? new Map<string, Policy>();
  accommodated.set(exam.policy, known);
  const codes = [...accommodations].sort().join();
  const policy = known.get(codes) ?? accommodate(exam.policy, accommodations);
  known.set(codes, policy);
  return policy;
};

/**
 * Folds a committed entry into the attempt.
 * @returns the incidents that it changed.
 */
export const fold = (attempt: LiveAttempt, entry: LedgerEntry): readonly IncidentRecord[] => {
  const before = attempt.state.incidents;
  attempt.state = applyEntry(attempt.state, entry);
  attempt.wallOffset = entry.wall - entry.t;
  if (entry.seq === 1) {
    sharePolicy(attempt);
    attempt.build = (entry.data as unknown as FactData<'attempt-opened'>).host.build;
  }
  const after = attempt.state.incidents;
  if (after === before) return [];
  const changed = after.filter((incident, i) => incident !== before[i]);
  for (const incident of changed) {
    if (attempt.incidentStartedAt.has(incident.id)) continue;
    attempt.incidentStartedAt.set(
      incident.id,
      Math.max(0, entry.wall - (entry.t - incident.startedT)),
    );
  }
  return changed;
};

/** A policy is 5 kB in memory and the same for a whole exam. */
const sharePolicy = (attempt: LiveAttempt): void => {
  const policy = effectivePolicy(attempt.registration);
  if (JSON.stringify(attempt.state.policy) === JSON.stringify(policy)) {
    attempt.state = { ...attempt.state, policy };
  }
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
  /** Everything in memory, for the watch over connections. */
  all(): Iterable<LiveAttempt>;
}

export interface LiveAttemptsDeps {
  readonly registry: RegistryStore;
  readonly records: RecordStore;
  readonly log: EntryLog;
  /** The stored ledger does not fit its own hashes (`brokenReason` says where). */
  readonly tampered: (attempt: LiveAttempt) => void;
  readonly judgeBuild: (build: Hash | null) => BuildState;
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
      state: EMPTY_ATTEMPT,
      wallOffset: null,
      incidentStartedAt: new Map(),
      commands: new Map(commands.map((command) => [command.issued.id, command])),
      notices: [...notices],
      gap: false,
      build: null,
      buildState: () => deps.judgeBuild(attempt.build),
      brokenReason: registration.brokenReason ?? storedFault(entries, registration.verifiedSeq),
      link: null,
      connectionSince: null,
      heardAt: null,
      live: null,
    };
    for (const entry of entries) fold(attempt, entry);
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
    all: () => attempts.values(),
  };
};

/** Commands that the kiosk's ledger has not answered yet, oldest first. */
export const openCommands = (attempt: LiveAttempt): readonly IssuedCommand[] =>
  [...attempt.commands.values()]
    .filter(({ state }) => state === 'sent' || state === 'delivered')
    .map(({ issued }) => issued);
