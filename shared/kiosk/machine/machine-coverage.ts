import type { Coverage, CoverageByKind } from '#shared/incident/coverage.ts';
import { INCIDENT_KINDS, type IncidentKind } from '#shared/incident/kind.ts';
import type { Limit, Limits, Sensor } from '#shared/ports/sensor.port.ts';

/** Kinds that the page's camera and the program itself watch on every host, besides the sensors. */
const WATCHED_BY_ALL: ReadonlySet<IncidentKind> = new Set([
  'camera-off',
  'camera-covered',
  'camera-frozen',
  'no-face',
  'off-frame',
  'turned-away',
  'several-faces',
  'low-light',
  'virtual-camera',
  'identity-mismatch',
  'room-scan-refused',
  'connectivity-lost',
  'device-failure',
]);

/**
 * What a host does about each kind as it is built, while all its sensors work.
 * @param sensors of this host.
 * @param enforced kinds that the host stops and not only sees.
 */
export const builtCoverage = (
  sensors: readonly Sensor[],
  enforced: ReadonlySet<IncidentKind>,
): CoverageByKind => {
  const watched = new Set(sensors.flatMap(({ watches }) => watches));
  const coverage = (kind: IncidentKind): Coverage => {
    if (enforced.has(kind)) return { level: 'enforced' };
    if (watched.has(kind) || WATCHED_BY_ALL.has(kind)) return { level: 'detected' };
    return { level: 'not-watched', reason: 'not-built' };
  };
  return Object.fromEntries(INCIDENT_KINDS.map((kind) => [kind, coverage(kind)]));
};

/**
 * What a host does now: as it is built, less what its sensors say that they cannot do.
 * @param limits what each sensor says about itself, in the order of `sensors`.
 */
export const presentCoverage = (
  built: CoverageByKind,
  sensors: readonly Sensor[],
  limits: readonly Limits[],
): CoverageByKind => {
  const coverage = (kind: IncidentKind): Coverage => {
    const asBuilt = built[kind] ?? { level: 'not-watched', reason: 'not-built' };
    const said = sensors.flatMap((sensor, i): (Limit | null)[] =>
      sensor.watches.includes(kind) ? [limits[i]?.[kind] ?? null] : [],
    );
    const limit = said.find((one) => one !== null);
    if (asBuilt.level === 'not-watched' || limit === undefined) return asBuilt;
    const seen = said.some((one) => one === null || one.partly);
    return { level: seen ? asBuilt.level : 'not-watched', reason: limit.reason };
  };
  return Object.fromEntries(INCIDENT_KINDS.map((kind) => [kind, coverage(kind)]));
};

/** What of `next` differs from `before`; null when nothing does. */
export const coverageChange = (
  before: CoverageByKind,
  next: CoverageByKind,
): CoverageByKind | null => {
  const changed = INCIDENT_KINDS.flatMap((kind): [IncidentKind, Coverage][] => {
    const [a, b] = [before[kind], next[kind]];
    return b !== undefined && (a?.level !== b.level || a.reason !== b.reason) ? [[kind, b]] : [];
  });
  return changed.length === 0 ? null : Object.fromEntries(changed);
};
