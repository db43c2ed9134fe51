import { readFile, readlink } from 'node:fs/promises';
import { EMPTY, notSupported, type Reading, told } from '#shared/incident/reading.ts';
import { type RunTool, runTool, unreadTool } from './system-tool.ts';

/** `…/zoneinfo/America/Guayaquil` is `America/Guayaquil`. */
export const zoneOfLink = (target: string): string | null =>
  /zoneinfo(?:\.default)?\/(?:posix\/|right\/)?(.+)$/.exec(target)?.[1] ?? null;

const named = (text: string): Reading<string> => {
  const name = text.trim();
  return name === '' ? EMPTY : told(name);
};

/**
 * The system's time zone as it is now; Node and the browser remember the one that they started with.
 * @param etc `/etc`, or a copy of it in a test.
 */
export const readTimeZone = async (
  platform: NodeJS.Platform,
  signal: AbortSignal,
  run: RunTool = runTool,
  etc = '/etc',
): Promise<Reading<string>> => {
  if (platform === 'win32') {
    const printed = await run('tzutil.exe', ['/g'], signal);
    return printed.ok ? named(printed.value) : unreadTool(printed.error);
  }
  const linked = await readlink(`${etc}/localtime`).then(zoneOfLink, () => null);
  if (linked !== null) return told(linked);
  return readFile(`${etc}/timezone`, 'utf8').then(
    named,
    (): Reading<string> => notSupported('platform'),
  );
};
