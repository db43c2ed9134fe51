import type { PowerMonitor } from 'electron';
import {
  lackOf,
  notSupported,
  partial,
  type Reading,
  told,
  toldOf,
} from '#shared/incident/reading.ts';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import type { Away } from './away.ts';
import { type Finding, polledSensor } from './polled-sensor.ts';
import type { SessionListing, SessionProbe } from './probe/login-sessions.ts';

const TIMEOUT_MS = 6_000;

/** What the power monitor says that is a fact by itself, in the order of its events. */
type Facts = Readonly<Record<string, Omit<Signal, 'ageMs'>>>;

const HAPPENINGS: Facts = {
  suspend: { kind: 'power', phase: 'began', facts: { cause: 'sleep' } },
  resume: { kind: 'power', phase: 'ended', facts: { cause: 'sleep' } },
  shutdown: { kind: 'power', phase: 'happened', facts: { cause: 'shutdown' } },
  'on-battery': { kind: 'power', phase: 'happened', facts: { cause: 'battery' } },
  'user-did-resign-active': {
    kind: 'second-session',
    phase: 'happened',
    facts: { cause: 'user-switched' },
  },
};

/**
 * What the power monitor tells on a system (its documentation): macOS all of it; Windows no shutdown and no heat; Linux
 * sleep and shutdown, and neither battery nor heat.
 */
export const powerReach = (platform: NodeJS.Platform): Reading<'all-events'> => {
  if (platform === 'darwin') return told('all-events');
  if (platform === 'win32' || platform === 'linux') return partial('all-events', 'platform');
  return notSupported('platform');
};

/**
 * The machine's own session: sleep, shutdown, battery and heat (technical, never held against anybody: Art. 3j,
 * 19, PEERS 4, 17), the lock screen, and other users who are logged in (Art. 29l). A screen that was locked is
 * stated as `platform`, so that the lock screen of the exam can say what happened; that somebody left the exam
 * by it, the focus sensor says (`focus-lost`), unless the machine did it by itself.
 */
export const sessionSensor = (
  monitor: Pick<PowerMonitor, 'on' | 'off'>,
  away: Pick<Away, 'cause' | 'locked' | 'onChange' | 'setLocked'>,
  probe: SessionProbe | null,
  power: Reading<'all-events'>,
): Sensor => {
  const untold = lackOf(power);
  const powerLimits: Limits =
    untold === null ? {} : { power: { reason: untold, partly: toldOf(power) !== null } };
  const ask = async (signal: AbortSignal): Promise<Reading<SessionListing>> =>
    probe === null ? notSupported('not-built') : probe.list(signal);
  const polled = polledSensor({
    id: 'session',
    watches: ['second-session', 'focus-lost', 'power', 'platform', 'device-failure'],
    everyMs: probe?.everyMs ?? 60_000,
    timeoutMs: TIMEOUT_MS,
    look: async (signal) => {
      const read = await ask(signal);
      const listing = toldOf(read);
      const reason = lackOf(read);
      const limits: Limits =
        reason === null
          ? powerLimits
          : { ...powerLimits, 'second-session': { reason, partly: listing !== null } };
      // Who was there a moment ago is not gone because nobody answers.
      if (listing === null) return { findings: [], limits, unseen: () => true };
      const { others, locked, active } = listing;
      if (locked !== null || active !== null) away.setLocked(locked === true || active === false);
      const findings: Finding[] = [];
      if (others > 0) findings.push({ kind: 'second-session', key: 'others', facts: { others } });
      // Another console or user is on the screen (Ctrl+Alt+F2): no window's focus ever tells of it.
      if (active === false && away.cause() === 'hand') {
        const facts = { cause: 'other-session-on-screen' };
        findings.push({ kind: 'focus-lost', key: 'screen', facts });
      }
      return { findings, limits };
    },
    check: async (): Promise<Requirement> => {
      const read = await ask(AbortSignal.timeout(TIMEOUT_MS));
      const cause = lackOf(read);
      if ((toldOf(read)?.others ?? 0) > 0)
        return { id: 'users', outcome: 'failed', cause: 'second-user', blocks: true };
      return cause === null
        ? { id: 'users', outcome: 'ok', blocks: true }
        : { id: 'users', outcome: 'not-watched', cause, blocks: false };
    },
  });
  let stop: (() => void) | null = null;

  return {
    ...polled,
    start(emit, tell) {
      if (stop !== null) return;
      let locked = false;
      const onAway = (): void => {
        const by = away.cause();
        const now = away.locked() && by !== 'unknown';
        if (now === locked) return;
        locked = now;
        const facts = now ? { cause: 'screen-locked', by } : { cause: 'screen-locked' };
        emit({ kind: 'platform', phase: now ? 'began' : 'ended', facts });
      };
      const listeners = Object.entries(HAPPENINGS).map(([event, signal]) => {
        const listener = (): void => emit(signal);
        return [event, listener] as const;
      });
      const onHeat = (details: { readonly state: string }): void => {
        if (details.state !== 'critical') return;
        emit({ kind: 'device-failure', phase: 'happened', facts: { cause: 'heat' } });
      };
      const each = (how: 'on' | 'off'): void => {
        // One listener each, whose overloads are one per event.
        for (const [event, listener] of listeners) monitor[how](event as 'suspend', listener);
        monitor[how]('thermal-state-change', onHeat);
      };
      each('on');
      const forget = away.onChange(onAway);
      polled.start(emit, tell);
      stop = () => {
        each('off');
        forget();
        polled.stop();
      };
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
};
