import type { JsonObject } from './canonical.ts';
import type { Policy } from './http.ts';

// "What the rules make of it" of docs/protocol.md, for acts and conditions without interruptions: what a small client needs.

const FAMILIES: Readonly<Record<string, string>> = {
  clipboard: 'machine',
  'focus-lost': 'machine',
  'outside-input': 'machine',
  'no-face': 'camera',
  'turned-away': 'camera',
  'connectivity-lost': 'technical',
};
const CAMERA = new Set(['no-face', 'turned-away']);

/** An entry that follows. */
export type Told = readonly [type: string, data: JsonObject];

interface Episode {
  readonly id: string;
  firstT: number;
  counted: boolean;
  readonly edges: Map<string, { first: number; last: number }>;
}
interface Condition {
  readonly startedT: number;
  readonly facts: JsonObject;
  incident: { readonly id: string; readonly episode: Episode | null } | null;
}

/** The rules of one attempt, version 2. Every function says which entries follow; `evidence` of stills is the caller's. */
export const rules = (policy: Policy) => {
  const episodes: Episode[] = [];
  const conditions = new Map<string, Condition>();
  const lastStart = new Map<string, number>();
  /** The last single act of each kind, with its repetitions. */
  const acts = new Map<string, { firstT: number; lastT: number; episode: Episode | null }>();
  /** Since when the exam runs, and since when the camera is judged; null: it is not. */
  let runsT = 0;
  let watchedT: number | null = null;
  /** Numbers are given once, whatever becomes of them. */
  let number = 0;

  const join = (family: string, kind: string, startedT: number): Episode => {
    const fits = ({ firstT, edges }: Episode): boolean =>
      startedT - firstT <= policy.episodeMaxMs &&
      [...edges].some(([other, { first, last }]) => {
        const gap = other === family ? policy.episodeGapMs : policy.episodeCrossGapMs;
        return startedT >= first - gap && startedT <= last + gap;
      });
    const known = episodes.slice(-8).findLast(fits);
    if (known !== undefined) return known;
    const made: Episode = {
      id: `episode-${kind}-${startedT}`,
      firstT: startedT,
      counted: false,
      edges: new Map(),
    };
    episodes.push(made);
    return made;
  };
  const touch = (episode: Episode, family: string, t: number): void => {
    const { first, last } = episode.edges.get(family) ?? { first: t, last: t };
    episode.edges.set(family, { first: Math.min(first, t), last: Math.max(last, t) });
    episode.firstT = Math.min(episode.firstT, t);
  };

  const startFor = (kind: string, t: number): number =>
    Math.max(t, CAMERA.has(kind) ? (watchedT ?? 0) : runsT, (lastStart.get(kind) ?? -1) + 1);

  const open = (kind: string, startedT: number, openedT: number, facts: JsonObject) => {
    const family = FAMILIES[kind] ?? 'machine';
    const counted = policy.kinds[kind]?.effect === 'count' && family !== 'technical';
    const id = `${kind}-${startedT}`;
    lastStart.set(kind, startedT);
    const episode = family === 'technical' ? null : join(family, kind, startedT);
    if (episode !== null) touch(episode, family, startedT);
    const episodeId = episode?.id ?? `episode-${kind}-${startedT}`;
    const incident = { id, kind, startedT, openedT, counted, episodeId, facts };
    const told: Told[] = [['incident-opened', { incident, evidence: [] }]];
    if (episode !== null && counted && !episode.counted) {
      episode.counted = true;
      number += 1;
      told.push(['copy-attempt', { incidentId: id, episodeId, number }]);
    }
    return { told, incident: { id, episode } };
  };

  const finish = (kind: string, endedT: number): Told[] => {
    const incident = conditions.get(kind)?.incident ?? null;
    conditions.delete(kind);
    if (incident === null) return [];
    if (incident.episode !== null) touch(incident.episode, FAMILIES[kind] ?? 'machine', endedT);
    return [['incident-closed', { incidentId: incident.id, endedT }]];
  };

  const judged = (kind: string): boolean =>
    (policy.kinds[kind]?.effect ?? 'ignore') !== 'ignore' &&
    (!CAMERA.has(kind) || (watchedT !== null && !policy.cameraExempt));

  return {
    /** The exam runs from `t` on. */
    runs: (t: number): void => {
      runsT = t;
      watchedT = null;
    },
    watchBegan: (t: number): void => {
      watchedT = t;
    },
    /** It stands still from `t` on: everything open ends. */
    stops: (t: number): Told[] => [...conditions.keys()].flatMap((kind) => finish(kind, t)),
    /** When the next condition becomes an incident; null: none will. */
    dueT: (): number | null =>
      [...conditions].reduce<number | null>((least, [kind, { startedT, incident }]) => {
        if (incident !== null) return least;
        const due = startedT + (policy.kinds[kind]?.minMs ?? 0);
        return least === null ? due : Math.min(least, due);
      }, null),
    /** It is `t` now. */
    time: (t: number): Told[] =>
      [...conditions].flatMap(([kind, condition]) => {
        const due = condition.startedT + (policy.kinds[kind]?.minMs ?? 0);
        if (condition.incident !== null || due > t) return [];
        const { told, incident } = open(kind, condition.startedT, due, condition.facts);
        condition.incident = incident;
        return told;
      }),
    began: (kind: string, t: number, facts: JsonObject): void => {
      if (!judged(kind) || conditions.has(kind)) return;
      conditions.set(kind, { startedT: startFor(kind, t), facts, incident: null });
    },
    /** It ended and does not begin again within its break. */
    ended: (kind: string, t: number): Told[] => finish(kind, t),
    happened: (kind: string, t: number, facts: JsonObject): Told[] => {
      if (!judged(kind)) return [];
      const act = acts.get(kind);
      const breakMs = policy.kinds[kind]?.breakMs ?? 0;
      if (act !== undefined && t <= act.lastT) return [];
      if (act && t - act.lastT < breakMs && t - act.firstT <= policy.episodeMaxMs) {
        act.lastT = t;
        if (act.episode !== null) touch(act.episode, FAMILIES[kind] ?? 'machine', t);
        return [];
      }
      const startedT = startFor(kind, t);
      const { told, incident } = open(kind, startedT, startedT, facts);
      acts.set(kind, { firstT: startedT, lastT: Math.max(t, startedT), episode: incident.episode });
      return [...told, ['incident-closed', { incidentId: incident.id, endedT: startedT }]];
    },
  };
};
