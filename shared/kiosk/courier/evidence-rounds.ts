import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { EvidenceSender } from './evidence-sender.ts';

const AGAIN_MS = 15_000;

/** Sends evidence when it is asked to, and by itself again while some of it is left. */
export interface EvidenceRounds {
  send(): void;
  stop(): void;
}

/**
 * @param may whether anything can be sent now.
 * @param acked up to which entry the server has the ledger: evidence of later ones waits.
 */
export const createEvidenceRounds = (
  sender: Pick<EvidenceSender, 'send'>,
  scheduler: Scheduler,
  may: () => boolean,
  acked: () => number,
): EvidenceRounds => {
  let cancel: (() => void) | null = null;
  const send = async (): Promise<void> => {
    if (!may() || cancel !== null) return;
    const done = await sender.send(acked()).catch(() => false);
    if (done || !may() || cancel !== null) return;
    cancel = scheduler.after(AGAIN_MS, () => {
      cancel = null;
      void send();
    });
  };
  return { send: () => void send(), stop: () => cancel?.() };
};
