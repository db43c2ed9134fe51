import type { Screen } from 'electron';
import { lackOf, notSupported, type Reading, toldOf } from '#shared/incident/reading.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { type Finding, polledSensor } from './polled-sensor.ts';
import type { DisplayProbe, Panel } from './probe/displays.ts';

/** The system's own listing may be slow under load. */
const TIMEOUT_MS = 6_000;
const EVENTS = ['display-added', 'display-removed', 'display-metrics-changed'] as const;

type How = 'several' | 'mirrored' | 'wireless' | 'virtual';

/**
 * What is wrong with a machine's screens (Art. 29p); null for a lone one, external or not.
 * @param displays how many desktops Electron sees: mirrored screens are one.
 * @param panels what the system tells of the screens; empty where it does not.
 * @param exact the panels are all outputs with their places, and right where they contradict `displays`.
 */
export const judgeDisplays = (
  displays: number,
  panels: readonly Panel[],
  exact = false,
): { readonly how: How; readonly screens: number } | null => {
  const mirrored = panels.some((panel) => panel.mirrored === true);
  const apart = panels.filter((panel) => panel.mirrored === false).length;
  const desktops = exact && panels.length > 0 ? apart + (mirrored ? 1 : 0) : displays;
  const screens = Math.max(exact && panels.length > 0 ? 0 : displays, panels.length);
  if (desktops > 1) return { how: 'several', screens };
  // Where nothing tells of mirrors, more screens than desktops are mirrors.
  const uncounted = panels.every((panel) => panel.mirrored === null) && panels.length > displays;
  if (panels.some(({ link }) => link === 'wireless')) return { how: 'wireless', screens };
  if (panels.some(({ link }) => link === 'virtual')) return { how: 'virtual', screens };
  return mirrored || (displays > 0 && uncounted) ? { how: 'mirrored', screens } : null;
};

/**
 * Art. 29p: more than one display, a mirror of it, a wireless or a made-up one. A lone external monitor is
 * one display and passes. A splitter in the cable is one screen to the machine and cannot be seen: the
 * proctor's eyes and the room's layout have to do that.
 */
export const displaySensor = (screen: Screen, probe: DisplayProbe | null): Sensor => {
  const count = (): number => screen.getAllDisplays().length;
  const ask = async (signal: AbortSignal): Promise<Reading<readonly Panel[]>> =>
    probe === null ? notSupported('not-built') : probe.list(signal);
  const judge = (read: Reading<readonly Panel[]>) =>
    judgeDisplays(count(), toldOf(read) ?? [], read.state === 'told' && probe?.exact === true);

  return polledSensor({
    id: 'display',
    watches: ['extra-display'],
    everyMs: probe?.everyMs ?? 10_000,
    timeoutMs: TIMEOUT_MS,
    open: (nudge) => {
      // One listener, whose overloads are one per event.
      for (const event of EVENTS) screen.on(event as 'display-added', nudge);
      return () => {
        for (const event of EVENTS) screen.off(event as 'display-added', nudge);
      };
    },
    look: async (signal) => {
      // What Electron counts is at once, and certain unless the outputs themselves can be asked.
      const several = probe?.exact === true ? null : judgeDisplays(count(), []);
      const read = several === null ? await ask(signal) : null;
      const wrong = several ?? (read === null ? null : judge(read));
      const findings: readonly Finding[] =
        wrong === null
          ? []
          : [
              {
                kind: 'extra-display',
                key: 'screens',
                facts: { displays: wrong.screens, how: wrong.how },
              },
            ];
      const reason = read === null ? null : lackOf(read);
      return reason === null
        ? { findings }
        : { findings, limits: { 'extra-display': { reason, partly: true } } };
    },
    check: async (): Promise<Requirement> => {
      const read = await ask(AbortSignal.timeout(TIMEOUT_MS));
      const wrong = judge(read);
      if (wrong !== null)
        return { id: 'display', outcome: 'failed', cause: wrong.how, blocks: true };
      // More desktops than outputs: monitors that somebody made. One screen to the eye, and a word to staff.
      if (count() > 1)
        return { id: 'display', outcome: 'failed', cause: 'invented', blocks: false };
      const reason = lackOf(read);
      // One desktop may have a mirror that nobody tells of.
      return reason === null
        ? { id: 'display', outcome: 'ok', blocks: true }
        : { id: 'display', outcome: 'not-watched', cause: reason, blocks: false };
    },
  });
};
