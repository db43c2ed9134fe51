import type { Screen } from 'electron';
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
 */
export const judgeDisplays = (
  displays: number,
  panels: readonly Panel[],
): { readonly how: How; readonly screens: number } | null => {
  const screens = Math.max(displays, panels.length);
  if (displays > 1) return { how: 'several', screens };
  const mirrored = panels.some((panel) => panel.mirrored === true);
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
  const panelsOf = async (signal: AbortSignal) => (await probe?.list(signal)) ?? null;

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
      // What Electron counts is certain and at once; a slow or broken tool of the system must not delay it.
      const several = judgeDisplays(count(), []);
      const listed = several === null ? await panelsOf(signal) : null;
      const wrong = several ?? judgeDisplays(count(), listed?.ok === true ? listed.value : []);
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
      if (several !== null || listed?.ok === true) return { findings };
      const reason = listed === null ? 'not-built' : listed.error;
      return { findings, limits: { 'extra-display': { reason, partly: true } } };
    },
    check: async (): Promise<Requirement> => {
      const listed = await panelsOf(AbortSignal.timeout(TIMEOUT_MS));
      const wrong = judgeDisplays(count(), listed?.ok === true ? listed.value : []);
      return wrong === null
        ? { id: 'display', outcome: 'ok', blocks: true }
        : { id: 'display', outcome: 'failed', cause: wrong.how, blocks: true };
    },
  });
};
