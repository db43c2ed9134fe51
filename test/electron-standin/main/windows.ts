/** A window as the app's life needs it. */
export interface OpenWindow {
  focus(): void;
  /** Asks to close. */
  close(): void;
  /** Whether it is on its way out. */
  isClosing(): boolean;
  /** Closes without asking and waits until the window is gone. */
  end(): Promise<void>;
}

const open: OpenWindow[] = [];

/** The windows that are not closed, oldest first. */
export function openWindows(): readonly OpenWindow[] {
  return [...open];
}

export function addWindow(window: OpenWindow): void {
  open.push(window);
}

export function removeWindow(window: OpenWindow): void {
  const at = open.indexOf(window);
  if (at >= 0) open.splice(at, 1);
}
