import type { AttemptId } from '#shared/kernel/ids.ts';
import { readLedger } from '#shared/kiosk/attempt/read-ledger.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { Draining, Saved } from '#shared/kiosk/saved.ts';
import { postPending } from './courier-http.ts';
import { createEvidenceSender } from './evidence-sender.ts';
import { backoffMs } from './retry.ts';

/**
 * Sends the rest of attempts whose examinee has left the screens (signed out off line). The list is
 * durable: a restart goes on with it.
 */
export interface Drain {
  /** Goes on with what was left from before. */
  start(): void;
  add(attempt: Draining): Promise<void>;
  /** The attempt is open again: its own courier sends it. */
  remove(attemptId: string): Promise<void>;
  stop(): void;
}

export const createDrain = (
  deps: Pick<EngineDeps, 'ledger' | 'api' | 'scheduler' | 'log'>,
  saved: Saved,
): Drain => {
  let running = false;
  let busy = false;
  let failures = 0;
  let cancel = (): void => undefined;

  const sendOne = async ({ attemptId, token, ackedSeq }: Draining): Promise<boolean> => {
    const id = attemptId as AttemptId;
    const sent = await postPending(deps, id, token, ackedSeq, () => undefined);
    if (!sent.ok) return false;
    const evidence = createEvidenceSender(deps, id, token, await readLedger(deps.ledger, id));
    await evidence.forgetOrphans();
    return evidence.send(sent.value);
  };

  const remove = async (attemptId: string): Promise<void> => {
    const list = await saved.draining();
    const rest = list.filter((one) => one.attemptId !== attemptId);
    if (rest.length !== list.length) await saved.saveDraining(rest);
  };

  const run = async (): Promise<void> => {
    if (!running || busy) return;
    busy = true;
    cancel();
    let left = false;
    try {
      for (const attempt of await saved.draining()) {
        if (!running) return;
        if (await sendOne(attempt)) await remove(attempt.attemptId);
        else left = true;
      }
    } catch {
      left = true;
    } finally {
      busy = false;
    }
    failures = left ? failures + 1 : 0;
    if (left && running) cancel = deps.scheduler.after(backoffMs(failures), () => void run());
  };

  return {
    start: () => {
      running = true;
      void run();
    },
    add: async (attempt) => {
      await remove(attempt.attemptId);
      await saved.saveDraining([...(await saved.draining()), attempt]);
      failures = 0;
      void run();
    },
    remove,
    stop: () => {
      running = false;
      cancel();
    },
  };
};
