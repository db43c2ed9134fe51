import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { appParts } from '#test/electron-standin/main/app.ts';
import { answerMessageBox } from '#test/electron-standin/main/dialog.ts';
import { screenParts } from '#test/electron-standin/main/screen.ts';
import { recorded } from '#test/electron-standin/recorder.ts';

/*
 * The stand-in's executable, started as Electron is: switches, then a script or a folder with a
 * package.json, then the app's own arguments. `--import` register.ts goes before it.
 */

const path = process.argv.slice(2).find((arg) => !arg.startsWith('-'));
if (path === undefined) throw new Error('electron stand-in: name a script or a folder to run');

// As in Electron, the app sees the program and everything after it; an installed one has no script among it.
process.argv.splice(1, 1);
if (appParts.isPackaged) process.argv.splice(process.argv.indexOf(path), 1);
Object.defineProperty(globalThis, 'electronStandIn', { value: { recorded, answerMessageBox } });

const main = statSync(path).isDirectory() ? await mainOf(path) : resolve(path);
appParts.setApplication(path);
await import(pathToFileURL(main).href);
screenParts.start();
appParts.becomeReady();

async function mainOf(folder: string): Promise<string> {
  const manifest = pathToFileURL(resolve(folder, 'package.json')).href;
  const { default: content } = await import(manifest, { with: { type: 'json' } });
  return join(resolve(folder), content.main ?? 'index.js');
}
