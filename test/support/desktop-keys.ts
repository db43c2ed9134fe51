import { execFile } from 'node:child_process';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The environment variable that names the desktop's folder to the programs started on it. */
export const DESKTOP_FOLDER = 'ATALAYA_TEST_DESKTOP';

/** The window manager's own keys, which no program on this desktop can take. */
export const desktopKeys: readonly string[] = ['A-F4', 'A-Tab'];

const FIRED = 'fired';

/**
 * Writes the window manager's configuration: its own keys, and those grabbed for a program.
 *
 * @param folder the desktop's folder.
 * @param grabbed in the window manager's words, as in `C-S-q`.
 * @returns the file.
 */
export function writeDesktopConfig(folder: string, grabbed: readonly string[]): string {
  const bind = (keys: string, action: string): string =>
    `<keybind key="${keys}">${action}</keybind>`;
  // Each press is a line in a file; the program that asked for the keys reads it.
  const report = (keys: string): string =>
    `<action name="Execute"><command>sh -c 'echo ${keys} &gt;&gt; "${join(folder, FIRED)}"'</command></action>`;
  const file = join(folder, 'rc.xml');
  writeFileSync(
    file,
    `<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <placement><policy>Smart</policy></placement>
  <desktops><number>1</number></desktops>
  <keyboard>
    ${bind('A-F4', '<action name="Close"/>')}
    ${bind('A-Tab', '<action name="NextWindow"><dialog>none</dialog></action>')}
    ${grabbed.map((keys) => bind(keys, report(keys))).join('\n    ')}
  </keyboard>
</openbox_config>
`,
  );
  return file;
}

let stopFollowing: (() => void) | undefined;

/**
 * Has the desktop take keys away from all windows, and tells when they are pressed. A later call
 * replaces an earlier one. Takes effect a moment after the call.
 *
 * @param keys in the window manager's words.
 * @throws Error when this process was not started on a desktop of `startDesktop`.
 */
export function grabKeys(keys: readonly string[], onPressed: (keys: string) => void): void {
  const folder = process.env[DESKTOP_FOLDER];
  if (!folder) {
    throw new Error(
      `Global shortcuts need a desktop of test/support/desktop.ts: ${DESKTOP_FOLDER} is not set.`,
    );
  }
  stopFollowing?.();
  stopFollowing = follow(join(folder, FIRED), onPressed);
  writeDesktopConfig(folder, keys);
  execFile('openbox', ['--reconfigure'], () => {});
}

function follow(file: string, onLine: (line: string) => void): () => void {
  writeFileSync(file, '', { flag: 'a' });
  let seen = readFileSync(file, 'utf8').length;
  const watcher = watch(file, () => {
    const text = readFileSync(file, 'utf8');
    const fresh = text.slice(seen, text.lastIndexOf('\n') + 1);
    seen += fresh.length;
    for (const line of fresh.split('\n')) if (line !== '') onLine(line);
  });
  return () => watcher.close();
}
