import {
  processOf,
  type Watch,
  watchProperties,
  windowsIn,
} from '#test/electron-standin/x11/properties.ts';

/** What the X server and its window manager say about a window. */
export interface WindowState {
  readonly focused: boolean;
  readonly minimized: boolean;
  readonly fullscreen: boolean;
  readonly maximized: boolean;
}

/** A window's life on the screen. */
export interface WindowWatch extends Watch {
  /** Its X id once it is on the screen. */
  readonly window: Promise<number>;
}

// Closing a window that had the focus passes it on in several steps within a few milliseconds.
const SETTLE_MS = 30;

/**
 * Follows the first window of a process: whether it has the keyboard focus, is minimised or covers
 * the screen. Asks the X server, not the page, because the page's own idea of focus can be switched
 * off by the tool that drives it.
 *
 * @param pid the process that owns the window.
 * @param onChange gets the state whenever it has changed and settled.
 */
export function watchWindow(pid: number, onChange: (state: WindowState) => void): WindowWatch {
  const watches: Watch[] = [];
  const asked = new Set<number>();
  let window: number | undefined;
  let active: number | undefined;
  let states = '';
  let last = JSON.stringify(stateOf(false, ''));
  let timer: NodeJS.Timeout | undefined;
  let found: (id: number) => void = () => {};
  const whenFound = new Promise<number>((resolve) => {
    found = resolve;
  });

  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const state = stateOf(window !== undefined && active === window, states);
      const text = JSON.stringify(state);
      if (text === last) return;
      last = text;
      onChange(state);
    }, SETTLE_MS);
  };
  const consider = async (candidate: number): Promise<void> => {
    if (asked.has(candidate) || window !== undefined) return;
    asked.add(candidate);
    if ((await processOf(candidate)) !== pid || window !== undefined) return;
    window = candidate;
    watches.push(
      watchProperties(window, ['_NET_WM_STATE'], (line) => {
        states = line;
        settle();
      }),
    );
    settle();
    found(candidate);
  };

  watches.push(
    watchProperties(undefined, ['_NET_ACTIVE_WINDOW', '_NET_CLIENT_LIST'], (line) => {
      if (line.startsWith('_NET_ACTIVE_WINDOW')) {
        active = windowsIn(line)[0];
        settle();
      } else for (const id of windowsIn(line)) void consider(id);
    }),
  );
  return {
    window: whenFound,
    stop: () => {
      clearTimeout(timer);
      for (const watch of watches) watch.stop();
    },
  };
}

function stateOf(focused: boolean, states: string): WindowState {
  return {
    focused,
    minimized: states.includes('_NET_WM_STATE_HIDDEN'),
    fullscreen: states.includes('_NET_WM_STATE_FULLSCREEN'),
    maximized: states.includes('_NET_WM_STATE_MAXIMIZED'),
  };
}
