import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import type { Desktop } from '#test/support/desktop.ts';
import { killGroup } from '#test/support/processes.ts';

/** What stands before the fuses in Electron's program, and how many this version has. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = 9;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Writes a folder that electron-builder takes for an unpacked Electron. Its program is a shell script with the
 * place of the fuses in a comment; it unpacks the app that was packaged with it and runs that on the stand-in.
 */
export const writeStandInElectron = (folder: string): void => {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  for (const name of ['es', 'es-419', 'en-US', 'de', 'fr'])
    writeFileSync(join(folder, `locales/${name}.pak`), '');
  const here = (name: string): string => fileURLToPath(import.meta.resolve(name));
  const asar = join(import.meta.dirname, '../../node_modules/@electron/asar/bin/asar.mjs');
  const node = quote(process.execPath);
  const script = [
    '#!/bin/sh',
    'here=$(cd "$(dirname "$0")" && pwd)',
    `${node} ${quote(asar)} extract "$here/resources/app.asar" "$here/extracted" || exit 1`,
    'export ELECTRON_STANDIN_PACKAGED=1 ELECTRON_STANDIN_RESOURCES="$here/resources"',
    `exec ${node} --import ${quote(import.meta.resolve('#test/electron-standin/register.ts'))} ${quote(here('#test/electron-standin/run.ts'))} "$here/extracted" "$@"`,
    'exit 1',
    `# ${SENTINEL}`,
  ].join('\n');
  // Fuses: version, length, and all of them on, so that each one that is off was switched off.
  const wire = Buffer.from([1, FUSES, ...Buffer.from('1'.repeat(FUSES))]);
  const program = join(folder, 'electron');
  writeFileSync(program, Buffer.concat([Buffer.from(script), wire, Buffer.from('\n')]), {
    mode: 0o755,
  });
};

/** A packaged kiosk that runs. */
export interface PackagedKiosk {
  readonly page: Page;
  /** What its main process has printed. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts a packaged kiosk on the stand-in and finds its page by the address that Chromium prints: no debugger of the
 * main process is open, as with the fuses of the real one.
 * @throws Error with what it printed when there is no page within 30 seconds.
 */
export const startPackaged = async (
  program: string,
  userData: string,
  desktop: Desktop,
  args: readonly string[] = [],
): Promise<PackagedKiosk> => {
  // An installed kiosk refuses most switches and variables: a person's start has none of them.
  const { PATH, HOME } = process.env;
  const child: ChildProcess = spawn(program, args, {
    env: { PATH, HOME, ...desktop.env, ATALAYA_USER_DATA: userData },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined) await killGroup(child.pid);
  };
  const deadline = Date.now() + 30_000;
  const until = async <T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const found = await find();
      if (found !== undefined) return found;
      if (Date.now() > deadline || child.exitCode !== null) {
        await stop();
        throw new Error(`the packaged kiosk did not come up:\n${printed}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const address = await until(() => /DevTools listening on (ws:\S+)/.exec(printed)?.[1]);
  const browser: Browser = await chromium.connectOverCDP(address);
  const page = await until(() =>
    browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((one) => one.url().includes('/kiosk/')),
  );
  return {
    page,
    output: () => printed,
    stop: async () => {
      await browser.close().catch(() => undefined);
      await stop();
    },
  };
};
