import { hash } from 'node:crypto';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json } from '#shared/ledger/entry.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { DeviceStore } from '#shared/ports/ledger-store.port.ts';
import type { ServerApi } from '#shared/ports/transport.port.ts';
import { type BuildState, BuildStateSchema, PassportResponseSchema } from '#shared/wire/devices.ts';
import { EnrolResponseSchema } from '#shared/wire/http.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import type { Passport } from '#shared/wire/passport.ts';

const SENT_KEY = 'passport-sent';
const BUILD_KEY = 'build-state';

export interface SendDeps {
  readonly store: DeviceStore;
  readonly api: ServerApi;
}

/** The server's word on this build, as it was last heard; null before. */
export const lastBuildState = async (
  store: Pick<DeviceStore, 'get'>,
): Promise<BuildState | null> => {
  const state = check(BuildStateSchema, await store.get(BUILD_KEY));
  return state.ok ? state.value : null;
};

/** The device check's line on the build; none while nobody checks. It informs and never blocks. */
export const buildRequirement = (state: BuildState | null): readonly Requirement[] => {
  if (state === 'allowed') return [{ id: 'build', outcome: 'ok', blocks: false }];
  if (state !== 'not-allowed') return [];
  return [{ id: 'build', outcome: 'failed', cause: 'not-allowed', blocks: false }];
};

/** Sends the passport with the device's token. Problems: `device-not-enrolled`, those of the server. */
export const sendPassport = async (
  { store, api }: SendDeps,
  passport: Passport,
): Promise<Result<BuildState, Problem>> => {
  const device = check(EnrolResponseSchema, await store.get('device'));
  if (!device.ok) return fail({ code: 'device-not-enrolled' });
  const answer = await api.request('PUT', '/api/devices/me/passport', {
    token: device.value.deviceToken,
    body: passport,
  });
  if (!answer.ok) return answer;
  const said = check(PassportResponseSchema, answer.value);
  if (!said.ok) return fail({ code: 'server-failed', detail: said.error.message });
  await store.set(BUILD_KEY, said.value.build);
  await store.set(SENT_KEY, `${device.value.deviceId} ${digestOf(passport)}`);
  return ok(said.value.build);
};

/** What two passports of one machine have in common, whenever they were made. */
const digestOf = ({ createdAt: _, ...passport }: Passport): string =>
  hash('sha256', canonicalText(passport as unknown as Json), 'hex');

const isSent = async (store: DeviceStore, passport: Passport): Promise<boolean> => {
  const device = check(EnrolResponseSchema, await store.get('device'));
  if (!device.ok) return true;
  return (await store.get(SENT_KEY)) === `${device.value.deviceId} ${digestOf(passport)}`;
};

/** Nobody waits for the passport; the start and the sign-in come first, ms. */
const FIRST_MS = 20_000;
const AGAIN_MS = 60_000;

/**
 * Takes and sends the passport in the quiet after the start, when it is another than the one that was sent
 * last. While there is an attempt or no server it waits and tries again.
 * @returns how to stop.
 */
export const keepPassportSent = (
  deps: SendDeps & {
    readonly take: () => Promise<Passport | null>;
    readonly scheduler: Scheduler;
    readonly log: Log;
  },
): (() => void) => {
  let stopped = false;
  let cancel = (): void => undefined;

  /** @returns whether it is done. */
  const step = async (): Promise<boolean> => {
    // Before the enrolment there is nobody to send it for, and no reason to disturb the machine.
    if (!check(EnrolResponseSchema, await deps.store.get('device')).ok) return false;
    const passport = await deps.take();
    if (passport === null || stopped) return false;
    if (await isSent(deps.store, passport)) return true;
    const sent = await sendPassport(deps, passport);
    if (!sent.ok) deps.log('info', 'passport not sent', { code: sent.error.code });
    return sent.ok;
  };
  const later = (ms: number): void => {
    cancel = deps.scheduler.after(ms, () => {
      step()
        .catch((failure: unknown) => {
          deps.log('warn', 'no passport', { detail: String(failure).slice(0, 300) });
          return false;
        })
        .then((done) => {
          if (!done && !stopped) later(AGAIN_MS);
        });
    });
  };
  later(FIRST_MS);
  return () => {
    stopped = true;
    cancel();
  };
};
