import type { EventEmitter } from 'node:events';
import type { Event } from 'electron';
import { recordQuietEvent } from '#test/electron-standin/recorder.ts';
import { missing } from '#test/electron-standin/strict.ts';

/** Which events of one Electron object the stand-in knows. */
export interface EventTable {
  /** Fire here by themselves, for the same reason as in Electron. */
  readonly fires: readonly string[];
  /** May be listened for, never fire by themselves here; a test may emit them. */
  readonly quiet: readonly string[];
}

const NODE_EVENTS = ['newListener', 'removeListener', 'error'];

/**
 * Makes listening for an event that is in neither list throw, so that no app waits here for
 * something that cannot happen without anybody noticing.
 *
 * @param emitter the object that the app listens on.
 * @param name its name in the module `electron`.
 */
export function guardEvents(emitter: EventEmitter, name: string, table: EventTable): void {
  emitter.on('newListener', (event: string | symbol) => {
    if (typeof event === 'symbol' || NODE_EVENTS.includes(event) || table.fires.includes(event)) {
      return;
    }
    if (!table.quiet.includes(event)) throw missing(`the event '${event}' of ${name}`);
    recordQuietEvent(`${name} ${event}`);
  });
}

/**
 * An Electron event object.
 *
 * @param params its further properties.
 */
export function electronEvent<P extends object>(params: P): Event<P> {
  let prevented = false;
  return Object.defineProperties(
    { ...params },
    {
      preventDefault: {
        value: () => {
          prevented = true;
        },
      },
      defaultPrevented: { get: () => prevented },
    },
  ) as Event<P>;
}

/**
 * The stand-in's object as the type that Electron's own callbacks name. What the stand-in lacks
 * throws when it is used (see `strict`).
 */
export function asElectron<T extends object>(standIn: object): T {
  return standIn as T;
}
