import { EMPTY, failed, notSupported, told } from '#shared/incident/reading.ts';
import { PowerShellError, type PowerShellHost } from './powershell-host.ts';
import { windowsQuestion } from './powershell-scripts.ts';
import { unreadTool } from './system-tool.ts';
import type { SeenWindow, WindowTable } from './window-table.ts';

const TOPMOST = 0x8;
const TOOL_WINDOW = 0x80;
const APP_WINDOW = 0x4_0000;
const NO_ACTIVATE = 0x800_0000;
const EXCLUDED_FROM_CAPTURE = 0x11;
const MONITOR_ONLY = 0x1;
/** Folders that somebody opened; the rest of Explorer is the desktop itself. */
const FOLDER_WINDOWS = new Set(['CabinetWClass', 'ExploreWClass']);

/** Reads what `[AtalayaWindows]::List` prints. */
export const parseWindows = (text: string): readonly SeenWindow[] =>
  text.split(/\r?\n/).flatMap((line, index): SeenWindow[] => {
    const fields = line.split('\t');
    if (fields.length < 13) return [];
    const [id, pid, className = '', ...rest] = fields;
    const [left, top, right, bottom, style, cloaked, affinity, iconic, owned] = rest
      .slice(0, 9)
      .map(Number);
    if ([left, top, right, bottom, style].some((value) => !Number.isFinite(value))) return [];
    const bits = style ?? 0;
    const minimised = iconic === 1;
    // Store apps that sleep say that they are visible and are not: nobody opened them.
    if (cloaked !== 0) return [];
    const isFolder = FOLDER_WINDOWS.has(className);
    const isApplication =
      (bits & APP_WINDOW) !== 0 || ((bits & (TOOL_WINDOW | NO_ACTIVATE)) === 0 && owned === 0);
    return [
      {
        id: Number(id),
        pid: isFolder ? null : Number(pid),
        className: isFolder ? 'Explorador de archivos' : className,
        role: isApplication ? 'application' : 'unmanaged',
        visible: !minimised,
        place: {
          x: left ?? 0,
          y: top ?? 0,
          width: (right ?? 0) - (left ?? 0),
          height: (bottom ?? 0) - (top ?? 0),
        },
        // The topmost comes first.
        layer: -index,
        above: (bits & TOPMOST) !== 0,
        hiddenFromCapture: affinity === EXCLUDED_FROM_CAPTURE || affinity === MONITOR_ONLY,
        title: (rest[9] ?? '').slice(0, 120),
      },
    ];
  });

/** The windows of Windows; refused where policy allows PowerShell its restricted language only. */
export const windowsWindowTable = (host: PowerShellHost, titles: boolean): WindowTable => ({
  list: async (signal) => {
    let text: string;
    try {
      text = await host.ask(windowsQuestion(titles), signal);
    } catch (error) {
      if (!(error instanceof PowerShellError) || error.failure === 'failed') throw error;
      return unreadTool(error.failure);
    }
    const windows = parseWindows(text);
    if (windows.length > 0) return told(windows);
    if (text.trim() === 'blocked') return notSupported('tool-blocked');
    return text.trim() === '' ? EMPTY : failed('tool-unread');
  },
  close: () => undefined,
});
