import type { BrowserWindow } from '#test/electron-standin/main/browser-window.ts';

const open: BrowserWindow[] = [];

/** The windows that are not closed, oldest first. */
export function openWindows(): readonly BrowserWindow[] {
  return [...open];
}

export function addWindow(window: BrowserWindow): void {
  open.push(window);
}

export function removeWindow(window: BrowserWindow): void {
  const at = open.indexOf(window);
  if (at >= 0) open.splice(at, 1);
}
