import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Desktop, startDesktop } from '#test/support/desktop.ts';
import { bundleElectron } from '#tools/bundle/electron-bundle.ts';
import { thisTarget } from '#tools/bundle/native-addons.ts';

/** The real native libraries in the real bundle of their process, as child processes of Node. */
let folder = '';
let child: ChildProcess | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-native-'));
  await bundleElectron(folder, thisTarget(), []);
});
afterEach(() => {
  child?.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that starts on a busy machine may take its time. */
const PATIENCE_MS = 60_000;

const start = (watcher: string, env: NodeJS.ProcessEnv) => {
  const said: unknown[] = [];
  let ended = false;
  child = fork(join(folder, 'native-watch.cjs'), [watcher], { env, execArgv: [], silent: true });
  child.on('message', (message) => said.push(message));
  child.on('exit', () => {
    ended = true;
  });
  const soon = (look: () => void) => vi.waitFor(look, { timeout: PATIENCE_MS, interval: 50 });
  return { said, ended: () => ended, soon };
};

describe('the native process', () => {
  test('without a display it never says that it watches, and takes nobody with it', async () => {
    const { DISPLAY: _, ...env } = process.env;
    const { ended, said } = start('keys', env);
    // On a busy machine uiohook-napi 1.5.5 may wait for its own thread for ever; whoever never gets ready is ended
    // (native-link.test.ts).
    await vi.waitFor(() => expect(ended()).toBe(true), { timeout: 20_000 }).catch(() => undefined);
    expect(said).not.toContainEqual({ type: 'ready' });
  });

  test('USB: watches where there is a bus, and says so where there is none', async () => {
    const { said, soon } = start('usb', process.env);
    const type = existsSync('/sys/bus/usb/devices') ? 'ready' : 'failed';
    await soon(() => expect(said).toContainEqual({ type }));
  });

  test('an unknown watcher is refused', async () => {
    const { said, soon, ended } = start('passwords', process.env);
    await soon(() => expect(ended()).toBe(true));
    expect(said).toEqual([{ type: 'failed' }]);
  });

  describe('on a desktop', () => {
    let desktop: Desktop;
    beforeAll(async () => {
      desktop = await startDesktop();
    });
    afterAll(() => desktop.stop());

    test('shortcuts get out, what is typed does not, and a held key is one', async () => {
      const { said, soon } = start('keys', { ...process.env, ...desktop.env });
      await soon(() => expect(said).toContainEqual({ type: 'ready' }));
      await desktop.type('secreto 123');
      await desktop.key('shift+a', 'ctrl+c', 'Return');
      await desktop.key('Print', 'Print', 'alt+F4', 'super', 'ctrl+p');
      await soon(() =>
        expect(said).toContainEqual({
          type: 'press',
          kind: 'print',
          shortcut: 'ctrl+p',
          byPlace: true,
        }),
      );
      const presses = said.filter((one) => (one as { type: string }).type === 'press');
      expect(presses).toEqual([
        { type: 'press', kind: 'screenshot', shortcut: 'printscreen', byPlace: false },
        { type: 'press', kind: 'outside-input', shortcut: 'alt+f4', byPlace: false },
        { type: 'press', kind: 'outside-input', shortcut: 'meta', byPlace: false },
        { type: 'press', kind: 'print', shortcut: 'ctrl+p', byPlace: true },
      ]);
    });
  });
});
