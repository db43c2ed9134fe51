import type { ServerLog } from './server-log.ts';

/** Writes a little and takes it away again, wherever the server keeps what it is told. @throws what came in the way. */
export type StorageProbe = () => Promise<void>;

/** Whether the server can keep what it is told. */
export interface StorageState {
  failed(): boolean;
  /** From now on told of every change. */
  onChange(listener: (failed: boolean) => void): void;
  /** Tries it; called regularly, so that a full disk is known before anybody needs it, and so is its end. */
  check(): Promise<void>;
}

export const storageState = (deps: {
  readonly probe: StorageProbe;
  readonly log: ServerLog;
}): StorageState => {
  let failed = false;
  const listeners: ((failed: boolean) => void)[] = [];
  return {
    failed: () => failed,
    onChange: (listener) => listeners.push(listener),
    check: async () => {
      const failure = await deps.probe().then(
        () => null,
        (error: unknown) => ({ error }),
      );
      if ((failure !== null) === failed) return;
      failed = failure !== null;
      if (failure === null) deps.log('info', 'the storage works again', {});
      else deps.log('error', 'the storage failed', failure);
      for (const listener of listeners) listener(failed);
    },
  };
};
