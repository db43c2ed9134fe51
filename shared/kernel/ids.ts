import Type from 'typebox';

/**
 * Branded identifiers: strings that the compiler keeps apart, so that an examinee's id can never be
 * passed where an attempt's id is expected. The pattern keeps them safe in paths, logs and URLs.
 */
type Brand<Name extends string> = string & { readonly __brand: Name };

const idSchema = <Name extends string>() =>
  Type.Unsafe<Brand<Name>>(Type.String({ pattern: '^[A-Za-z0-9._:-]{1,80}$' }));

export const AttemptIdSchema = idSchema<'AttemptId'>();
export type AttemptId = Brand<'AttemptId'>;
export const DeviceIdSchema = idSchema<'DeviceId'>();
export type DeviceId = Brand<'DeviceId'>;
export const ExamineeIdSchema = idSchema<'ExamineeId'>();
export type ExamineeId = Brand<'ExamineeId'>;
export const StaffIdSchema = idSchema<'StaffId'>();
export type StaffId = Brand<'StaffId'>;
export const RoomIdSchema = idSchema<'RoomId'>();
export type RoomId = Brand<'RoomId'>;
export const SessionIdSchema = idSchema<'SessionId'>();
/** An examSession (sesión): one exam, one shift, one room. */
export type SessionId = Brand<'SessionId'>;
export const QuestionIdSchema = idSchema<'QuestionId'>();
export type QuestionId = Brand<'QuestionId'>;
export const IncidentIdSchema = idSchema<'IncidentId'>();
export type IncidentId = Brand<'IncidentId'>;
export const EpisodeIdSchema = idSchema<'EpisodeId'>();
export type EpisodeId = Brand<'EpisodeId'>;
export const CommandIdSchema = idSchema<'CommandId'>();
export type CommandId = Brand<'CommandId'>;

/** SHA-256 as 64 lower-case hexadecimal digits. */
export const HashSchema = Type.String({ pattern: '^[0-9a-f]{64}$' });
export type Hash = string;
