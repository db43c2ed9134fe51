import type { AttemptId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { ServerClock } from './server-clock.ts';

/** What a courier needs, and whom it tells. */
export interface CourierOptions {
  readonly deps: Pick<
    EngineDeps,
    'clock' | 'scheduler' | 'random' | 'ledger' | 'api' | 'live' | 'power' | 'log'
  >;
  readonly attemptId: AttemptId;
  readonly token: string;
  readonly serverClock: ServerClock;
  readonly entries: readonly LedgerEntry[];
  /** What the server is known to have from the sign-in; 0 when not known. */
  readonly ackedSeq: number;
  /** Entries that are on no disk of this device. */
  readonly unsaved: () => number;
  readonly onStatus: () => void;
  readonly onCommand: (issued: IssuedCommand) => void;
  /** Server time heard; `movedMs` and `roundTripMs` as in `ServerClock.hear`. */
  readonly onTime: (movedMs: number, roundTripMs: number) => void;
  /** The server and this device disagree (or agree again: null). Nothing of it stops the exam. */
  readonly onProblem: (problem: Problem | null) => void;
}
