import {
  matchProgram,
  type ProgramLists,
  type ProgramMatch,
  type ProgramPlatform,
} from '#shared/incident/program-rules.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import { type Finding, polledSensor } from './polled-sensor.ts';
import {
  descendants,
  type Listing,
  type ProcessTable,
  type RunningProgram,
} from './probe/process-table.ts';

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
}

const isOpen = (program: RunningProgram, { rule }: ProgramMatch): boolean =>
  // Started by the system and waiting without a window: nobody opened it.
  program.onDesktop && !(rule.waitsHidden === true && program.hasWindow === false);

/** One per forbidden program, however many processes it has. */
export const forbiddenIn = (
  programs: readonly RunningProgram[],
  { lists, platform, ownPid }: Pick<ProgramsSensorOptions, 'lists' | 'platform' | 'ownPid'>,
): ReadonlyMap<string, Found> => {
  const own = descendants(programs, ownPid);
  const found = new Map<string, Found>();
  for (const program of programs) {
    if (own.has(program.pid)) continue;
    const match = matchProgram(program, lists, platform);
    if (match === null || !isOpen(program, match)) continue;
    const before = found.get(match.rule.id);
    const ageMs = Math.max(program.ageMs ?? 0, before?.ageMs ?? 0);
    found.set(match.rule.id, { match: before?.match ?? match, ageMs });
  }
  return found;
};

const limitsOf = ({ limit }: Listing): Limits =>
  limit === 'none' ? {} : { 'forbidden-app': { reason: limit, partly: true } };

/**
 * Art. 3d, 29a, 29m: forbidden programs that run, by their processes. States a program's name and how it
 * was recognised, never its command line or files.
 *
 * What it cannot see: a program that lives for less than a moment between two listings (the rule would not
 * count it either), and one whose file was renamed where nothing but the name is known of it. It states
 * nothing about a process that it cannot name.
 */
export const programsSensor = (options: ProgramsSensorOptions): Sensor => {
  const { table } = options;
  /** Processes whose end is worth a look. */
  let running: ReadonlySet<number> = new Set();

  const look = async (signal: AbortSignal) => {
    const listing = await table.list(signal);
    const found = forbiddenIn(listing.programs, options);
    running = new Set(
      listing.programs
        .filter((program) => matchProgram(program, options.lists, options.platform) !== null)
        .map(({ pid }) => pid),
    );
    const findings = [...found.values()].map(({ match, ageMs }): Finding => {
      const { rule, by, renamed } = match;
      return {
        kind: 'forbidden-app',
        key: rule.id,
        facts: { program: rule.name, category: rule.category, by, ...(renamed && { renamed }) },
        ...(ageMs === null ? {} : { ageMs }),
      };
    });
    return { findings, limits: limitsOf(listing) };
  };

  return polledSensor({
    id: 'programs',
    watches: ['forbidden-app'],
    everyMs: options.everyMs ?? 2_000,
    timeoutMs: TIMEOUT_MS,
    confirmMs: CONFIRM_MS,
    look,
    open: (nudge) => {
      const timers = new Set<NodeJS.Timeout>();
      const close = table.watch?.(
        (added) => {
          for (const program of added) {
            if (matchProgram(program, options.lists, options.platform) === null) continue;
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
      const listing = await table.list(AbortSignal.timeout(CHECK_MS)).catch(() => null);
      if (listing === null) {
        return { id: 'programs', outcome: 'not-watched', cause: 'tool-missing', blocks: false };
      }
      const running = [...forbiddenIn(listing.programs, options).values()];
      // Where windows cannot be listed, their sensor says so; the processes are checked all the same.
      const open = (await options.openWindows?.().catch(() => [])) ?? [];
      const names = [...new Set([...running.map(({ match }) => match.rule.name), ...open])];
      return names.length === 0
        ? { id: 'programs', outcome: 'ok', blocks: true }
        : {
            id: 'programs',
            outcome: 'failed',
            cause: 'running',
            names: names.slice(0, 10),
            blocks: true,
          };
    },
  });
};
