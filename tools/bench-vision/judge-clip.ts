import type { Descriptor } from '#shared/identity/face-capture.ts';
import { INITIAL_WATCH, WATCH_LIMITS, watchIdentity } from '#shared/identity/identity-watch.ts';
import { CATALOGUE, DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { evaluate } from '#shared/incident/evaluate.ts';
import { thresholdsOf } from '#shared/incident/identity-thresholds.ts';
import type { IncidentKind, KindName } from '#shared/incident/kind.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { INITIAL_RULES, type RuleEvent, type RuleInput } from '#shared/incident/rules-state.ts';
import { createCameraWatch } from '#shared/kiosk/camera/camera-watch.ts';
import type { TimedCapture, TimedSample } from './page/main.ts';
import type { Expected, Span } from './vision-set.ts';

/** An incident that the rules made of a clip. All ms since its first frame. */
export interface JudgedIncident {
  readonly kind: KindName;
  readonly startedMs: number;
  /** When the program knew it, which is never before it is one. */
  readonly noticedMs: number;
  readonly endedMs: number | null;
  readonly counted: boolean;
}

export interface JudgedClip {
  readonly incidents: readonly JudgedIncident[];
  readonly copyAttempts: number;
}

/** Looks for identity and whom they are compared with, as after a check that let the person in. */
export interface IdentityLooks {
  readonly captures: readonly TimedCapture[];
  readonly template: Descriptor;
}

/** Nobody presses a button in a clip: it counts from its first frame on. */
const CLIP_POLICY: Policy = { ...DEFAULT_POLICY, gate: null };

/**
 * Puts samples through the same code as the kiosk's engine does, with the clip's own time as exam time.
 * @param identity null where nobody is compared with anybody.
 */
export const judgeSamples = (
  samples: readonly TimedSample[],
  durationMs: number,
  identity: IdentityLooks | null = null,
): JudgedClip => {
  const camera = createCameraWatch(0, CLIP_POLICY);
  const open = new Map<string, JudgedIncident>();
  const incidents: JudgedIncident[] = [];
  let rules = INITIAL_RULES;
  let copyAttempts = 0;
  const take = (event: RuleEvent, now: number): void => {
    if (event.type === 'copy-attempt') copyAttempts++;
    if (event.type === 'incident-opened') {
      const { id, kind, startedT, openedT, counted } = event.incident;
      open.set(id, {
        kind,
        startedMs: startedT,
        noticedMs: Math.max(openedT, now),
        endedMs: null,
        counted,
      });
    }
    if (event.type === 'incident-closed') {
      const found = open.get(event.incidentId);
      if (found) incidents.push({ ...found, endedMs: event.endedT });
      open.delete(event.incidentId);
    }
  };
  const tell = (input: RuleInput, now: number): void => {
    const outcome = evaluate(rules, input, CLIP_POLICY);
    rules = outcome.state;
    for (const event of outcome.events) take(event, now);
  };
  tell({ type: 'resumed', t: 0 }, 0);
  let watched = INITIAL_WATCH;
  const waiting = [...(identity?.captures ?? [])];
  for (const { t, sample } of samples) {
    // What became due since the last sample was noticed when it was due: the kiosk has a timer for it.
    tell({ type: 'time', t }, 0);
    while (identity !== null && waiting[0] !== undefined && waiting[0].t <= t) {
      const { capture } = waiting.shift() as TimedCapture;
      const reference = { by: 'template', descriptor: identity.template } as const;
      const outcome = watchIdentity(
        watched,
        { ...capture, ageMs: 0 },
        t,
        reference,
        thresholdsOf(CLIP_POLICY),
      );
      watched = outcome.state;
      for (const observation of outcome.observations) tell({ type: 'observation', observation }, t);
    }
    for (const observation of camera.sample(sample, t))
      tell({ type: 'observation', observation }, t);
  }
  tell({ type: 'time', t: durationMs }, 0);
  const all = [...incidents, ...open.values()].sort((a, b) => a.startedMs - b.startedMs);
  return { incidents: all, copyAttempts };
};

export interface Found {
  readonly expected: Expected;
  /** From the rule's minimum duration to the moment when it was noticed, ms; null when it never was. */
  readonly lateMs: number | null;
}

export interface Comparison {
  readonly found: readonly Found[];
  /** Incidents that nothing in the set explains. */
  readonly unexpected: readonly JudgedIncident[];
}

/** How long something must last before it can be an incident, ms: who it is shows over a minute and a half only. */
export const leastMs = (kind: IncidentKind): number =>
  CATALOGUE[kind].policy.minMs + (kind === 'identity-mismatch' ? WATCH_LIMITS.spanMs : 0);

/** A label's edges are set by hand: an incident may begin this much outside, ms. */
const SLACK_MS = 1_500;

/** Sets what the rules made of a clip against what the set says about it. */
export const compare = (
  expected: readonly Expected[],
  incidents: readonly JudgedIncident[],
): Comparison => {
  const explains = (label: Expected, { kind, startedMs }: JudgedIncident): boolean =>
    kind === label.kind && startedMs >= label.fromMs - SLACK_MS && startedMs <= label.toMs;
  const found = expected.map((label): Found => {
    const incident = incidents.find((candidate) => explains(label, candidate));
    return {
      expected: label,
      lateMs:
        incident === undefined ? null : incident.noticedMs - label.fromMs - leastMs(label.kind),
    };
  });
  const unexpected = incidents.filter(
    (incident) => !expected.some((label) => explains(label, incident)),
  );
  return { found, unexpected };
};

/** Around labelled times nobody knows whether a face is still or already there, ms. */
const EDGE_MS = 1_000;

/** How many of a clip's looks must show a face, and how many do. */
export const faceLooks = (
  samples: readonly TimedSample[],
  expected: readonly Expected[],
  faceless: readonly Span[],
): { readonly looks: number; readonly seen: number } => {
  const unclear = [...expected, ...faceless];
  const clear = samples.filter(
    ({ t }) => !unclear.some(({ fromMs, toMs }) => t > fromMs - EDGE_MS && t < toMs + EDGE_MS),
  );
  return {
    looks: clear.length,
    seen: clear.filter(({ sample }) => sample.faces.length > 0).length,
  };
};
