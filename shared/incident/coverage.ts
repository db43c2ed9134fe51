import Type, { type Static } from 'typebox';
import { LATER } from '#shared/kernel/json-size.ts';
import { INCIDENT_KINDS, type IncidentKind, KIND_NAME_PATTERN, MAX_KINDS } from './kind.ts';

/**
 * Why a kind is not watched, or only in part, on a machine. Each has a sentence and its mend in the
 * locales (`coverage.json`), for the proctor and for technology staff.
 */
export const COVERAGE_REASONS = [
  /** This host has nothing for it. */
  'not-built',
  /** The operating system offers no way. */
  'platform',
  /** A page sees only itself; a managed kiosk session has to do the rest. */
  'page-only',
  /** Wayland keeps other programs' windows and keys to itself. */
  'wayland',
  /** A tool of the system that is needed is not there. */
  'tool-missing',
  /** A tool of the system is there and policy or rights refuse it. */
  'tool-blocked',
  /** A tool of the system is there and gave no answer this time. */
  'tool-failed',
  /** A tool of the system answered and named nothing where there is always something. */
  'tool-empty',
  /** A tool of the system answered in a way that cannot be read. */
  'tool-unread',
  /** The question is known, and this machine's drivers or edition do not support it. */
  'not-supported',
  /** The machine's own parts are not known yet: nobody can say which device came later. */
  'not-learnt',
  /** The system asks its user for a permission that was not given. */
  'no-permission',
  /** The sensor failed, hangs or floods, and is being started again. */
  'sensor-failed',
  /** Technology staff switched it off in the configuration. */
  'switched-off',
  /** An optional model that the institution has not put there. */
  'no-model',
  /** The room checks identity documents by hand: no face is compared. */
  'by-hand',
] as const;
export type CoverageReason = (typeof COVERAGE_REASONS)[number];
export const isCoverageReason = (text: unknown): text is CoverageReason =>
  COVERAGE_REASONS.some((known) => known === text);
/** A later build may have a reason that this one does not know. */
const CoverageReasonSchema = Type.Unsafe<CoverageReason>(
  Type.String({ pattern: KIND_NAME_PATTERN }),
);

/** What a host does about one kind: stops it, only sees it, or neither; and why not more. */
const CoverageSchema = Type.Object(
  {
    level: Type.Union([
      Type.Literal('enforced'),
      Type.Literal('detected'),
      Type.Literal('not-watched'),
    ]),
    /** With `detected`: watched in part, because of this. */
    reason: Type.Optional(CoverageReasonSchema),
  },
  LATER,
);
export type Coverage = Static<typeof CoverageSchema>;

/** What a host does about each kind. A kind that is missing is not watched; one that this build does not know is kept. */
export type CoverageByKind = Readonly<Partial<Record<IncidentKind, Coverage>>>;
export const CoverageByKindSchema = Type.Unsafe<CoverageByKind>(
  Type.Record(Type.String({ pattern: KIND_NAME_PATTERN }), CoverageSchema, {
    additionalProperties: false,
    maxProperties: MAX_KINDS,
  }),
);

/** Kinds that are found out elsewhere (server, people, the program itself), not watched by a host. */
const NOT_THE_HOSTS: ReadonlySet<IncidentKind> = new Set([
  'second-session',
  'second-ip',
  'room-scan-refused',
  'manual',
  'connectivity-lost',
  'device-failure',
  'power',
  'platform',
]);

/** What nobody watches on a host with this coverage. */
export const notWatchedIn = (coverage: CoverageByKind): IncidentKind[] =>
  INCIDENT_KINDS.filter(
    (kind) =>
      (coverage[kind]?.level ?? 'not-watched') === 'not-watched' && !NOT_THE_HOSTS.has(kind),
  );

/** What each kind of program can stop at most; `forbidden-app` in a browser only where the system runs one program. */
export const HOST_ENFORCES: Readonly<Record<'electron' | 'web', ReadonlySet<IncidentKind>>> = {
  electron: new Set(['clipboard', 'print', 'outside-input']),
  web: new Set(['clipboard', 'print', 'forbidden-app']),
};

/** What no page can see of its machine. */
const PAGE_BLIND: ReadonlySet<string> = new Set([
  'forbidden-app',
  'screen-share',
  'remote-session',
]);

/**
 * Kinds of which the coverage claims more than any program of this kind can do.
 * @param settled whether the sensors had the time to say what they cannot; before that a page says what it is built for.
 */
export const coverageBeyond = (
  host: string,
  coverage: CoverageByKind,
  settled: boolean,
): readonly string[] => {
  const enforces: ReadonlySet<string> | undefined =
    host === 'electron' || host === 'web' ? HOST_ENFORCES[host] : undefined;
  if (enforces === undefined) return [];
  return Object.entries(coverage).flatMap(([kind, { level }]) => {
    const unseen = settled && host === 'web' && level === 'detected' && PAGE_BLIND.has(kind);
    return unseen || (level === 'enforced' && !enforces.has(kind)) ? [kind] : [];
  });
};
