import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';

/**
 * Asks that the browser never throws the ledger away to make room, and says in the device check, and so on record,
 * what it answered. It informs: an exam that is sent has lost nothing by it.
 * @param storage of this browser; undefined where it has none to ask.
 * @returns the line as it stands; a browser that has not answered yet (it may be asking its user) has said nothing.
 */
export const askToKeepStorage = (
  storage: Pick<StorageManager, 'persist'> | undefined,
  log: Log,
): (() => Requirement) => {
  let kept: boolean | null = null;
  void Promise.resolve(storage?.persist?.()).then(
    (answer) => {
      kept = answer === true;
      log(kept ? 'info' : 'warn', 'storage asked to be kept', { kept });
    },
    () => undefined,
  );
  return () => ({
    id: 'storage-kept',
    outcome: kept === null ? 'not-watched' : kept ? 'ok' : 'failed',
    ...(kept === false ? { cause: 'evictable' } : {}),
    blocks: false,
  });
};
