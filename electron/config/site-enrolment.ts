import type { ConfigMachine } from './config-machine.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { Config, Origin } from './read-config.ts';

/** How this machine enrols by itself at its first start. */
export interface SiteEnrolment {
  readonly code: string;
  /** The file that the code is in, so that it can be taken out of it. */
  readonly origin: Origin;
}

/**
 * The enrolment code that the configuration has for this machine.
 * @param today the day where the machine stands, YYYY-MM-DD.
 * @returns null when the configuration has no codes; a problem when it has some and none is good here. A
 *   machine that is enrolled already does not care.
 */
export const siteEnrolment = (
  { values, origins }: Config,
  machine: ConfigMachine,
  today: string,
): { readonly enrolment: SiteEnrolment | null; readonly problem: ConfigProblem | null } => {
  const expires = values.enrolCodesExpire;
  const own = Object.entries(values.enrolCodes ?? {}).find(
    ([computer]) => computer.toLowerCase() === machine.computer.toLowerCase(),
  )?.[1];
  const code = values.enrolCode ?? own;
  const origin = values.enrolCode === undefined ? origins.enrolCodes : origins.enrolCode;
  if (origin === undefined) return { enrolment: null, problem: null };
  if (code === undefined) {
    return {
      enrolment: null,
      problem: { code: 'no-code-for-computer', ...origin, computer: machine.computer },
    };
  }
  if (expires !== undefined && expires < today) {
    const place = origins.enrolCodesExpire ?? origin;
    return { enrolment: null, problem: { code: 'code-expired', ...place, date: expires } };
  }
  return { enrolment: { code, origin }, problem: null };
};

/** The device's name as enrolment proposes it, at most 80 characters. */
export const proposedName = (pattern: string, computer: string, room: string | null): string => {
  const name = pattern
    .replaceAll('{computer}', computer)
    .replaceAll('{room}', room ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return (name === '' ? computer : name).slice(0, 80);
};
