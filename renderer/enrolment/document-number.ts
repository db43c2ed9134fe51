import { cedulaState, isPassport, normaliseDocument } from '#shared/identity/cedula.ts';
import type { DocumentKind } from '#shared/wire/enrolment.ts';

/**
 * What is wrong with a typed number; null when it may be right. `check-digit` is a doubt: the registered number may be
 * just so, and only the server knows.
 */
export type NumberProblem = 'empty' | 'digits' | 'check-digit' | 'passport';

/**
 * What to mend in the number that somebody typed. Whether it is the registered one, only the server knows.
 * @param typed may have spaces, dashes and dots.
 */
export const numberProblem = (kind: DocumentKind, typed: string): NumberProblem | null => {
  const number = normaliseDocument(typed);
  if (number === '') return 'empty';
  if (kind === 'passport') return isPassport(number) ? null : 'passport';
  const state = cedulaState(number);
  if (state === 'none') return 'digits';
  return state === 'valid' ? null : 'check-digit';
};
