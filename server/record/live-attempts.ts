import type { AttemptId } from '#shared/kernel/ids.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import { foldAll, NOTHING_FOLDED } from './attempt-fold.ts';
import { type Known, ledgerReader } from './ledger-reader.ts';
import {
  advance,
  foldedOf,
  type LiveAttempt,
  openCommands,
  type Presence,
  register,
} from './live-attempt.ts';
import type { EntryLog, FoldStore, LedgerHead, RecordStore } from './ports.ts';
import type { Registration, RegistryStore } from './registry-ports.ts';

/**
 * Attempts that stay in memory although nobody holds them: two rooms of thirty, so that somebody who looks at one
 * after the other, or a kiosk that delivers over HTTP, finds them there. Reading one of 200 entries again costs some
 * milliseconds, keeping it some 10 kB.
 */
const KEPT = 64;

/** What was true of a kiosk's connection is forgotten this long after the shift, ms; then it is as after a restart. */
const PRESENCE_MS = 24 * 60 * MINUTE;

/**
 * The attempts in memory. The store is the truth and memory a cache of it: an attempt is read when it is asked for,
 * and leaves when nobody holds it any more. Whoever holds one (an open socket, a turn of the ingest, a watched room,
 * a use case that waits for something) keeps it, and everybody else gets that same one.
 */
export interface LiveAttempts {
  /** From memory, or from the store; null when there is no such attempt. */
  load(attemptId: AttemptId): Promise<LiveAttempt | null>;
  /** What is in memory; null for everything else. */
  find(attemptId: AttemptId): LiveAttempt | null;
  /**
   * What its kiosk is told when it comes: from memory, or from the store without reading its ledger. With a fold, after
   * which little is left to read, the attempt is in memory then.
   */
  enter(attemptId: AttemptId): Promise<Doorway | null>;
  /** All attempts of a list of registrations, which is read by `list`. */
  loadAll(list: () => Promise<readonly Registration[]>): Promise<readonly LiveAttempt[]>;
  /** Reads the registration again (the device changed at a sign-in). */
  refresh(attemptId: AttemptId): Promise<void>;
  /** Reads the registrations again that may have changed together. */
  refreshWhere(concerns: (registration: Registration) => boolean): Promise<void>;
  /**
   * Catches up with the log, which is the truth.
   * @returns whether there was anything that memory did not know.
   */
  readOn(attempt: LiveAttempt): Promise<boolean>;
  /** What is known about the kiosks of all attempts that were asked for since the start, in memory or not. */
  presences(): Iterable<Presence>;
  /** Forgets connections of long ago, and what the store tells as well. Called regularly. */
  sweep(now: EpochMs): void;
}

/** An attempt at whose door its kiosk stands. */
export interface Doorway {
  readonly registration: Registration;
  readonly presence: Presence;
  readonly head: LedgerHead;
  /** Commands that its ledger has not answered yet, oldest first. */
  readonly open: readonly IssuedCommand[];
}

export interface LiveAttemptsDeps {
  readonly registry: Pick<RegistryStore, 'registration'>;
  readonly records: Pick<RecordStore, 'commandsOf' | 'noticesOf'>;
  readonly log: Pick<EntryLog, 'read' | 'head'>;
  readonly folds: Pick<FoldStore, 'read'>;
  /** The stored ledger does not fit its own links (`brokenReason` says where). */
  readonly tampered: (attempt: LiveAttempt) => void;
  /** An attempt was read: all its entries are still to be read and hashed again. */
  readonly loaded: (attempt: LiveAttempt) => void;
  /** How many stay although nobody holds them; only tests change it. */
  readonly kept?: number;
}

