import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time of a browser's worker threads, from Linux's /proc. Unlike time on the clock it is
 * not longer because other programs want the processor too.
 *
 * @param mark something that only this browser's command line holds, such as its camera file.
 * @returns milliseconds so far for each thread, in no order; null where there is no /proc.
 */
export function workerCpuMs(mark: string): Map<string, number> | null {
  const pages = renderersOf(mark);
  return pages && new Map(pages.flatMap(workerThreads));
}

/**
 * Resident memory of a browser's page processes together, from Linux's /proc.
 *
 * @param mark something that only this browser's command line holds.
 * @returns kilobytes; null where there is no /proc.
 */
export function rendererMemoryKb(mark: string): number | null {
  return renderersOf(mark)?.reduce((sum, pid) => sum + residentKb(pid), 0) ?? null;
}

/** What of a browser a starved machine does not run: its pages with their workers, or what captures the camera alone. */
export type Starved = 'pages' | 'camera';
const COMMANDS: Readonly<Record<Starved, string>> = {
  pages: '--type=renderer',
  camera: 'video_capture.mojom.VideoCaptureService',
};

/**
 * Stops a part of a browser, as a starved machine does, and lets it run again.
 * @returns false where there is no /proc, or no such process.
 */
export function runPart(mark: string, part: Starved, run: boolean): boolean {
  const found = processesOf(mark, COMMANDS[part]);
  for (const pid of found ?? []) process.kill(pid, run ? 'SIGCONT' : 'SIGSTOP');
  return (found?.length ?? 0) > 0;
}

const renderersOf = (mark: string): number[] | null => processesOf(mark, COMMANDS.pages);

/** Processes of a browser with so much in their command; null where there is no /proc. */
function processesOf(mark: string, of: string): number[] | null {
  const processes = new Map<number, { parent: number; command: string }>();
  try {
    for (const name of readdirSync('/proc')) {
      const known = /^\d+$/.test(name) ? readProcess(name) : undefined;
      if (known) processes.set(Number(name), known);
    }
  } catch {
    return null;
  }
  return [...processes]
    .filter(([pid, { command }]) => command.includes(of) && descends(pid, mark, processes))
    .map(([pid]) => pid);
}

function residentKb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0; // ended meanwhile
  }
}

function readProcess(pid: string): { parent: number; command: string } | undefined {
  try {
    const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return { parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'latin1') };
  } catch {
    return undefined; // ended meanwhile
  }
}

function descends(
  pid: number,
  mark: string,
  processes: ReadonlyMap<number, { parent: number; command: string }>,
): boolean {
  for (let at = processes.get(pid); at; at = processes.get(at.parent)) {
    if (at.command.includes(mark)) return true;
  }
  return false;
}

function workerThreads(pid: number): [string, number][] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((tid): [string, number][] => {
      const folder = `/proc/${pid}/task/${tid}`;
      if (!readFileSync(`${folder}/comm`, 'latin1').startsWith('DedicatedWorker')) return [];
      const [nanoseconds] = readFileSync(`${folder}/schedstat`, 'latin1').split(' ');
      return [[`${pid}/${tid}`, Number(nanoseconds) / 1e6]];
    });
  } catch {
    return []; // ended meanwhile
  }
}
