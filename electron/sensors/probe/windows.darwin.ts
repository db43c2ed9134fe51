import { type RunTool, reasonOf, recordsOf, textOf } from './system-tool.ts';
import { type SeenWindow, WindowsUnseen, type WindowTable } from './window-table.ts';

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

/** Reads what `WINDOWS_SCRIPT` prints. */
export const parseDarwinWindows = (json: string): readonly SeenWindow[] =>
  recordsOf(json).flatMap((record, index): SeenWindow[] => {
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

/** The windows of macOS through its own scripting. */
export const darwinWindowTable = (run: RunTool): WindowTable => ({
  list: async (signal) => {
    const answer = await run(
      '/usr/bin/osascript',
      ['-l', 'JavaScript', '-e', WINDOWS_SCRIPT],
      signal,
    );
    if (!answer.ok) {
      if (signal.aborted) throw new Error('osascript: abandoned');
      throw new WindowsUnseen(reasonOf(answer.error));
    }
    const windows = parseDarwinWindows(answer.value);
    // There is always the menu bar or the kiosk's own window: no window at all means that the question failed.
    if (windows.length === 0) throw new WindowsUnseen('platform');
    return windows;
  },
  close: () => undefined,
});
