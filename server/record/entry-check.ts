import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { problem } from '#server/platform/problems.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { FACTS, type FactData, isFactType, mustBeSigned } from '#shared/wire/facts.ts';
import type { Registration } from './registry-ports.ts';

type AnyValidator = Validator<Record<never, never>, TSchema>;

const validators: ReadonlyMap<string, AnyValidator> = new Map(
  Object.entries(FACTS).map(([type, schema]) => [type, Compile(schema as TSchema)]),
);

/**
 * Checks what an entry says, after its own shape was checked: a known type, data that fits it, the
 * right attempt, a signature where one is due, and first of all the device that signed in. Its hash is the ingest's business.
 * @returns why it is refused, or null.
 */
export const entryProblem = (entry: LedgerEntry, registration: Registration): Problem | null => {
  if (entry.attemptId !== registration.attemptId)
    return problem('forbidden', 'entry of another attempt');
  if (!isFactType(entry.type)) {
    return problem('bad-request', `entry ${entry.seq}: unknown type`);
  }
  if (validators.get(entry.type)?.Check(entry.data) !== true) {
    return problem('bad-request', `entry ${entry.seq}: data does not fit ${entry.type}`);
  }
  if (entry.signature === undefined && mustBeSigned(entry.type)) {
    return problem('bad-signature', `entry ${entry.seq}: ${entry.type} must be signed`);
  }
  if ((entry.seq === 1) !== (entry.type === 'attempt-opened')) {
    return problem(
      'bad-request',
      `entry ${entry.seq}: attempt-opened is the first and only the first`,
    );
  }
  if (entry.type !== 'attempt-opened') return null;
  const opened = entry.data as unknown as FactData<'attempt-opened'>;
  const fits =
    opened.sessionId === registration.sessionId &&
    opened.deviceId === registration.device?.id &&
    opened.publicKey === registration.device.publicKey;
  return fits ? null : problem('forbidden', 'attempt-opened names another device or session');
};
