import type { CoverageReason } from '#shared/incident/coverage.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { type RunTool, reasonOf, recordsOf, runTool, textOf } from './system-tool.ts';

/** Who gives the screen away now, as far as the system tells. */
export interface ScreenCastProbe {
  readonly everyMs: number;
  /** Why it never sees all of it on this platform; null where it does. */
  readonly blind: CoverageReason | null;
  /** Names of the programs or services through which the screen leaves; empty when none does. */
  list(signal: AbortSignal): Promise<Result<readonly string[], CoverageReason>>;
}

/**
 * Screen casts among PipeWire's nodes: the compositor's streams are `Stream/Output/Video`; cameras are
 * `Video/Source`, and who receives is `Stream/Input/Video` for both.
 * @param json what `pw-dump` printed.
 */
export const parsePipeWire = (json: string): readonly string[] =>
  recordsOf(json)
    .flatMap(({ info }) => recordsOf(JSON.stringify(info ?? null)))
    .filter(({ state }) => state === 'running')
    .flatMap(({ props }) => recordsOf(JSON.stringify(props ?? null)))
    .filter((props) => props['media.class'] === 'Stream/Output/Video')
    .map((props) => textOf(props['node.name']) || textOf(props['media.name']) || 'PipeWire');

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
    const found = [
      ...(nodes.ok ? parsePipeWire(nodes.value) : []),
      ...(casts.ok ? parseMutter(casts.value) : []),
    ];
    // Not every desktop is GNOME: only that PipeWire cannot be asked is worth telling.
    if (!nodes.ok && !casts.ok) return fail(reasonOf(nodes.error));
    return ok([...new Set(found)]);
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
