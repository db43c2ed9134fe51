import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { electronVersion } from '#test/electron-standin/version.ts';
import { type Desktop, startDesktop } from '#test/support/desktop.ts';
import { kioskCommand } from '#test/support/electron-launch.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'atalaya-modules-'));
let desktop: Desktop;

beforeAll(async () => {
  desktop = await startDesktop();
});
afterAll(async () => {
  await desktop?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts an app that opens no window and returns what it prints. */
async function output(main: string, args: string[] = []): Promise<string> {
  const userData = join(folder, 'user');
  const { command, args: all, env } = kioskCommand({ main, userData, desktop, args });
  return (await run(command, [...all], { env: { ...env } })).stdout.trim();
}

const BODY = `
  const order = ['loaded'];
  app.on('will-quit', () => order.push('will-quit'));
  app.on('quit', (_event, code) => console.log([...order, 'quit', code].join(' ')));
  app.on('ready', () => order.push('ready'));
  app.whenReady().then(() => {
    order.push(typeof BrowserWindow, process.type, process.versions.electron, process.argv.at(-1));
    app.quit();
  });
`;
const PRINTED = `loaded awaited ready function browser ${electronVersion()} --last will-quit quit 0`;

test.each([
  ['esm.mjs', `import electron, { app, BrowserWindow } from 'electron';`, 'await null;'],
  ['main.mts', `import { app, BrowserWindow } from 'electron/main';`, 'await null;'],
  ['common.cjs', `const { app, BrowserWindow } = require('electron');`, ''],
])('%s imports the module and is evaluated before the app is ready', async (name, head, wait) => {
  const file = join(folder, name);
  writeFileSync(file, `${head}\n${BODY}\n${wait} order.push('awaited');\n`);
  expect(await output(file, ['--last'])).toBe(PRINTED);
});

test('a folder names its script, its version and its name', async () => {
  const manifest = { name: 'kiosk', productName: 'Kiosko', version: '7.8.9', main: 'common2.cjs' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'common2.cjs'),
    `const { app } = require('electron');
     console.log(app.getName(), app.getVersion(), app.isPackaged); app.exit(0);`,
  );
  expect(await output(folder)).toBe('Kiosko 7.8.9 false');
});

test('secrets: none are kept without a secret store, unless plain text is allowed', async () => {
  const file = join(folder, 'secrets.cjs');
  writeFileSync(
    file,
    `const { app, safeStorage } = require('electron');
     const attempt = (f) => { try { return f(); } catch (error) { return 'refused'; } };
     console.log(safeStorage.isEncryptionAvailable(), attempt(() => safeStorage.encryptString('a')));
     safeStorage.setUsePlainTextEncryption(true);
     const secret = safeStorage.encryptString('clave');
     console.log(secret.includes('clave'), safeStorage.decryptString(secret)); app.exit(0);`,
  );
  expect(await output(file)).toBe('false refused\nfalse clave');
});
