import type { TFunction } from 'i18next';
import type { Problem } from '#shared/kernel/problem.ts';

/**
 * The sentence of a problem: what happened and what to do. One of the connection says its cause.
 * @param t of a page that has `problems` and `connection`.
 * @param own the page's namespace whose `problems` hold its own sentences, where those of an exam room would not fit.
 */
export const problemWords = (
  t: TFunction,
  { code, cause }: Pick<Problem, 'code' | 'cause'>,
  own?: 'enrolment' | 'dashboard',
): string => {
  const mine = (key: string): readonly string[] =>
    own === undefined ? [] : [`${own}:problems.${key}`];
  if (cause === undefined || (own !== undefined && cause === 'unknown')) {
    return t([...mine(code), `problems:${code}`]);
  }
  const what = t(`connection:cause.${cause}.what`);
  return `${what} ${t([...mine('again'), `connection:cause.${cause}.mend`])}`;
};
