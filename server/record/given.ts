import type { DeviceId, Hash, SessionId } from '#shared/kernel/ids.ts';
import type { Given } from '#shared/wire/given.ts';
import { endingOf } from './ending.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { Registration } from './registry-ports.ts';
import { type TermsStore, termsNow } from './terms.ts';

/** What the features above the record have given out. */
export interface GivenSources {
  /** The questions that the attempt got; null when it got none yet. */
  form(registration: Registration): Promise<Given['form']>;
  /** What proves the exit code of the session, hex. */
  staffKey(sessionId: SessionId): Promise<Hash>;
  /** What the device says that it is; null when it never did. */
  hostKind(deviceId: DeviceId): Promise<string | null>;
}

/** What the server gave out to an attempt and ordered of it, as it stands now. */
export type ReadGiven = (attempt: LiveAttempt) => Promise<Given>;

export const readGiven = (sources: GivenSources, terms: Pick<TermsStore, 'given'>): ReadGiven => {
  /** What stays as it is as long as the registration does. Left out: the orders. */
  const known = new WeakMap<Registration, Omit<Given, 'commands'>>();

  const read = async (registration: Registration): Promise<Omit<Given, 'commands'>> => {
    const { attemptId, sessionId, device } = registration;
    const kept = await terms.given(attemptId);
    const [form, staffKey, host] = await Promise.all([
      sources.form(registration),
      // A kiosk that signed in to a server of before was not asked for proofs.
      kept.length === 0 ? null : sources.staffKey(sessionId),
      device === null ? null : sources.hostKind(device.id),
    ]);
    const given = {
      sessionId,
      terms: [...(kept.length === 0 ? termsNow(registration) : kept)],
      host,
      staffKey,
      form,
    };
    if (form !== null) known.set(registration, given);
    return given;
  };

  return async (attempt) => {
    const { registration, commands } = attempt;
    const ending = endingOf(attempt);
    return {
      ...(known.get(registration) ?? (await read(registration))),
      ...(ending === null ? {} : { ended: { at: ending.at, seq: ending.seq } }),
      commands: [...commands.values()].map(({ issued }) => issued),
    };
  };
};
