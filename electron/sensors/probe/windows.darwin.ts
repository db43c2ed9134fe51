import { EMPTY, type Reading, told } from '#shared/incident/reading.ts';
import { type RunTool, readRecords, type ToolRecord, textOf, unreadTool } from './system-tool.ts';
import type { SeenWindow, WindowTable } from './window-table.ts';

/** JavaScript for `osascript`: windows on the screen, the topmost first, as JSON. Needs no permission: titles are not asked for. */
const WINDOWS_SCRIPT = `ObjC.import('CoreGraphics');
const list = ObjC.castRefToObject($.CGWindowListCopyWindowInfo(1, 0));
const out = [];
for (let i = 0; i < list.count; i++) {
  const w = ObjC.deepUnwrap(list.objectAtIndex(i));
  const b = w.kCGWindowBounds || {};
  out.push({ id: w.kCGWindowNumber, pid: w.kCGWindowOwnerPID, name: w.kCGWindowOwnerName, layer: w.kCGWindowLayer, alpha: w.kCGWindowAlpha, sharing: w.kCGWindowSharingState, x: b.X, y: b.Y, width: b.Width, height: b.Height });
}
JSON.stringify(out);`;

const NORMAL_LAYER = 0;
/** The menu bar and what sits in it. */
const MENU_BAR_LAYERS = new Set([24, 25]);
const MENU_BAR_HEIGHT = 44;
const SHARING_NONE = 0;

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

const windowsIn = (records: readonly ToolRecord[]): readonly SeenWindow[] =>
  records.flatMap((record, index): SeenWindow[] => {
    const layer = numberOf(record.layer);
    const place = {
      x: numberOf(record.x),
      y: numberOf(record.y),
      width: numberOf(record.width),
      height: numberOf(record.height),
    };
    const inMenuBar = MENU_BAR_LAYERS.has(layer) && place.height <= MENU_BAR_HEIGHT;
    // Below the windows lies the desktop; what is wholly transparent shows nothing.
    if (layer < NORMAL_LAYER || inMenuBar || record.alpha === 0 || !('pid' in record)) return [];
    return [
      {
        id: numberOf(record.id),
        pid: numberOf(record.pid),
        className: textOf(record.name),
        role: layer === NORMAL_LAYER ? 'application' : 'unmanaged',
        visible: true,
        place,
        layer: -index,
        above: layer > NORMAL_LAYER,
        hiddenFromCapture: record.sharing === SHARING_NONE,
        title: '',
      },
    ];
  });

/** Reads what `WINDOWS_SCRIPT` prints. */
export const parseDarwinWindows = (json: string): Reading<readonly SeenWindow[]> => {
  const read = readRecords(json);
  if (!('value' in read)) return read;
  const windows = windowsIn(read.value);
  return windows.length === 0 ? EMPTY : told(windows);
};

/** The windows of macOS through its own scripting. */
export const darwinWindowTable = (run: RunTool): WindowTable => ({
  list: async (signal) => {
    const answer = await run(
      '/usr/bin/osascript',
      ['-l', 'JavaScript', '-e', WINDOWS_SCRIPT],
      signal,
    );
    if (answer.ok) return parseDarwinWindows(answer.value);
    if (signal.aborted) throw new Error('osascript: abandoned');
    return unreadTool(answer.error);
  },
  close: () => undefined,
});
