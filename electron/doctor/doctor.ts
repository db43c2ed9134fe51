import { writeFileSync } from 'node:fs';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { BuildState } from '#shared/wire/devices.ts';
import { type Passport, type PassportVerdict, verdictOf } from '#shared/wire/passport.ts';
import type { DoctorWords } from './doctor-words.ts';
import { passportTable } from './passport-table.ts';

/** What the doctor needs of the machine. Chosen by `compose.ts`. */
export interface DoctorParts {
  /** Whether somebody signed in on this machine and did not sign out. */
  readonly busy: () => Promise<boolean>;
  readonly take: () => Promise<Passport | null>;
  readonly send: (passport: Passport) => Promise<Result<BuildState, Problem>>;
  readonly server: string;
  /** Where this start put an identity that does not belong here; null when none. */
  readonly setAside: string | null;
}

export interface DoctorOptions {
  /** File for the passport as JSON; null for none, '' when its name is missing. */
  readonly json: string | null;
  readonly upload: boolean;
}

/** For scripts: everything is fine, something to look at, no exam can start here or the doctor could not work. */
const EXIT: Readonly<Record<PassportVerdict, number>> = { ok: 0, warnings: 2, blocked: 1 };

/** Reads `--json FILE`, `--json=FILE` and `--upload`. */
export const doctorOptions = (args: readonly string[]): DoctorOptions => {
  const at = args.findIndex((one) => one === '--json' || one.startsWith('--json='));
  const argument = args[at];
  const next = args[at + 1];
  const spaced = next === undefined || next.startsWith('--') ? '' : next;
  const json = argument === '--json' ? spaced : (argument?.slice('--json='.length) ?? null);
  return { json: at < 0 ? null : json, upload: args.includes('--upload') };
};

/**
 * Checks the machine, prints what was found, and writes and uploads its passport when asked to.
 * @returns the exit code.
 */
export const runDoctor = async (
  parts: DoctorParts,
  options: DoctorOptions,
  t: DoctorWords,
  print: (line: string) => void,
): Promise<number> => {
  if (options.json === '') {
    print(t('doctor.noFile'));
    return EXIT.blocked;
  }
  if (parts.setAside !== null) print(t('doctor.setAside', { folder: parts.setAside }));
  const passport = (await parts.busy()) ? null : await parts.take();
  if (passport === null) {
    print(t('doctor.busy'));
    return EXIT.blocked;
  }
  for (const line of passportTable(passport, t)) print(line);
  let verdict = verdictOf(passport);
  const worse = (): void => {
    if (verdict === 'ok') verdict = 'warnings';
  };
  if (options.json !== null) {
    const file = options.json;
    try {
      writeFileSync(file, `${JSON.stringify(passport, null, 2)}\n`);
      print(t('doctor.saved', { file }));
    } catch (failure) {
      print(t('doctor.notWritten', { file, why: String(failure) }));
      worse();
    }
  }
  if (options.upload) {
    const sent = await parts.send(passport);
    if (sent.ok) {
      print(t('doctor.sent', { server: parts.server }));
      print(t(`doctor.buildState.${sent.value}`));
      if (sent.value === 'not-allowed') worse();
    } else {
      const { code, cause, detail = '' } = sent.error;
      const key = cause === undefined ? `problems:${code}` : `connection:cause.${cause}.what`;
      print(t('doctor.notSent', { why: [t(key), detail].join(' ').trim() }));
      worse();
    }
  }
  return EXIT[verdict];
};
