import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { UtilityProcess as ElectronUtilityProcess, ForkOptions } from 'electron';
import { guardEvents } from '#test/electron-standin/events.ts';
import { strict } from '#test/electron-standin/strict.ts';

/**
 * A utility process is a child of Node here. What runs in it has `process.send` and no `process.parentPort`,
 * and gets no messages.
 */
class UtilityProcess extends EventEmitter implements Pick<ElectronUtilityProcess, 'kill' | 'pid'> {
  private readonly child: ChildProcess;

  constructor(modulePath: string, args: string[] = [], options: ForkOptions = {}) {
    super();
    guardEvents(this, 'utilityProcess', { fires: ['spawn', 'message', 'exit'], quiet: [] });
    const stdio = options.stdio === 'ignore' ? 'ignore' : 'inherit';
    this.child = fork(modulePath, args, { execArgv: [], stdio: ['ignore', stdio, stdio, 'ipc'] });
    this.child.on('spawn', () => this.emit('spawn'));
    this.child.on('message', (message) => this.emit('message', message));
    // A program that cannot be started has ended, as in Electron.
    this.child.on('error', () => this.emit('exit', 1));
    this.child.on('exit', (code) => this.emit('exit', code ?? 1));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(): boolean {
    return this.child.kill();
  }
}

export const utilityProcess = strict(
  {
    fork: (modulePath: string, args?: string[], options?: ForkOptions) =>
      strict(new UtilityProcess(modulePath, args, options), 'UtilityProcess'),
  },
  'utilityProcess',
);
