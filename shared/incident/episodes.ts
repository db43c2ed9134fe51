import type { EpisodeId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { Family } from './catalogue-entry.ts';
import type { IncidentKind } from './kind.ts';
import type { Policy } from './policy.ts';
import type { RuleParts } from './rule-parts.ts';

/** One act with all the incidents that it caused: at most one copy attempt. */
export interface Episode {
  readonly id: EpisodeId;
  readonly firstT: ExamTime;
  /** Whether it is a copy attempt already. */
  readonly counted: boolean;
  /** Per family, the first and last moment at which one of its incidents began or ended. */
  readonly edges: Partial<
    Readonly<Record<Family, { readonly first: ExamTime; readonly last: ExamTime }>>
  >;
}

const FAMILIES: readonly Family[] = ['machine', 'camera', 'identity', 'technical', 'person'];

const belongs = (episode: Episode, family: Family, startedT: ExamTime, policy: Policy): boolean => {
  if (startedT - episode.firstT > policy.episodeMaxMs) return false;
  return FAMILIES.some((other) => {
    const edges = episode.edges[other];
    const gap = other === family ? policy.episodeGapMs : policy.episodeCrossGapMs;
    return edges !== undefined && startedT >= edges.first - gap && startedT <= edges.last + gap;
  });
};

const withEdge = (episode: Episode, family: Family, t: ExamTime): Episode => {
  const known = episode.edges[family];
  const edge = {
    first: Math.min(known?.first ?? t, t),
    last: Math.max(known?.last ?? t, t),
  };
  return {
    ...episode,
    firstT: Math.min(episode.firstT, t),
    edges: { ...episode.edges, [family]: edge },
  };
};

const replace = (
  episodes: readonly Episode[],
  episode: Episode,
  remembered: number,
): readonly Episode[] =>
  episodes.some((known) => known.id === episode.id)
    ? episodes.map((known) => (known.id === episode.id ? episode : known))
    : [...episodes, episode].slice(-remembered);

/**
 * Finds or makes the episode of an incident that started at `startedT`.
 * @param continued the episode that the same condition had before a pause or a restart: it goes on.
 * @param counting whether the incident counts.
 * @returns the episodes with it, its id, and whether it becomes a copy attempt by this.
 */
export const joinEpisode = (
  parts: Pick<RuleParts, 'familyOf' | 'rememberedEpisodes'>,
  episodes: readonly Episode[],
  incident: {
    readonly kind: IncidentKind;
    readonly startedT: ExamTime;
    readonly counting: boolean;
  },
  continued: Episode | undefined,
  policy: Policy,
): {
  readonly episodes: readonly Episode[];
  readonly id: EpisodeId;
  readonly copyAttempt: boolean;
} => {
  const { kind, startedT, counting } = incident;
  const family = parts.familyOf(kind);
  const fresh: Episode = {
    id: `episode-${kind}-${startedT}` as EpisodeId,
    firstT: startedT,
    counted: false,
    edges: {},
  };
  // A network that comes and goes must not tie acts together that have nothing to do with each other.
  if (family === 'technical') return { episodes, id: fresh.id, copyAttempt: false };
  const joined =
    episodes.find((known) => known.id === continued?.id) ??
    continued ??
    episodes.findLast((known) => belongs(known, family, startedT, policy)) ??
    fresh;
  const copyAttempt = counting && !joined.counted;
  const next = { ...withEdge(joined, family, startedT), counted: joined.counted || counting };
  return { episodes: replace(episodes, next, parts.rememberedEpisodes), id: next.id, copyAttempt };
};

/** Notes that something of the episode happened or ended at `t`. Unknown episodes are left alone. */
export const touchEpisode = (
  parts: Pick<RuleParts, 'familyOf'>,
  episodes: readonly Episode[],
  id: EpisodeId,
  kind: IncidentKind,
  t: ExamTime,
): readonly Episode[] =>
  episodes.map((known) => (known.id === id ? withEdge(known, parts.familyOf(kind), t) : known));
