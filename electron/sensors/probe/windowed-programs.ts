import { mapReading, toldOf } from '#shared/incident/reading.ts';
import type { ProcessTable, RunningProgram } from './process-table.ts';
import type { WindowTable } from './window-table.ts';

/**
 * A process table that knows who has a window where the windows tell and the processes do not (X11). The windows are
 * asked only when it matters; where they do not tell either, it stays unknown.
 * @param matters whether something depends on the program's window.
 */
export const withWindows = (
  processes: ProcessTable,
  windows: WindowTable,
  matters: (program: RunningProgram) => boolean,
): ProcessTable => ({
  ...processes,
  list: async (signal) => {
    const read = await processes.list(signal);
    const open = toldOf(read)?.some((one) => one.hasWindow === null && matters(one)) ?? false;
    if (!open) return read;
    const seen = await windows.list(signal).catch(() => null);
    // Half of the windows do not say who has none.
    if (seen?.state !== 'told') return read;
    const pids = new Set(seen.value.flatMap(({ pid }) => pid ?? []));
    return mapReading(read, (programs) =>
      programs.map((one) =>
        one.hasWindow === null ? { ...one, hasWindow: pids.has(one.pid) } : one,
      ),
    );
  },
});
