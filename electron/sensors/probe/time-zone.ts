import { readFile, readlink } from 'node:fs/promises';
import { type RunTool, runTool } from './system-tool.ts';

/** `…/zoneinfo/America/Guayaquil` is `America/Guayaquil`. */
export const zoneOfLink = (target: string): string | null =>
  /zoneinfo(?:\.default)?\/(?:posix\/|right\/)?(.+)$/.exec(target)?.[1] ?? null;

/**
 * The system's time zone as it is now; Node and the browser remember the one that they started with.
 * @param etc `/etc`, or a copy of it in a test.
 * @returns null where it cannot be read.
 */
export const readTimeZone = async (
  platform: NodeJS.Platform,
  signal: AbortSignal,
  run: RunTool = runTool,
  etc = '/etc',
): Promise<string | null> => {
  if (platform === 'win32') {
    const printed = await run('tzutil.exe', ['/g'], signal);
    return printed.ok ? printed.value.trim() || null : null;
  }
  const linked = await readlink(`${etc}/localtime`).then(zoneOfLink, () => null);
  if (linked !== null) return linked;
  return readFile(`${etc}/timezone`, 'utf8').then(
    (text) => text.trim() || null,
    () => null,
  );
};
