import { EventEmitter } from 'node:events';
import type { IpcMain as ElectronIpcMain, IpcMainInvokeEvent } from 'electron';
import { strict } from '#test/electron-standin/strict.ts';

type Handler = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;

class IpcMain
  extends EventEmitter
  implements Pick<ElectronIpcMain, 'handle' | 'handleOnce' | 'removeHandler'>
{
  private readonly handlers = new Map<string, Handler>();

  handle(channel: string, listener: Handler): void {
    if (this.handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.handlers.set(channel, listener);
  }

  handleOnce(channel: string, listener: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return listener(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }

  /**
   * Runs the handler of a channel.
   *
   * @throws Error in Electron's words when there is none, or whatever the handler throws.
   */
  async run(
    channel: string,
    event: IpcMainInvokeEvent,
    args: readonly unknown[],
  ): Promise<unknown> {
    const handler = this.handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...args);
  }
}

/** The stand-in's `ipcMain`, with what its own parts need beyond the app's view. */
export const ipcMainParts = new IpcMain();
export const ipcMain = strict(ipcMainParts, 'ipcMain');
