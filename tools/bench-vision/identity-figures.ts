import type { Descriptor } from '#shared/identity/face-capture.ts';
import { distanceOf } from '#shared/identity/match.ts';
import { bootstrap, type Interval } from './statistics.ts';

export interface KnownFace {
  readonly person: string;
  readonly descriptor: Descriptor;
}

/** How well one picture tells people apart from another picture. */
export interface IdentityFigures {
  readonly people: number;
  readonly pictures: number;
  readonly samePairs: number;
  readonly otherPairs: number;
  /** Share of wrong answers at the threshold where both kinds of error are equal. */
  readonly eer: Interval | null;
  /** Share of right people accepted where 1 % (0.1 %) of wrong ones are; null when there are too few pairs to say. */
  readonly tarAtFar1: Interval | null;
  readonly tarAtFar01: Interval | null;
  /** Distance at which 0.1 % of the wrong ones would be accepted; null with `tarAtFar01`. */
  readonly thresholdAtFar01: number | null;
}

interface Distances {
  /** Sorted. */
  readonly same: readonly number[];
  readonly other: readonly number[];
}

/** All distances between pictures, kept by the people they are of. */
interface PairTable {
  readonly people: readonly string[];
  /** `[i][j]`: between pictures of person i and of person j; the diagonal between two pictures of one. */
  readonly cells: readonly (readonly (readonly number[])[])[];
}

const tableOf = (faces: readonly KnownFace[]): PairTable => {
  const people = [...new Set(faces.map(({ person }) => person))];
  const per = people.map((name) => faces.filter(({ person }) => person === name));
  const cells = per.map((mine, i) =>
    per.map((theirs, j) =>
      mine.flatMap((a, x) =>
        theirs.slice(i === j ? x + 1 : 0).map((b) => distanceOf(a.descriptor, b.descriptor)),
      ),
    ),
  );
  return { people, cells };
};

/** @param drawn indices of people, each any number of times. */
const distancesOf = ({ cells }: PairTable, drawn: readonly number[]): Distances => {
  const same: number[] = [];
  const other: number[] = [];
  drawn.forEach((i, a) => {
    same.push(...(cells[i]?.[i] ?? []));
    // Somebody who was drawn twice is not another person.
    for (const j of drawn.slice(a + 1)) if (i !== j) other.push(...(cells[i]?.[j] ?? []));
  });
  return { same: same.sort((a, b) => a - b), other: other.sort((a, b) => a - b) };
};

/** How many of sorted values are below. */
const below = (sorted: readonly number[], limit: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
};

const equalError = ({ same, other }: Distances): number | null => {
  if (same.length === 0 || other.length === 0) return null;
  let best = 1;
  let error = 0.5;
  for (const threshold of [...same, ...other]) {
    const rejected = 1 - below(same, threshold) / same.length;
    const accepted = below(other, threshold) / other.length;
    const gap = Math.abs(rejected - accepted);
    if (gap >= best) continue;
    best = gap;
    error = (rejected + accepted) / 2;
  }
  return error;
};

/** The largest threshold at which no more than `far` of the wrong people are accepted; null for too few pairs. */
const thresholdAt = ({ other }: Distances, far: number): number | null =>
  other.length * far < 1 ? null : (other[Math.floor(other.length * far)] ?? null);

const acceptedAt = (distances: Distances, far: number): number | null => {
  const threshold = thresholdAt(distances, far);
  if (threshold === null || distances.same.length === 0) return null;
  return below(distances.same, threshold) / distances.same.length;
};

/** Compares every picture with every other, with intervals by drawing whole people anew. */
export const identityFigures = (faces: readonly KnownFace[]): IdentityFigures => {
  const table = tableOf(faces);
  const everybody = table.people.map((_, i) => i);
  const all = distancesOf(table, everybody);
  const drawn = (figure: (distances: Distances) => number | null): Interval | null =>
    bootstrap(everybody, (people) => figure(distancesOf(table, people)));
  return {
    people: table.people.length,
    pictures: faces.length,
    samePairs: all.same.length,
    otherPairs: all.other.length,
    eer: drawn(equalError),
    tarAtFar1: drawn((distances) => acceptedAt(distances, 0.01)),
    tarAtFar01: drawn((distances) => acceptedAt(distances, 0.001)),
    thresholdAtFar01: thresholdAt(all, 0.001),
  };
};
