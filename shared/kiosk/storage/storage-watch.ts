import type { AttemptId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { AttemptCore } from '#shared/kiosk/attempt/attempt-core.ts';
import { StoppedError } from '#shared/kiosk/courier/retry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { SteadyStorage } from './steady-storage.ts';

/** A disk that fails and works by turns is one failure: it is over when it has worked for so long, ms. */
const STEADY_MS = 60_000;

/** What an attempt does about a storage that fails: says so on record, and knows what is safe. */
export interface StorageWatch {
  /** The storage, or what the server has, is another than it was. */
  changed(): void;
  /**
   * @returns when the entry is on this device or with the server.
   * @throws {StoppedError} when the attempt was stopped before.
   */
  untilKept(seq: number): Promise<void>;
  /** Entries that are on no disk of this device. */
  unsaved(): number;
  stop(): void;
}

interface Waiting {
  readonly seq: number;
  readonly done: () => void;
  readonly give: (failure: unknown) => void;
}

export const createStorageWatch = (
  core: AttemptCore,
  attemptId: AttemptId,
  storage: SteadyStorage,
  ackedSeq: () => number,
): StorageWatch => {
  let waiting: readonly Waiting[] = [];
  let failedT: ExamTime | null = null;
  let recovering = false;
  let cancelRecovered = (): void => undefined;

  const unsaved = (): number => Math.max(0, core.state().seq - storage.storedSeq(attemptId));
  const kept = (seq: number): boolean => seq <= Math.max(storage.storedSeq(attemptId), ackedSeq());

  const put = <T extends 'storage-failed' | 'storage-recovered'>(
    type: T,
    data: () => FactData<T>,
  ) =>
    core.spawn(async () => {
      await core.writer.write(type, data());
    });

  const note = (): void => {
    const { failing } = storage.standing();
    if (failing) {
      cancelRecovered();
      cancelRecovered = () => undefined;
      recovering = false;
      if (failedT !== null) return;
      failedT = core.clock.now();
      put('storage-failed', () => ({ unsaved: unsaved() }));
    } else if (failedT !== null && !recovering) {
      const since = failedT;
      const failedMs = core.clock.now() - since;
      recovering = true;
      cancelRecovered = core.deps.scheduler.after(STEADY_MS, () => {
        failedT = null;
        recovering = false;
        put('storage-recovered', () => ({ failedMs }));
      });
    }
  };

  return {
    changed: () => {
      note();
      const before = waiting;
      waiting = before.filter(({ seq }) => !kept(seq));
      for (const one of before) if (!waiting.includes(one)) one.done();
    },
    untilKept: (seq) =>
      new Promise((resolve, reject) => {
        if (kept(seq)) resolve();
        else waiting = [...waiting, { seq, done: resolve, give: reject }];
      }),
    unsaved,
    stop: () => {
      cancelRecovered();
      for (const { give } of waiting) give(new StoppedError());
      waiting = [];
    },
  };
};
