import type { AttemptId, CommandId } from '#shared/kernel/ids.ts';
import type { Saved } from '#shared/kiosk/saved.ts';
import { createTurnQueue } from '#shared/kiosk/turn-queue.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';

/**
 * Commands that arrived and wait to be applied, durable where the storage works, each once and in the order of
 * arrival. One that is lost with the process comes again: the server repeats it until its entry is there.
 */
export interface CommandInbox {
  /** Keeps the command. @returns whether it is new here. Resolves when it is durable, or held. */
  keep(issued: IssuedCommand): Promise<boolean>;
  waiting(): readonly IssuedCommand[];
  /** It is in the ledger now. */
  done(id: CommandId): Promise<void>;
}

export const createCommandInbox = (options: {
  readonly saved: Saved;
  readonly attemptId: AttemptId;
  /** What was kept before and is not in the ledger yet. */
  readonly waiting: readonly IssuedCommand[];
}): CommandInbox => {
  const queue = createTurnQueue();
  let waiting = options.waiting;
  const save = (): Promise<void> => options.saved.saveCommands(options.attemptId, waiting);
  return {
    keep: (issued) =>
      queue.turn(async () => {
        if (waiting.some(({ id }) => id === issued.id)) return false;
        waiting = [...waiting, issued];
        await save();
        return true;
      }),
    waiting: () => waiting,
    done: (id) =>
      queue.turn(async () => {
        waiting = waiting.filter((one) => one.id !== id);
        await save();
      }),
  };
};