export const liveAttempts = (deps: LiveAttemptsDeps): LiveAttempts => {
  const most = deps.kept ?? KEPT;
  const ledgers = ledgerReader(deps);
  /** Where an attempt is found as long as anybody holds it: two of the same would drift apart. */
  const held = new Map<AttemptId, WeakRef<LiveAttempt>>();
  const gone = new FinalizationRegistry<AttemptId>((attemptId) => {
    if (held.get(attemptId)?.deref() === undefined) held.delete(attemptId);
  });
  /** Those asked for last, oldest first. */
  const recent = new Map<AttemptId, LiveAttempt>();
  const presences = new Map<AttemptId, Presence>();
  const loading = new Map<AttemptId, Promise<LiveAttempt | null>>();
  /** Counts up with every change of registrations, so that a reading that began before it is noticed. */
  let version = 0;

  const find = (attemptId: AttemptId): LiveAttempt | null => held.get(attemptId)?.deref() ?? null;

  const touch = (attempt: LiveAttempt): LiveAttempt => {
    const { attemptId } = attempt.registration;
    recent.delete(attemptId);
    recent.set(attemptId, attempt);
    for (const oldest of recent.keys()) {
      if (recent.size <= most) break;
      recent.delete(oldest);
    }
    return attempt;
  };

  const presenceOf = ({ attemptId, shift, device, full }: Registration): Presence => {
    let presence = presences.get(attemptId);
    if (presence === undefined) {
      presence = {
        attemptId,
        shiftEndsAt: shift.endsAt,
        deviceId: device?.id ?? null,
        phase: null,
        link: null,
        connectionSince: null,
        heardAt: null,
        heardSteady: null,
        live: null,
        gap: false,
        full,
      };
      presences.set(attemptId, presence);
    }
    return presence;
  };

  const read = async (
    attemptId: AttemptId,
    given: Known | null,
    givenVersion: number,
  ): Promise<LiveAttempt | null> => {
    let registration = given?.registration ?? (await deps.registry.registration(attemptId));
    if (registration === null) return null;
    const [{ from, entries, fault }, commands, notices] = await Promise.all([
      ledgers.read(given ?? { registration }),
      deps.records.commandsOf(attemptId),
      deps.records.noticesOf(attemptId),
    ]);
    for (let seen = givenVersion; seen !== version; ) {
      seen = version;
      registration = (await deps.registry.registration(attemptId)) ?? registration;
    }
    const attempt: LiveAttempt = {
      registration,
      presence: presenceOf(registration),
      ...from.folded,
      commands: new Map(commands.map((command) => [command.issued.id, command])),
      notices: [...notices],
      contradictions: registration.contradictions,
      brokenReason: registration.brokenReason ?? fault,
      kept: { seq: from.folded.state.seq, bytes: from.bytes },
      bytes: null,
    };
    register(attempt, registration);
    advance(attempt, foldAll(from.folded, entries, registration));
    held.set(attemptId, new WeakRef(attempt));
    gone.register(attempt, attemptId);
    if (attempt.brokenReason !== registration.brokenReason) deps.tampered(attempt);
    deps.loaded(attempt);
    return attempt;
  };

  const load = (
    attemptId: AttemptId,
    given: Known | null = null,
    givenVersion = version,
  ): Promise<LiveAttempt | null> => {
    const known = find(attemptId);
    if (known !== null) return Promise.resolve(touch(known));
    const pending = loading.get(attemptId);
    if (pending !== undefined) return pending;
    const started = read(attemptId, given, givenVersion)
      .then((attempt) => (attempt === null ? null : touch(attempt)))
      .finally(() => loading.delete(attemptId));
    loading.set(attemptId, started);
    return started;
  };

  const readAgain = async (attempt: LiveAttempt): Promise<void> => {
    const registration = await deps.registry.registration(attempt.registration.attemptId);
    if (registration !== null) register(attempt, registration);
  };

  const enter = async (attemptId: AttemptId): Promise<Doorway | null> => {
    const known = find(attemptId);
    if (known !== null) return doorOf(known);
    const from = version;
    const registration = await deps.registry.registration(attemptId);
    if (registration === null) return null;
    const kept = await ledgers.keptOf(registration);
    const attempt = kept?.fold ? await load(attemptId, { registration, kept }, from) : null;
    if (attempt !== null) return doorOf(attempt);
    const [head, commands] = await Promise.all([
      deps.log.head(attemptId),
      deps.records.commandsOf(attemptId),
    ]);
    const presence = presenceOf(registration);
    presence.deviceId = registration.device?.id ?? null;
    return {
      registration,
      presence,
      head: head ?? NOTHING_FOLDED.state,
      open: openCommands(commands),
    };
  };

  return {
    load: (attemptId) => load(attemptId),
    find,
    enter,
    loadAll: async (list) => {
      const from = version;
      const loaded: LiveAttempt[] = [];
      for (const registration of await list()) {
        const attempt = await load(registration.attemptId, { registration }, from);
        if (attempt !== null) loaded.push(attempt);
      }
      return loaded;
    },
    refresh: async (attemptId) => {
      version += 1;
      const attempt = find(attemptId);
      if (attempt !== null) await readAgain(attempt);
    },
    refreshWhere: async (concerns) => {
      version += 1;
      for (const attemptId of [...held.keys()]) {
        const attempt = find(attemptId);
        if (attempt !== null && concerns(attempt.registration)) await readAgain(attempt);
      }
    },
    readOn: async (attempt) => {
      const { registration, state } = attempt;
      const entries = await deps.log.read(registration.attemptId, state.seq);
      if (entries.length === 0) return false;
      advance(attempt, foldAll(foldedOf(attempt), entries, registration));
      return true;
    },
    presences: () => presences.values(),
    sweep: (now) => {
      for (const [attemptId, presence] of presences) {
        const old = presence.link === null && now - presence.shiftEndsAt >= PRESENCE_MS;
        if ((old || saysNothing(presence)) && find(attemptId) === null) presences.delete(attemptId);
      }
    },
  };
};

const doorOf = ({ registration, presence, state, commands }: LiveAttempt): Doorway => ({
  registration,
  presence,
  head: state,
  open: openCommands(commands.values()),
});

/** Never heard of since the start, and not under way: the store tells all of it. */
const saysNothing = ({ link, heardAt, connectionSince, gap, full, phase }: Presence): boolean =>
  link === null &&
  heardAt === null &&
  connectionSince === null &&
  !gap &&
  full === null &&
  phase !== 'in-progress' &&
  phase !== 'paused';
