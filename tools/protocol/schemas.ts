import type { TSchema } from 'typebox';
import { FormQuestionSchema, FormSchema, TicketSchema } from '#shared/exam/ticket.ts';
import { EvidenceSchema, IncidentSchema } from '#shared/incident/incident.ts';
import { IncidentKindSchema } from '#shared/incident/kind.ts';
import { FactsSchema, ObservationSchema } from '#shared/incident/observation.ts';
import { KindPolicySchema, PolicySchema } from '#shared/incident/policy.ts';
import { ProblemCodeSchema, ProblemSchema } from '#shared/kernel/problem.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import { type Json, LedgerEntrySchema } from '#shared/ledger/entry.ts';
import { CommandSchema, IssuedCommandSchema } from '#shared/wire/command.ts';
import {
  AttemptDetailSchema,
  RoomSummarySchema,
  SeatMapSchema,
  ServerToDashboardSchema,
  StaffProfileSchema,
  TileSchema,
} from '#shared/wire/dashboard.ts';
import { DeviceRowSchema } from '#shared/wire/devices.ts';
import { DeletionCertificateSchema, EnrolmentStatusSchema } from '#shared/wire/enrolment.ts';
import { FACTS } from '#shared/wire/facts.ts';
import { BundleSchema, ErrorBodySchema } from '#shared/wire/http.ts';
import {
  KioskToServerSchema,
  LiveStateSchema,
  ServerToKioskSchema,
} from '#shared/wire/kiosk-socket.ts';
import { PassportSchema } from '#shared/wire/passport.ts';
import { RoleSchema } from '#shared/wire/roles.ts';

/** What gets a name in the documents; everything else is written out where it is used. */
const NAMED: Readonly<Record<string, TSchema>> = {
  ProblemCode: ProblemCodeSchema,
  Problem: ProblemSchema,
  ErrorBody: ErrorBodySchema,
  IncidentKind: IncidentKindSchema,
  KindPolicy: KindPolicySchema,
  Policy: PolicySchema,
  Facts: FactsSchema,
  Observation: ObservationSchema,
  Evidence: EvidenceSchema,
  Incident: IncidentSchema,
  Role: RoleSchema,
  Command: CommandSchema,
  IssuedCommand: IssuedCommandSchema,
  LedgerEntry: LedgerEntrySchema,
  Ticket: TicketSchema,
  FormQuestion: FormQuestionSchema,
  Form: FormSchema,
  LiveState: LiveStateSchema,
  KioskToServer: KioskToServerSchema,
  ServerToKiosk: ServerToKioskSchema,
  SeatMap: SeatMapSchema,
  Tile: TileSchema,
  StaffProfile: StaffProfileSchema,
  RoomSummary: RoomSummarySchema,
  AttemptDetail: AttemptDetailSchema,
  ServerToDashboard: ServerToDashboardSchema,
  Bundle: BundleSchema,
  Passport: PassportSchema,
  DeviceRow: DeviceRowSchema,
  EnrolmentStatus: EnrolmentStatusSchema,
  DeletionCertificate: DeletionCertificateSchema,
  ...Object.fromEntries(
    Object.entries(FACTS).map(([type, schema]) => [`fact.${type}`, schema as TSchema]),
  ),
};

/** Literals are lists of one value, and such lists side by side are one: the OpenAPI writer does so too. */
const asEnum = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(asEnum);
  const object = Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, asEnum(one as Json)]),
  );
  const { const: literal, anyOf, ...rest } = object;
  if (typeof literal === 'string') return { ...rest, enum: [literal] };
  const values = Array.isArray(anyOf) ? anyOf.map(valuesOf) : [];
  if (values.length > 0 && values.every((list) => list !== null)) {
    return { ...rest, type: 'string', enum: values.flat() as readonly Json[] };
  }
  return object;
};

const valuesOf = (value: Json): readonly Json[] | null => {
  if (value === null || typeof value !== 'object' || !('enum' in value)) return null;
  return (value as { readonly enum: readonly Json[] }).enum;
};

/** A schema as JSON. */
export const plain = (schema: unknown): Json => asEnum(JSON.parse(JSON.stringify(schema)) as Json);

/** What each type of entry says is defined by name, but never what something else happens to look like. */
const names = new Map(
  Object.entries(NAMED)
    .filter(([name]) => !name.startsWith('fact.'))
    .map(([name, schema]) => [canonicalText(plain(schema)), name]),
);

/** Puts a reference wherever a named schema is written out. */
export const withReferences = (value: Json, place: string, own?: string): Json => {
  if (value === null || typeof value !== 'object') return value;
  const name = names.get(canonicalText(value));
  if (name !== undefined && name !== own) return { $ref: `${place}${name}` };
  if (Array.isArray(value)) return value.map((one) => withReferences(one, place));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withReferences(one as Json, place)]),
  );
};

/** Every named schema, for `$defs` or `components`. */
export const definitions = (place: string): Json =>
  Object.fromEntries(
    Object.entries(NAMED).map(([name, schema]) => [
      name,
      withReferences(plain(schema), place, name),
    ]),
  );
