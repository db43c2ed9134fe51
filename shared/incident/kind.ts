import Type from 'typebox';

/** Every kind of incident that the regulations name (see `catalogue.ts` for articles and policy). */
export const INCIDENT_KINDS = [
  'focus-lost',
  'forbidden-app',
  'screenshot',
  'screen-share',
  'clipboard',
  'print',
  'outside-input',
  'extra-display',
  'peripheral',
  'remote-session',
  'virtual-machine',
  'second-session',
  'second-ip',
  'not-a-computer',
  'camera-off',
  'camera-covered',
  'camera-frozen',
  'no-face',
  'off-frame',
  'turned-away',
  'several-faces',
  'low-light',
  'virtual-background',
  'virtual-camera',
  'identity-mismatch',
  'prohibited-object',
  'room-scan-refused',
  'manual',
  'connectivity-lost',
  'device-failure',
  'power',
  'platform',
] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];
export const IncidentKindSchema = Type.Unsafe<IncidentKind>(
  Type.Union(INCIDENT_KINDS.map((kind) => Type.Literal(kind))),
);

/**
 * A kind as a record names it: of this build, or of a later one that knows more. What is made of an unknown one is the
 * same everywhere: it is kept and shown as unknown, it is no ground for anything, and it never counts.
 */
export type KindName = IncidentKind | (string & {});
export const KIND_NAME_PATTERN = '^[a-z][a-z-]{1,39}$';
export const KindNameSchema = Type.Unsafe<KindName>(Type.String({ pattern: KIND_NAME_PATTERN }));

const KNOWN: ReadonlySet<string> = new Set(INCIDENT_KINDS);

/** Whether this build knows the kind. */
export const isIncidentKind = (name: string): name is IncidentKind => KNOWN.has(name);

/** How many kinds a policy or a host may name: four times as many as there are. */
export const MAX_KINDS = 128;
