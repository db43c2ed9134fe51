import type { Passwords } from '#server/people/ports.ts';
import { hashedCode } from '#server/people/register.ts';
import type { PeopleRegister } from '#server/people/register-ports.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { readableCode } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { ExamineeId } from '#shared/kernel/ids.ts';

/** What an examinee is handed to sign in, and where they sit. */
export interface ExamineeAccess {
  readonly name: string;
  readonly document: string;
  readonly accessCode: string;
  readonly room: string;
  readonly seat: string;
}

interface AccessCodesDeps {
  readonly store: UnitOfWork<{ readonly register: PeopleRegister; readonly trail: AuditTrail }>;
  readonly registry: RegistryStore;
  readonly passwords: Passwords;
  readonly random: ServerRandom;
  readonly clock: ServerClock;
}

/**
 * Gives everybody who has a seat a new access code, all of them with one audit entry or none.
 * @returns the list to print, by shift, room and seat; the codes are stored as hashes only.
 */
export const reissueAccessCodes = async (
  deps: AccessCodesDeps,
): Promise<readonly ExamineeAccess[]> => {
  const rooms = await deps.registry.rooms(0, Number.MAX_SAFE_INTEGER);
  const sessions = rooms
    .flatMap(({ sessions: held }) => held)
    .toSorted((a, b) => a.startsAt - b.startsAt);
  // Who sits several shifts has one code, listed under the first.
  const people = new Map<ExamineeId, Omit<ExamineeAccess, 'accessCode'>>();
  for (const { id } of sessions) {
    for (const { examinee, room, seat } of await deps.registry.registrationsOfSession(id)) {
      if (people.has(examinee.id)) continue;
      const { name, document } = examinee;
      people.set(examinee.id, { name, document, room: room.name, seat });
    }
  }
  const list = await Promise.all(
    [...people].map(async ([id, person]) => {
      const accessCode = readableCode(deps.random, 8);
      return {
        id,
        access: { ...person, accessCode },
        hash: await hashedCode(deps.passwords, accessCode),
      };
    }),
  );
  await deps.store.transaction(async (tx) => {
    for (const { id, hash } of list) await tx.register.setSecret(id, hash);
    await tx.trail.audit({
      at: deps.clock.now(),
      actor: 'server',
      action: 'access-codes-reissued',
      subject: 'all',
      detail: { examinees: list.length },
    });
  });
  return list.map(({ access }) => access);
};
