import {
  allowedRule,
  matchProgram,
  type ProgramLists,
  type ProgramPlatform,
} from '#shared/incident/program-rules.ts';
import {
  failed,
  lackOf,
  mapReading,
  notSupported,
  type Reading,
  told,
  toldOf,
} from '#shared/incident/reading.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import { type Finding, polledSensor } from './polled-sensor.ts';
import { descendants, type ProcessTable, type RunningProgram } from './probe/process-table.ts';
import type { Place, SeenWindow, WindowTable } from './probe/window-table.ts';

export interface WindowsSensorOptions {
  /** Null where the system shows no windows of others. */
  readonly windows: WindowTable | null;
  readonly processes: ProcessTable;
  readonly lists: ProgramLists;
  readonly platform: ProgramPlatform;
  readonly ownPid: number;
  /** What this system keeps to itself. */
  readonly limits: Limits;
  /** Whether the titles of other programs' windows are kept; they may hold private text. */
  readonly titles: boolean;
  /** From the end of one look to the next, ms; the X server also tells of changes. */
  readonly everyMs?: number;
}

/** Art. 3d, 29a: other programs' windows, open or laid over the exam. */
export interface WindowsSensor extends Sensor {
  /**
   * Names of the programs that have a window now, for the check before the exam.
   * None where windows cannot be listed.
   */
  openNow(): Promise<readonly string[]>;
}

/** Something that covers less than this cannot be read, px. */
const SMALLEST = { width: 40, height: 12 } as const;
/**
 * A notice of the system goes away by itself within about ten seconds. A window without focus that an
 * installed, unlisted program shows is stated only when it stays longer than that, ms.
 */
const NOTICE_MS = 15_000;
/** Rule minimum of `forbidden-app`: what vanishes within a second is not stated. */
const CONFIRM_MS = 1_000;
const TIMEOUT_MS = 6_000;
const EVERY_MS = 5_000;

/** What one foreign window comes to. */
interface Foreign {
  readonly key: string;
  readonly name: string;
  readonly category: string;
  readonly overlay: boolean;
  /** Part of the exam's window that it covers, 0-1. */
  readonly covers: number;
  /** May be a notice of the system: only lasting it says something. */
  readonly patient: boolean;
  readonly window: SeenWindow;
}

const overlap = (a: Place, b: Place): number => {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
};

const area = ({ width, height }: Place): number => width * height;

/**
 * Which windows are somebody else's and say something: applications that are open (also minimised or
 * behind), and windows that take no focus and lie over the exam. Windows of the kiosk, of the desktop
 * itself, of input methods and of assistive and classroom programs never do.
 */
export const foreignWindows = (
  seen: readonly SeenWindow[],
  programs: readonly RunningProgram[],
  options: Pick<WindowsSensorOptions, 'lists' | 'platform' | 'ownPid'>,
): readonly Foreign[] => {
  const { lists, platform } = options;
  const own = descendants(programs, options.ownPid);
  const byPid = new Map(programs.map((program) => [program.pid, program]));
  const isOwn = ({ pid }: SeenWindow): boolean => pid !== null && own.has(pid);
  const exam = seen
    .filter((window) => isOwn(window) && window.visible)
    .reduce<SeenWindow | null>(
      (largest, window) =>
        largest === null || area(window.place) > area(largest.place) ? window : largest,
      null,
    );

  return seen.flatMap((window): Foreign[] => {
    if (isOwn(window)) return [];
    const program = window.pid === null ? undefined : byPid.get(window.pid);
    // A window of another machine has no process here; its class is what it calls itself.
    const shown = program ?? { file: window.className, shown: [], installed: false };
    // Of an interpreter, what it runs is the program.
    const script = shown.shown.length > 1 ? shown.shown.at(-1) : undefined;
    const name = script ?? shown.file ?? shown.shown[0] ?? window.className;
    // Nobody is told of something that has no name.
    if (name === '' || allowedRule(shown, lists, platform) !== null) return [];
    const overlay = window.role === 'unmanaged' || window.above;
    const { place } = window;
    if (window.visible && (place.width < SMALLEST.width || place.height < SMALLEST.height)) {
      return [];
    }
    if (window.role === 'unmanaged') {
      if (exam !== null && window.layer < exam.layer) return [];
      if (exam !== null && overlap(place, exam.place) === 0) return [];
    }
    const match = matchProgram(shown, lists, platform);
    const covers =
      exam === null || !window.visible || window.layer < exam.layer || area(exam.place) === 0
        ? 0
        : overlap(place, exam.place) / area(exam.place);
    return [
      {
        key: match?.rule.id ?? `window ${name}`,
        name: match?.rule.name ?? name.slice(0, 60),
        category: match?.rule.category ?? 'other',
        overlay,
        covers,
        patient:
          window.role === 'unmanaged' &&
          match === null &&
          shown.installed !== false &&
          !window.hiddenFromCapture &&
          script === undefined,
        window,
      },
    ];
  });
};

