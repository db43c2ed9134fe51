import type { ServerLog } from '#server/platform/server-log.ts';
import type { AttemptState, IncidentRecord } from '#shared/attempt/attempt-state.ts';
import type { CommandId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { Notice } from './ports.ts';

/** What one turn of the ingest has added to an attempt. */
export interface Committed {
  readonly entries: readonly LedgerEntry[];
  /** What the attempt was. */
  readonly before: AttemptState;
  /** Incidents of the attempt that are new or another than before. */
  readonly incidents: readonly IncidentRecord[];
  /** Commands that the entries answer. */
  readonly commands: readonly CommandId[];
}

/** What became of an attempt outside its ledger. Without parts: its connection, its chain, its device. */
export interface Changed {
  readonly notices?: readonly Notice[];
  readonly commands?: readonly CommandId[];
  /** Incidents of which something was decided. */
  readonly incidents?: readonly IncidentRecord[];
}

/**
 * Whoever follows the record: the rooms, the checks beside the ingest. Told in the same turn of the loop,
 * in the order in which it happened; must not wait for anything.
 */
export interface RecordListener {
  /** Entries are stored and folded. Told once per attempt and turn. */
  committed?(attempt: LiveAttempt, what: Committed): void;
  /** A turn is over: everything that it committed was told, and its senders are answered. */
  turnEnded?(): void;
  changed?(attempt: LiveAttempt, what: Changed): void;
  /** The kiosk is there and only its live values may be others. */
  heard?(attempt: LiveAttempt): void;
}

/** Where the record tells its facts. It knows nobody who listens. */
export interface RecordFacts extends Required<RecordListener> {
  /** From now on told of everything, after those who came before. */
  listen(listener: RecordListener): void;
}

/** A listener that fails is logged, and keeps no fact from the others nor from the record itself. */
export const recordFacts = (log: ServerLog): RecordFacts => {
  const listeners: RecordListener[] = [];
  const tell = (fact: (listener: RecordListener) => void): void => {
    for (const listener of listeners) {
      try {
        fact(listener);
      } catch (error) {
        log('error', 'a listener of the record failed', { error });
      }
    }
  };
  return {
    listen: (listener) => listeners.push(listener),
    committed: (attempt, what) => tell((listener) => listener.committed?.(attempt, what)),
    turnEnded: () => tell((listener) => listener.turnEnded?.()),
    changed: (attempt, what) => tell((listener) => listener.changed?.(attempt, what)),
    heard: (attempt) => tell((listener) => listener.heard?.(attempt)),
  };
};
