import { join } from 'node:path';
import { CommandRefusedError } from './command-refused.ts';
import type { Composed } from './compose.ts';
import { reissueAccessCodes } from './exam/access-codes.ts';
import { addCodesOfCommandLine } from './fleet/command-line-codes.ts';
import { writePrivate } from './private-file.ts';

/** What a command works on: the data of the folder, as the server would open it. */
export interface CommandContext extends Pick<Composed, 'deps' | 'demo'> {
  readonly dataFolder: string;
  /** One JSON object on standard output. */
  readonly say: (line: Readonly<Record<string, unknown>>) => void;
}

/** Makes one-time codes for devices. They are shown once; only their hashes are stored. */
export const codes = async ({ deps, say }: CommandContext, count: number): Promise<void> => {
  say({ event: 'codes', enrolmentCodes: await addCodesOfCommandLine(deps, count) });
};

/** Gives every examinee a new access code. A hundred of them do not fit on a screen: the list goes to a file. */
export const accessList = async ({ deps, dataFolder, say }: CommandContext): Promise<void> => {
  const file = join(dataFolder, 'access-list.csv');
  const list = await reissueAccessCodes(deps);
  const lines = list.map((row) =>
    [row.room, row.seat, row.document, row.name, row.accessCode].join(';'),
  );
  await writePrivate(file, `aula;puesto;documento;nombre;clave\n${lines.join('\n')}\n`);
  say({ event: 'access-list', file, examinees: list.length });
};

/**
 * Gives a venue another time zone, on record.
 * @throws CommandRefusedError when there is no such venue.
 */
export const timeZone = async (
  { deps, say }: CommandContext,
  change: { readonly venueId: string; readonly timeZone: string },
): Promise<void> => {
  const { venueId, timeZone: zone } = change;
  const done = await deps.store.transaction(async (tx) => {
    if (!(await tx.plan.setTimeZone(venueId, zone))) return false;
    await tx.trail.audit({
      at: deps.clock.now(),
      actor: 'server',
      action: 'time-zone-set',
      subject: venueId,
      detail: { timeZone: zone },
    });
    return true;
  });
  if (!done) throw new CommandRefusedError(`No existe la sede «${venueId}».`);
  say({ event: 'time-zone', venueId, timeZone: zone });
};

/** Says whose examinations these are, on record. */
export const institution = async ({ deps, say }: CommandContext, name: string): Promise<void> => {
  await deps.store.transaction(async (tx) => {
    await tx.plan.setInstitution(name);
    await tx.trail.audit({
      at: deps.clock.now(),
      actor: 'server',
      action: 'institution-named',
      subject: 'institution',
      detail: { name },
    });
  });
  say({ event: 'institution', name });
};

/** What opening the data with a new key came to. */
export const newKey = ({ say }: CommandContext, forgotten: number | null): void => {
  say({ event: 'new-key', changed: forgotten !== null, enrolmentsDeleted: forgotten ?? 0 });
};
