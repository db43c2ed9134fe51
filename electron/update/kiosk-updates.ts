import { check } from '#shared/kernel/schema.ts';
import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import type { DeviceStore } from '#shared/ports/ledger-store.port.ts';
import { EnrolResponseSchema } from '#shared/wire/http.ts';
import { startUpdates, type UpdatesContext } from './compose-updates.ts';
import type { Updates } from './update-watch.ts';

export interface KioskUpdatesContext
  extends Omit<UpdatesContext, 'token' | 'busy' | 'server' | 'room' | 'channel'> {
  readonly host: Pick<KioskHost, 'subscribe'>;
  readonly store: Pick<DeviceStore, 'get'>;
  readonly settings: {
    readonly server: string;
    readonly room: string | null;
    readonly updateChannel: string;
  };
}

/**
 * Ties the updates to the kiosk: its device token, and whether somebody is signed in.
 * @param start how updates start; another one in tests.
 * @returns to be called first when the program ends; what it returns is called last, when everything is closed,
 * and installs what is ready.
 */
export const kioskUpdates = (
  context: KioskUpdatesContext,
  start: (context: UpdatesContext) => Updates | null = startUpdates,
): (() => () => Promise<void>) => {
  const { host, store, settings, ...machine } = context;
  let busy = true;
  const updates = start({
    ...machine,
    server: settings.server,
    room: settings.room,
    channel: settings.updateChannel,
    busy: () => busy,
    token: async () => {
      const device = check(EnrolResponseSchema, await store.get('device'));
      return device.ok ? device.value.deviceToken : null;
    },
  });
  const unsubscribe = host.subscribe(({ stage }) => {
    busy = stage !== 'signed-out' && stage !== 'not-enrolled';
    updates?.sessionChanged();
  });
  return () => {
    // What the engine says while it stops is not about people.
    unsubscribe();
    return async () => {
      await updates?.installAtQuit();
      updates?.stop();
    };
  };
};
