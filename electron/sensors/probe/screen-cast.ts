import type { CoverageReason } from '#shared/incident/coverage.ts';
import { failed, mapReading, partial, type Reading } from '#shared/incident/reading.ts';
import {
  type RunTool,
  readRecords,
  recordsIn,
  runTool,
  textOf,
  unreadTool,
} from './system-tool.ts';

/** Who gives the screen away now, as far as the system tells. */
export interface ScreenCastProbe {
  readonly everyMs: number;
  /** Why it never sees all of it on this platform; null where it does. */
  readonly blind: CoverageReason | null;
  /** Names of the programs or services through which the screen leaves; a list of none when none does. */
  list(signal: AbortSignal): Promise<Reading<readonly string[]>>;
}

/**
 * Screen casts among PipeWire's nodes: the compositor's streams are `Stream/Output/Video`; cameras are
 * `Video/Source`, and who receives is `Stream/Input/Video` for both.
 * @param json what `pw-dump` printed: the service's own core at least, or it named nothing.
 */
export const parsePipeWire = (json: string): Reading<readonly string[]> => {
  const read = readRecords(json);
  if (
    'value' in read &&
    read.value.every(({ type, info }) => type === undefined && info === undefined)
  )
    return failed('tool-unread');
  return mapReading(read, (objects) =>
    objects
      .flatMap(({ info }) => recordsIn(info))
      .filter(({ state }) => state === 'running')
      .flatMap(({ props }) => recordsIn(props))
      .filter((props) => props['media.class'] === 'Stream/Output/Video')
      .map((props) => textOf(props['node.name']) || textOf(props['media.name']) || 'PipeWire'),
  );
};

/** @param text `busctl --user tree … --list`: GNOME has an object for each cast that runs. */
export const parseMutter = (text: string): readonly string[] =>
  [...text.matchAll(/^\S*\/ScreenCast\/Session\/\S+$/gm)].map(() => 'GNOME');

const linux = (run: RunTool, x11: boolean): ScreenCastProbe => ({
  everyMs: 10_000,
  // On X11 any program may read any window, and nothing tells of it.
  blind: x11 ? 'platform' : null,
  list: async (signal) => {
    const [nodes, casts] = await Promise.all([
      run('pw-dump', [], signal),
      run('busctl', ['--user', 'tree', 'org.gnome.Mutter.ScreenCast', '--list'], signal),
    ]);
    const streams = nodes.ok ? parsePipeWire(nodes.value) : unreadTool(nodes.error);
    const desktop = casts.ok ? parseMutter(casts.value) : [];
    // Not every desktop is GNOME: only that PipeWire cannot be asked is worth telling.
    if ('value' in streams)
      return mapReading(streams, (names) => [...new Set([...names, ...desktop])]);
    return casts.ok ? partial([...new Set(desktop)], streams.reason) : streams;
  },
});

/**
 * Windows tells nobody who uses its Graphics Capture, and macOS shows its sign to the person only: capture
 * programs are recognised by their names there, and content protection blackens what they get.
 */
export const screenCastProbe = (
  platform: NodeJS.Platform,
  options: { readonly run?: RunTool; readonly x11?: boolean } = {},
): ScreenCastProbe | null =>
  platform === 'linux' ? linux(options.run ?? runTool, options.x11 ?? true) : null;
