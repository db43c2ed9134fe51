import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { ServerLog } from '#server/platform/server-log.ts';
import { INITIAL_REPLAY, type Replay, replayEntry } from '#shared/attempt/replay.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { ChainState } from './chain-state.ts';
import type { FactCheck } from './fact-check.ts';
import type { LiveAttempt, LiveAttempts } from './live-attempt.ts';
import type { EntryLog } from './ports.ts';
import type { RecordListener } from './record-facts.ts';

const verifyAsync = promisify(
  (key: KeyObject, data: Buffer, signature: Buffer, done: (e: Error | null, ok: boolean) => void) =>
    verify(null, data, key, signature, done),
);

/** Pause before a batch, ms: lets a burst gather, so that the marks are one write. */
const GATHER_MS = 250;
/** A closed ledger may still get what its kiosk decided and had not stored; after this it is missing, ms. */
const OWED_MS = 60_000;

/** Checks committed entries beside the ingest: signatures, claims, and the replay of the rules. */
export interface ChainAudit extends Required<Pick<RecordListener, 'committed'>> {
  /** After a restart: takes up what was committed but not checked. */
  resume(): Promise<void>;
  /** Resolves when everything handed over was checked, the replay included. */
  idle(): Promise<void>;
  close(): void;
}

export interface ChainAuditDeps {
  readonly log: EntryLog;
  readonly attempts: LiveAttempts;
  readonly chain: ChainState;
  readonly facts: FactCheck;
  readonly serverLog: ServerLog;
}

export const chainAudit = (deps: ChainAuditDeps): ChainAudit => {
  const waiting = new Map<LiveAttempt, LedgerEntry[]>();
  const keys = new Map<string, KeyObject>();
  const replays = new Map<LiveAttempt, Replay>();
  const owing = new Set<LiveAttempt>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  const keyOf = (publicKey: string): KeyObject => {
    let key = keys.get(publicKey);
    if (key === undefined) {
      key = createPublicKey({
        key: { kty: 'OKP', crv: 'Ed25519', x: publicKey },
        format: 'jwk',
      });
      keys.set(publicKey, key);
    }
    return key;
  };

  const checkOne = async (attempt: LiveAttempt, entry: LedgerEntry): Promise<string | null> => {
    if (entry.signature !== undefined) {
      const publicKey = attempt.registration.device?.publicKey;
      if (publicKey === undefined) return `entry ${entry.seq}: no device is enrolled for it`;
      const fits = await verifyAsync(
        keyOf(publicKey),
        Buffer.from(entry.hash, 'ascii'),
        Buffer.from(entry.signature, 'base64url'),
      );
      if (!fits) return `entry ${entry.seq}: the signature is not the device's`;
    }
    return deps.facts.contradiction(attempt, entry);
  };

  /** Goes on with the replay of the rules; from the start when this server did not see the start. */
  const replay = async (attempt: LiveAttempt, entries: readonly LedgerEntry[]): Promise<void> => {
    const first = entries[0]?.seq ?? 1;
    let current = replays.get(attempt);
    if (current === undefined) {
      const before = first > 1 ? await deps.log.read(attempt.registration.attemptId, 0) : [];
      current = before.filter(({ seq }) => seq < first).reduce(replayEntry, INITIAL_REPLAY);
    }
    current = entries.reduce(replayEntry, current);
    replays.set(attempt, current);
    if (current.fault !== null) {
      const { seq, reason } = current.fault;
      deps.chain.broken(attempt, `entry ${seq}: the rules say otherwise (${reason})`);
    } else if (owes(current) && !owing.has(attempt)) {
      owing.add(attempt);
      setTimeout(() => stillOwing(attempt), OWED_MS).unref();
    }
  };

  const stillOwing = (attempt: LiveAttempt): void => {
    owing.delete(attempt);
    const current = replays.get(attempt);
    if (current !== undefined && owes(current)) {
      deps.chain.broken(attempt, 'closed without an incident that the rules demand');
    }
  };

  const drain = async (): Promise<void> => {
    const batch = [...waiting];
    waiting.clear();
    const marks: { attemptId: AttemptId; seq: number }[] = [];
    for (const [attempt, entries] of batch) {
      for (const entry of entries) {
        // Most entries are neither signed nor claim anything: not even a promise for them.
        if (entry.signature === undefined && !deps.facts.claims(entry.type)) continue;
        const reason = await checkOne(attempt, entry);
        if (reason !== null) deps.chain.broken(attempt, reason);
      }
      await replay(attempt, entries);
      const last = entries.at(-1);
      if (last !== undefined) {
        marks.push({ attemptId: attempt.registration.attemptId, seq: last.seq });
      }
    }
    if (marks.length > 0) await deps.log.saveVerified(marks);
  };

  const run = (task: () => Promise<void>): void => {
    running = running.then(task).catch((error: unknown) => {
      deps.serverLog('error', 'chain audit failed', { error });
    });
  };

  const schedule = (): void => {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = null;
      run(drain);
    }, GATHER_MS).unref();
  };

  return {
    committed: (attempt, { entries }) => {
      const known = waiting.get(attempt);
      if (known === undefined) waiting.set(attempt, [...entries]);
      else known.push(...entries);
      schedule();
    },
    resume: async () => {
      for (const attemptId of await deps.log.unverified()) {
        const attempt = await deps.attempts.load(attemptId);
        if (attempt === null) continue;
        const entries = await deps.log.read(attemptId, attempt.registration.verifiedSeq);
        if (entries.length > 0) waiting.set(attempt, [...entries]);
      }
      if (waiting.size > 0) schedule();
    },
    idle: async () => {
      run(drain);
      await running;
    },
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
};

const owes = ({ attempt, owed }: Replay): boolean => attempt.phase === 'closed' && owed.length > 0;