const findingOf = (foreign: Foreign, titles: boolean): Finding => {
  const { window, covers } = foreign;
  return {
    kind: 'forbidden-app',
    key: foreign.key,
    facts: {
      program: foreign.name,
      category: foreign.category,
      window: true,
      ...(foreign.overlay && { overlay: true }),
      ...(!window.visible && { minimised: true }),
      ...(window.hiddenFromCapture && { hiddenFromCapture: true }),
      ...(covers > 0 && { covers: Math.round(covers * 100) / 100 }),
      ...(titles && window.title !== '' && { title: window.title }),
    },
  };
};

export const windowsSensor = (options: WindowsSensorOptions): WindowsSensor => {
  const { windows, processes } = options;
  let firstSeen = new Map<string, number>();

  const foreignNow = async (signal: AbortSignal): Promise<Reading<readonly Foreign[]>> => {
    if (windows === null) return notSupported('platform');
    const read = await windows.list(signal);
    const seen = toldOf(read);
    if (seen === null) return read as Exclude<typeof read, { value: unknown }>;
    if (seen.every(({ pid }) => pid === options.ownPid)) return told([]);
    const running = await processes.list(signal);
    const programs = toldOf(running);
    // Whose windows they are, and whether they are the kiosk's own, only the processes tell.
    if (programs === null) return failed(lackOf(running) ?? 'tool-failed');
    return mapReading(read, (all) => foreignWindows(all, programs, options));
  };

  /** One of each program, the one that covers most first; notices only when they stay. */
  const lasting = (foreign: readonly Foreign[]): readonly Foreign[] => {
    const nowMs = performance.now();
    const still = new Map<string, number>();
    const chosen = new Map<string, Foreign>();
    for (const one of [...foreign].sort((a, b) => b.covers - a.covers)) {
      const id = `${one.window.id} ${one.key}`;
      const sinceMs = firstSeen.get(id) ?? nowMs;
      still.set(id, sinceMs);
      if (one.patient && nowMs - sinceMs < NOTICE_MS) continue;
      if (!chosen.has(one.key)) chosen.set(one.key, one);
    }
    firstSeen = still;
    return [...chosen.values()];
  };

  const sensor = polledSensor({
    id: 'windows',
    watches: ['forbidden-app'],
    everyMs: options.everyMs ?? EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    confirmMs: CONFIRM_MS,
    look: async (signal) => {
      const read = await foreignNow(signal);
      const foreign = toldOf(read);
      const reason = lackOf(read);
      const { 'forbidden-app': known } = options.limits;
      return {
        findings: lasting(foreign ?? []).map((one) => findingOf(one, options.titles)),
        // What the system never tells says more than that it told nothing just now.
        limits:
          reason === null || known?.partly === false
            ? options.limits
            : { 'forbidden-app': { reason, partly: foreign !== null } },
        unseen: () => foreign === null,
      };
    },
    open: (nudge) => {
      firstSeen = new Map();
      const unwatch = windows?.watch?.(nudge);
      return () => {
        unwatch?.();
        windows?.close();
      };
    },
  });
  return {
    ...sensor,
    openNow: async () => {
      const read = await foreignNow(AbortSignal.timeout(TIMEOUT_MS));
      const found = toldOf(read) ?? [];
      return [...new Set(found.filter(({ patient }) => !patient).map(({ name }) => name))];
    },
  };
};
