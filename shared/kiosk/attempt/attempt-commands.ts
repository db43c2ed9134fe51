import { objectionTo } from '#shared/attempt/order-objection.ts';
import { enterLockdown, leaveLockdown } from '#shared/kiosk/machine/lockdown.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { AttemptCore } from './attempt-core.ts';
import type { CommandInbox } from './command-inbox.ts';

/** Orders by which a running exam stands still or ends: what the sensors hold back comes before them on record. */
const STOPS: ReadonlySet<string> = new Set(['pause', 'release', 'room-scan', 'close']);

/** In a turn: what follows from a command besides its own entry. */
const followUp = async (
  core: AttemptCore,
  issued: IssuedCommand,
  before: string,
  t: number,
): Promise<void> => {
  if (issued.command.type === 'close') return core.close('proctor');
  if (issued.command.type === 'release') await leaveLockdown(core);
  const { phase } = core.state();
  if (before === 'in-progress' && phase === 'paused') return core.halt(t);
  if (phase !== 'in-progress') return;
  if (before === phase) return issued.command.type === 'identity' ? core.closeGate(t) : undefined;
  await enterLockdown(core);
  // The page opens its camera anew: what was seen before the closing says nothing about now.
  if (before === 'closed') core.restartCamera(t);
  await core.run(t);
};

/** In a turn: applies one command exactly once; a command that makes no sense is recorded as rejected. */
const apply = async (core: AttemptCore, issued: IssuedCommand): Promise<void> => {
  if (core.state().appliedCommands.includes(issued.id)) return;
  await core.settle();
  // What is heard then may close the exam before the order does anything.
  if (STOPS.has(issued.command.type) && objectionTo(issued.command, core.state()) === null)
    await core.hearOut();
  const { phase } = core.state();
  const code = objectionTo(issued.command, core.state());
  if (code !== null) {
    await core.writer.write('command-applied', { issued, outcome: 'rejected', code });
    return;
  }
  const entry = await core.writer.write('command-applied', { issued, outcome: 'applied' });
  await followUp(core, issued, phase, entry.t);
};

/** Asks for a turn that applies the command and then takes it out of the inbox. */
export const applyCommand = (core: AttemptCore, inbox: CommandInbox, issued: IssuedCommand): void =>
  core.spawn(async () => {
    await apply(core, issued);
    // Not waited for: a storage that fails here costs nothing, the ledger knows what was applied.
    inbox.done(issued.id).catch(() => undefined);
  });

/**
 * Takes a command from the server: durable first, then confirmed, then applied.
 * @param confirm tells the server that this device has it.
 */
export const receiveCommand = async (
  core: AttemptCore,
  inbox: CommandInbox,
  issued: IssuedCommand,
  confirm: () => void,
): Promise<void> => {
  if (issued.attemptId !== core.ticket.attemptId) {
    core.deps.log('warn', 'command for another attempt ignored', { id: issued.id });
    return;
  }
  if (core.state().appliedCommands.includes(issued.id)) return confirm();
  const isNew = await inbox.keep(issued);
  confirm();
  if (isNew) applyCommand(core, inbox, issued);
};
