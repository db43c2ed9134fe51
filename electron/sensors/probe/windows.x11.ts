import { EMPTY, told } from '#shared/incident/reading.ts';
import type { SeenWindow, WindowTable } from './window-table.ts';
import { openX, type XClient } from './x11-client.ts';

const numbersIn = (value: Buffer): readonly number[] =>
  Array.from({ length: Math.floor(value.length / 4) }, (_, i) => value.readUInt32LE(i * 4));

/** Windows of a desktop's own parts, and of notices: nobody opened them as an application. */
const NO_APPLICATION = new Set(
  ['DESKTOP', 'DOCK', 'NOTIFICATION', 'TOOLTIP', 'POPUP_MENU', 'DROPDOWN_MENU', 'COMBO', 'DND'].map(
    (type) => `_NET_WM_WINDOW_TYPE_${type}`,
  ),
);

const textIn = (value: Buffer): string => value.toString('utf8').split('\0')[0] ?? '';

/** WM_CLASS holds the instance and the class: the class is the program. */
const classIn = (value: Buffer): string => value.toString('utf8').split('\0')[1] ?? '';

const quiet = <T>(asked: Promise<T>, otherwise: T): Promise<T> => asked.catch(() => otherwise);

/** All windows of an X display that may matter. One that closes meanwhile is left out. */
const windowsOf = async (x: XClient, titles: boolean): Promise<readonly SeenWindow[]> => {
  const [{ children }, list] = await Promise.all([
    x.tree(x.root),
    quiet(x.property(x.root, '_NET_CLIENT_LIST_STACKING'), Buffer.alloc(0)),
  ]);
  const layerOf = new Map(children.map((window, layer) => [window, layer]));

  /** The window that lies directly on the root: the frame that the window manager put around it, or itself. */
  const frameOf = async (window: number): Promise<number> => {
    let at = window;
    for (let depth = 0; depth < 8 && !layerOf.has(at); depth++) {
      const { parent } = await x.tree(at);
      if (parent === 0 || parent === x.root) break;
      at = parent;
    }
    return at;
  };

  const describe = async (
    window: number,
    frame: number,
    managed: boolean,
  ): Promise<SeenWindow | null> => {
    const [attributes, place, pid, wmPid, wmClass, states, types, title] = await Promise.all([
      x.attributes(window),
      x.geometry(window),
      quiet(x.pidOf(window), null),
      quiet(x.property(window, '_NET_WM_PID'), Buffer.alloc(0)),
      quiet(x.property(window, 'WM_CLASS'), Buffer.alloc(0)),
      quiet(x.property(window, '_NET_WM_STATE'), Buffer.alloc(0)),
      quiet(x.property(window, '_NET_WM_WINDOW_TYPE'), Buffer.alloc(0)),
      titles ? quiet(x.property(window, '_NET_WM_NAME'), Buffer.alloc(0)) : Buffer.alloc(0),
    ]);
    const atomsIn = (value: Buffer) =>
      Promise.all(numbersIn(value).map((atom) => quiet(x.atomName(atom), '')));
    const [state, type] = await Promise.all([atomsIn(states), atomsIn(types)]);
    const isApplication = managed && !NO_APPLICATION.has(type[0] ?? '');
    if (attributes.inputOnly || (!isApplication && !attributes.viewable)) return null;
    return {
      id: window,
      // The server knows the process from the socket; what the window says of itself anybody can write.
      pid: pid ?? numbersIn(wmPid)[0] ?? null,
      className: classIn(wmClass),
      role: isApplication ? 'application' : 'unmanaged',
      visible: attributes.viewable,
      place,
      layer: layerOf.get(frame) ?? 0,
      above: !managed || state.includes('_NET_WM_STATE_ABOVE'),
      hiddenFromCapture: false,
      title: textIn(title).slice(0, 120),
    };
  };

  const managed = await Promise.all(
    numbersIn(list).map(async (window) => {
      const frame = await quiet(frameOf(window), window);
      return { frame, seen: await quiet(describe(window, frame, true), null) };
    }),
  );
  const frames = new Set(managed.map(({ frame }) => frame));
  const others = await Promise.all(
    children
      .filter((window) => !frames.has(window))
      .map((window) => quiet(describe(window, window, false), null)),
  );
  return [...managed.map(({ seen }) => seen), ...others].filter((seen) => seen !== null);
};

/** The windows of an X display, over one lasting connection that is made anew when it breaks. */
export const x11WindowTable = (options: {
  readonly display: string;
  readonly authority?: string;
  readonly titles: boolean;
}): WindowTable => {
  const listeners = new Set<() => void>();
  let client: Promise<XClient> | null = null;
  const connected = (): Promise<XClient> => {
    if (client !== null) return client;
    const opening = openX({
      display: options.display,
      ...(options.authority === undefined ? {} : { authority: options.authority }),
      onChange: () => {
        for (const listener of listeners) listener();
      },
      onEnd: () => {
        client = null;
      },
    });
    client = opening;
    opening.catch(() => {
      client = null;
    });
    return opening;
  };
  return {
    list: async () => {
      const windows = await windowsOf(await connected(), options.titles);
      return windows.length === 0 ? EMPTY : told(windows);
    },
    watch: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    close: () => {
      client?.then((x) => x.close()).catch(() => undefined);
      client = null;
    },
  };
};
