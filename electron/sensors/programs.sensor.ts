import {
  matchProgram,
  openness,
  type ProgramCategory,
  type ProgramLists,
  type ProgramMatch,
  type ProgramPlatform,
} from '#shared/incident/program-rules.ts';
import { failed, lackOf, type Reading, toldOf } from '#shared/incident/reading.ts';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { type Finding, polledSensor, type Seen } from './polled-sensor.ts';
import { descendants, type ProcessTable, type RunningProgram } from './probe/process-table.ts';
import { oncePerProgram } from './program-matcher.ts';

export interface ProgramsSensorOptions {
  readonly table: ProcessTable;
  readonly lists: ProgramLists;
  readonly platform: ProgramPlatform;
  /** The kiosk's main process: it and what it starts are never somebody else's program. */
  readonly ownPid: number;
  /** Names of programs that have a window, for the check before the exam; they count whatever list they are on. */
  readonly openWindows?: () => Promise<readonly string[]>;
  /** From the end of one listing to the next, ms; 2 s where listings are cheap. */
  readonly everyMs?: number;
}

/** A program that dies within a second was not used (see the catalogue's minimum for `forbidden-app`), ms. */
const CONFIRM_MS = 1_000;
const TIMEOUT_MS = 6_000;
const CHECK_MS = 6_000;

/** A forbidden program that runs now. */
interface Found {
  readonly match: ProgramMatch;
  readonly ageMs: number | null;
  /** False where nobody can tell whether it was opened or only waits. */
  readonly sure: boolean;
}

/** Of use only to somebody who sees them: without a display nobody has opened one. Their windows are told of besides. */
const SEEN_ONLY: ReadonlySet<ProgramCategory> = new Set([
  'browser',
  'messenger',
  'office',
  'notes',
  'mail',
]);

/** One per forbidden program, however many processes it has. */
export const forbiddenIn = (
  programs: readonly RunningProgram[],
  { lists, platform, ownPid }: Pick<ProgramsSensorOptions, 'lists' | 'platform' | 'ownPid'>,
  matchOf: (program: RunningProgram) => ProgramMatch | null = (program) =>
    matchProgram(program, lists, platform),
): ReadonlyMap<string, Found> => {
  const own = descendants(programs, ownPid);
  const found = new Map<string, Found>();
  for (const program of programs) {
    if (own.has(program.pid)) continue;
    const match = matchOf(program);
    if (match === null) continue;
    const shown = program.onDesktop && !(program.noDisplay && SEEN_ONLY.has(match.rule.category));
    const open = openness(match.rule, shown, program.hasWindow);
    if (open === 'waiting') continue;
    const before = found.get(match.rule.id);
    const ageMs = Math.max(program.ageMs ?? 0, before?.ageMs ?? 0);
    const sure = open === 'open' || before?.sure === true;
    found.set(match.rule.id, { match: before?.match ?? match, ageMs, sure });
  }
  return found;
};

/**
 * Art. 3d, 29a, 29m: forbidden programs that run, by their processes. States a program's name and how it
 * was recognised, never its command line or files.
 *
 * What it cannot see: a program that lives for less than a moment between two listings (the rule would not
 * count it either), and one whose file was renamed where nothing but the name is known of it. It states
 * nothing about a process that it cannot name. Of one that may wait without a window, where nobody tells of windows, it
 * states `platform`: for people, and no act of anybody.
 */
export const programsSensor = (options: ProgramsSensorOptions): Sensor => {
  const { table } = options;
  const matchOf = oncePerProgram((program) =>
    matchProgram(program, options.lists, options.platform),
  );
  /** Processes whose end is worth a look. */
  let running: ReadonlySet<number> = new Set();
  let stated: (signal: Signal) => void = () => undefined;
  /** Programs that were stated as a doubt since the start: each once. */
  const doubted = new Set<string>();

  const look = async (signal: AbortSignal): Promise<Seen> => {
    const read = await table.list(signal);
    const programs = toldOf(read);
    const reason = lackOf(read);
    const limits: Limits =
      reason === null ? {} : { 'forbidden-app': { reason, partly: programs !== null } };
    if (programs === null) return { findings: [], limits, unseen: () => true };
    const found = [...forbiddenIn(programs, options, matchOf).values()];
    running = new Set(
      programs.filter((program) => matchOf(program) !== null).map(({ pid }) => pid),
    );
    for (const { match, sure } of found) {
      if (sure || doubted.has(match.rule.id)) continue;
      doubted.add(match.rule.id);
      const { name, category } = match.rule;
      const facts = { cause: 'program-in-doubt', program: name, category };
      stated({ kind: 'platform', phase: 'happened', facts });
    }
    const findings = found
      .filter(({ sure }) => sure)
      .map(({ match, ageMs }): Finding => {
        const { rule, by, renamed } = match;
        return {
          kind: 'forbidden-app',
          key: rule.id,
          facts: { program: rule.name, category: rule.category, by, ...(renamed && { renamed }) },
          ...(ageMs === null ? {} : { ageMs }),
        };
      });
    return {
      findings,
      limits,
      // A poorer listing knows names only: what was recognised by more is not gone by that.
      unseen: ({ facts }) => read.state === 'partial' && facts.by !== 'name',
    };
  };

  const polled = polledSensor({
    id: 'programs',
    watches: ['forbidden-app', 'platform'],
    everyMs: options.everyMs ?? 2_000,
    timeoutMs: TIMEOUT_MS,
    confirmMs: CONFIRM_MS,
    look,
    open: (nudge) => {
      const timers = new Set<NodeJS.Timeout>();
      const close = table.watch?.(
        (added) => {
          for (const program of added) {
            if (matchOf(program) === null) continue;
            // Looks when it is old enough to be a fact.
            const timer = setTimeout(
              () => {
                timers.delete(timer);
                nudge();
              },
              Math.max(0, CONFIRM_MS - (program.ageMs ?? CONFIRM_MS)),
            );
            timers.add(timer);
          }
        },
        (pid) => {
          if (running.has(pid)) nudge();
        },
      );
      return () => {
        close?.();
        table.close?.();
        for (const timer of timers) clearTimeout(timer);
      };
    },
    check: async () => {
      const read: Reading<readonly RunningProgram[]> = await table
        .list(AbortSignal.timeout(CHECK_MS))
        .catch(() => failed('tool-failed'));
      const cause = lackOf(read);
      const found = [...forbiddenIn(toldOf(read) ?? [], options).values()];
      // Where windows cannot be listed, their sensor says so; the processes are checked all the same.
      const open = (await options.openWindows?.().catch(() => [])) ?? [];
      const nameOf = ({ match }: Found): string => match.rule.name;
      const running = [...new Set([...found.filter(({ sure }) => sure).map(nameOf), ...open])];
      const failing = (cause: 'running' | 'waiting', names: readonly string[]): Requirement => ({
        id: 'programs',
        outcome: 'failed',
        cause,
        names: names.slice(0, 10),
        blocks: cause === 'running',
      });
      if (running.length > 0) return failing('running', running);
      // It may only wait, as the system started it: a word, and nobody is kept from the exam.
      if (found.length > 0) return failing('waiting', found.map(nameOf));
      return cause === null || toldOf(read) !== null
        ? { id: 'programs', outcome: 'ok', blocks: true }
        : { id: 'programs', outcome: 'not-watched', cause, blocks: false };
    },
  });
  return {
    ...polled,
    start(emit, tell) {
      stated = emit;
      doubted.clear();
      polled.start(emit, tell);
    },
    stop() {
      polled.stop();
      stated = () => undefined;
    },
  };
};
