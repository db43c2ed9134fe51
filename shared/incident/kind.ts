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
