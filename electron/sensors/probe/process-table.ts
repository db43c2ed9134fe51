import type { SeenProgram } from '#shared/incident/program-rules.ts';
import type { Reading } from '#shared/incident/reading.ts';

/** A process as the system tells of it. */
export interface RunningProgram extends SeenProgram {
  readonly pid: number;
  readonly ppid: number;
  /** Full path of the executable; null when the system does not tell. */
  readonly path: string | null;
  /** The first words after its name. Only compared with the rules; never stated or stored. */
  readonly args: readonly string[];
  /** How long it has been running, ms; null when the system does not tell. */
  readonly ageMs: number | null;
  /** Whether it can be on the examinee's own desktop; true when the system does not tell. */
  readonly onDesktop: boolean;
  /** It was started without any display; absent where that is not known. */
  readonly noDisplay?: boolean;
  /** Whether it has a visible window; null when the listing does not know. */
  readonly hasWindow: boolean | null;
}

/** The processes of this machine. */
export interface ProcessTable {
  /**
   * In part where the system keeps processes from this user, or the listing is poorer than it should be; `empty` never
   * is a machine without programs. Ends its tools when `signal` aborts.
   */
  list(signal: AbortSignal): Promise<Reading<readonly RunningProgram[]>>;
  /**
   * Where the system permits: tells of processes between two listings, those that began and those of
   * `watched` that ended.
   * @returns how to end it.
   */
  watch?(
    onNew: (programs: readonly RunningProgram[]) => void,
    onGone: (pid: number) => void,
  ): () => void;
  /** Ends its long-lived tools. */
  close?(): void;
}

/** The kiosk itself: `root` and everything that it started. */
export const descendants = (
  programs: readonly Pick<RunningProgram, 'pid' | 'ppid'>[],
  root: number,
): ReadonlySet<number> => {
  const children = new Map<number, number[]>();
  for (const { pid, ppid } of programs) {
    const known = children.get(ppid);
    if (known === undefined) children.set(ppid, [pid]);
    else known.push(pid);
  }
  const own = new Set([root]);
  for (const pid of own) for (const child of children.get(pid) ?? []) own.add(child);
  return own;
};
