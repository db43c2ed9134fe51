import Type, { type Static, type TSchema } from 'typebox';
import { CoverageByKindSchema, type CoverageReason } from '#shared/incident/coverage.ts';
import { MOST } from '#shared/kernel/bounds.ts';
import { HashSchema } from '#shared/kernel/ids.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import { RequirementSchema } from './kiosk-view.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const oneOf = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))));

/** What keeps the device's keys. `file`: the system has no key store, a file of this user does it. */
export const KEY_STORE_KINDS = [
  'dpapi',
  'keychain',
  'libsecret',
  'kwallet',
  'file',
  'browser',
] as const;
export const KeyStoreKindSchema = oneOf(KEY_STORE_KINDS);
export type KeyStoreKind = (typeof KEY_STORE_KINDS)[number];

/** What on a machine may look like cheating and is none, or may stop an exam. Each has a sentence in the locales. */
export const PASSPORT_RISKS = [
  /** A program that keeps what is copied is running. */
  'clipboard-manager',
  /** A driver makes displays that nobody can see on the desk. */
  'virtual-display',
  /** The hardware tells of itself what virtual machines tell. */
  'virtual-machine',
  /** A screen reader, magnifier or on-screen keyboard is running: ask for the accommodation first. */
  'assistive-technology',
  /** A program for managing classrooms is running: it has to be on the allow-list. */
  'classroom-tool',
  /** A program for controlling the machine from afar is running. */
  'remote-tool',
  'no-camera',
  'little-memory',
  'little-disk',
  /** The battery holds less than half of what it held when new. */
  'worn-battery',
] as const;
const PassportRiskSchema = oneOf(PASSPORT_RISKS);
export type PassportRiskId = (typeof PASSPORT_RISKS)[number];

/** What of a machine the doctor looks at besides its sensors. What could not be read of it is no finding, and said so. */
const PASSPORT_PARTS = ['programs', 'graphics', 'hardware', 'cameras', 'disk', 'battery'] as const;
export type PassportPart = (typeof PASSPORT_PARTS)[number];

const word = (maxLength: number) => Type.String({ maxLength });

/**
 * What a machine is and what can be watched on it, made by the "doctor" and at the kiosk's start, so that a fleet
 * is known the day before the exam. Nothing of it is about a person.
 */
export const PassportSchema = object({
  format: Type.Literal('atalaya-passport-1'),
  createdAt: EpochMsSchema,
  device: object({
    name: word(80),
    manufacturer: word(80),
    model: word(80),
    /** The operating system with its version, for example `linux 6.12.4`. */
    system: word(80),
    architecture: word(20),
    processor: word(80),
    /** Whole MiB. */
    memoryMb: Type.Integer({ minimum: 0, maximum: MOST }),
  }),
  host: object({
    kind: Type.Union([Type.Literal('electron'), Type.Literal('web')]),
    version: word(40),
    /** Identity of the build, see `attempt-opened`. */
    build: Type.Union([HashSchema, Type.Null()]),
  }),
  keyStore: KeyStoreKindSchema,
  coverage: CoverageByKindSchema,
  requirements: Type.Array(RequirementSchema, { maxItems: 40 }),
  risks: Type.Array(
    object({
      id: PassportRiskSchema,
      /** Programs, drivers or parts that it is about. */
      names: Type.Array(word(80), { maxItems: 10 }),
    }),
    { maxItems: 20 },
  ),
  /** What the machine did not tell, or only in part, and why; absent where the build does not say. */
  unread: Type.Optional(
    Type.Array(
      object({ part: oneOf(PASSPORT_PARTS), reason: Type.Unsafe<CoverageReason>(word(40)) }),
      { maxItems: 20 },
    ),
  ),
});
export type Passport = Static<typeof PassportSchema>;
export type PassportRisk = Passport['risks'][number];
export type PassportUnread = NonNullable<Passport['unread']>[number];

/** How a machine stands: everything fine, something to look at, or no exam can start on it. */
export type PassportVerdict = 'ok' | 'warnings' | 'blocked';

/** The verdict that follows from a passport: the doctor's exit code and the colour in the table of devices. */
export const verdictOf = ({
  requirements,
  risks,
  keyStore,
}: Pick<Passport, 'requirements' | 'risks' | 'keyStore'>): PassportVerdict => {
  const failed = requirements.filter(({ outcome }) => outcome === 'failed');
  if (failed.some(({ blocks }) => blocks)) return 'blocked';
  return failed.length > 0 || risks.length > 0 || keyStore === 'file' ? 'warnings' : 'ok';
};
