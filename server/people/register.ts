import Type, { type Static } from 'typebox';
import {
  firstRefusal,
  refuseDoubles,
  refuseTaken,
  refuseUnknown,
  ShownTextSchema,
  strictObject,
} from '#server/platform/input-rules.ts';
import { normaliseCode } from '#server/platform/tokens.ts';
import { ExamineeIdSchema, RoomIdSchema, StaffIdSchema } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { RoleSchema } from '#shared/wire/roles.ts';
import type { Passwords } from './ports.ts';
import type { ExamineeRow, PeopleRegister, StaffRow } from './register-ports.ts';

/** Somebody who is to work here, with the password for the first sign-in. */
export const NewStaffSchema = strictObject({
  id: StaffIdSchema,
  user: Type.String({ pattern: '^[A-Za-z0-9._@-]{1,80}$' }),
  name: ShownTextSchema(120),
  role: RoleSchema,
  venueId: Type.Union([Type.String({ minLength: 1, maxLength: 80 }), Type.Null()]),
  roomIds: Type.Array(RoomIdSchema, { maxItems: 200, uniqueItems: true }),
  password: Type.String({ minLength: 8, maxLength: 200 }),
});

/** Somebody who is to sit exams, with the code for signing in. */
export const NewExamineeSchema = strictObject({
  id: ExamineeIdSchema,
  name: ShownTextSchema(120),
  /** As it is typed at the sign-in. */
  document: Type.String({ pattern: '^[A-Za-z0-9-]{1,20}$' }),
  accessCode: Type.String({ minLength: 6, maxLength: 60 }),
});

type NewStaff = Static<typeof NewStaffSchema>;
type NewExaminee = Static<typeof NewExamineeSchema>;

/** Slow: belongs before a unit of work. */
export const hashedStaff = (
  passwords: Passwords,
  staff: readonly NewStaff[],
): Promise<readonly StaffRow[]> =>
  Promise.all(
    staff.map(async ({ password, ...person }) => ({
      ...person,
      passwordHash: await passwords.hash(password),
    })),
  );

/** What is stored of a code, which may be typed with small letters, spaces and dashes. Slow as well. */
export const hashedCode = (passwords: Passwords, accessCode: string): Promise<string> =>
  passwords.hash(normaliseCode(accessCode));

/** Slow: belongs before a unit of work. */
export const hashedExaminees = (
  passwords: Passwords,
  examinees: readonly NewExaminee[],
): Promise<readonly ExamineeRow[]> =>
  Promise.all(
    examinees.map(async ({ accessCode, ...person }) => ({
      ...person,
      secretHash: await hashedCode(passwords, accessCode),
    })),
  );

/**
 * Puts staff on the register, all or none. Problems: `conflict` for an id or user that comes twice or is taken;
 * `not-found` for a venue or room that there is not.
 * @param register of the unit of work that also has the audit entry.
 */
export const registerStaff = async (
  register: PeopleRegister,
  staff: readonly StaffRow[],
): Promise<Result<null, Problem>> => {
  const ids = staff.map(({ id }) => id);
  const users = staff.map(({ user }) => user);
  const places = staff.flatMap(({ venueId, roomIds }) => [
    ...(venueId === null ? [] : [venueId]),
    ...roomIds,
  ]);
  const checked = await firstRefusal([
    () => refuseDoubles('staff', ids),
    () => refuseDoubles('user', users),
    async () => {
      const taken = await register.takenStaff(staff);
      const takenId = refuseTaken('staff', ids, taken.ids);
      return takenId.ok ? refuseTaken('user', users, taken.users) : takenId;
    },
    async () =>
      refuseUnknown('place', places, await register.knownPlaces([...new Set<string>(places)])),
  ]);
  if (checked.ok) await register.addStaff(staff);
  return checked;
};

/**
 * Puts examinees on the register, all or none. Problems: `conflict` for an id or document that comes twice or is taken.
 * @param register of the unit of work that also has the audit entry.
 */
export const registerExaminees = async (
  register: PeopleRegister,
  examinees: readonly ExamineeRow[],
): Promise<Result<null, Problem>> => {
  const ids = examinees.map(({ id }) => id);
  const documents = examinees.map(({ document }) => document);
  const checked = await firstRefusal([
    () => refuseDoubles('examinee', ids),
    () => refuseDoubles('document', documents),
    async () => {
      const taken = await register.takenExaminees(examinees);
      const takenId = refuseTaken('examinee', ids, taken.ids);
      return takenId.ok ? refuseTaken('document', documents, taken.documents) : takenId;
    },
  ]);
  if (!checked.ok) return checked;
  await register.addExaminees(examinees);
  return ok(null);
};
