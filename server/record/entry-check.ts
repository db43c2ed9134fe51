import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { problem } from '#server/platform/problems.ts';
import { MAX_DATA_DEPTH, MAX_DATA_SIZE } from '#shared/kernel/bounds.ts';
import { withinSize } from '#shared/kernel/json-size.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { FACTS, type FactData, mustBeSigned } from '#shared/wire/facts.ts';
import type { Registration } from './registry-ports.ts';

type AnyValidator = Validator<Record<never, never>, TSchema>;

const validators: ReadonlyMap<string, AnyValidator> = new Map(
  Object.entries(FACTS).map(([type, schema]) => [type, Compile(schema as TSchema)]),
);

/**
 * Checks what an entry says, after its own shape was checked: data that fits its type and stays within bounds (of a type
 * that this build does not know nothing else is asked: it is kept, and shown as unknown), the right attempt, a signature where one is due, and first of all the device that signed in. Its hash is the ingest's business.
 * @returns why it is refused, or null.
 */
export const entryProblem = (entry: LedgerEntry, registration: Registration): Problem | null => {
  if (entry.attemptId !== registration.attemptId)
    return problem('forbidden', 'entry of another attempt');
  if (!withinSize(entry.data, MAX_DATA_SIZE, MAX_DATA_DEPTH)) {
    return problem('too-large', `entry ${entry.seq}: data is larger than any entry`);
  }
  if (validators.get(entry.type)?.Check(entry.data) === false) {
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
