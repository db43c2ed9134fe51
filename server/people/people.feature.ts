import { feature } from '#server/platform/feature.ts';
import type { Limits } from '#server/platform/limits.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { Secrets } from '#server/platform/secrets.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { access } from './access.http.ts';
import { knownBrowsers } from './known-browser.http.ts';
import type { AccessStore, EnrolledDevice, Passwords } from './ports.ts';
import type { PeopleRegister } from './register-ports.ts';
import { staffRoutes } from './staff.routes.ts';
import { staffSessions } from './staff-sessions.ts';

/** Its stores: each is also there bound to one transaction. */
export interface PeopleStores {
  readonly access: AccessStore;
  readonly register: PeopleRegister;
}

/** The adapters of this feature. */
export interface PeopleAdapters extends PeopleStores {
  readonly passwords: Passwords;
  readonly secrets: Secrets;
}

export interface PeopleDeps extends PeopleAdapters {
  readonly trail: AuditTrail;
  readonly store: UnitOfWork<PeopleStores & { readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly limits: Limits;
}

/** Told of every device that shows its token, before its request is answered. */
export type DeviceListener = (device: EnrolledDevice) => Promise<void>;

/** Staff, roles, sign-ins, and who is asking. */
export const peopleFeature = feature('people', (deps: PeopleDeps) => {
  const sessions = staffSessions(deps);
  const listeners: DeviceListener[] = [];
  const who = access({
    store: deps.access,
    sessions,
    clock: deps.clock,
    seen: async (device) => {
      for (const listener of listeners) await listener(device);
    },
  });
  return {
    who,
    sessions,
    onDeviceSeen: (listener: DeviceListener): void => {
      listeners.push(listener);
    },
    routes: (app) =>
      staffRoutes(app, {
        who,
        sessions,
        access: deps.access,
        limits: deps.limits,
        browsers: knownBrowsers(deps),
        clock: deps.clock,
      }),
  };
});

export type PeopleFeature = Awaited<ReturnType<typeof peopleFeature>>;
