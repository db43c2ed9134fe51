import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { linuxProcessTable } from '#electron/sensors/probe/processes.linux.ts';
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import { x11WindowTable } from '#electron/sensors/probe/windows.x11.ts';
import { windowsSensor } from '#electron/sensors/windows.sensor.ts';
import type { Limits, Signal } from '#shared/ports/sensor.port.ts';
import { type Desktop, startDesktop } from '#test/support/desktop.ts';

const PROGRAM = join(import.meta.dirname, '../support/x11-window.ts');

describe.runIf(process.platform === 'linux')(
  'windows of other programs on a real X display',
  () => {
    let desktop: Desktop;
    let folder = '';
    /** Stands in for the exam: the kiosk's own window, from its own process tree. */
    let exam: ChildProcess;
    const others = new Set<ChildProcess>();

    const show = async (
      args: string,
      program = process.execPath,
      keep = others,
    ): Promise<ChildProcess> => {
      const child = spawn(program, [PROGRAM, desktop.display, ...args.split(' ')], {
        env: { ...process.env, ...desktop.env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      keep.add(child);
      await new Promise((resolve, reject) => {
        child.stdout.once('data', resolve);
        child.once('exit', () => reject(new Error('the window did not come up')));
      });
      return child;
    };
    const quit = async (child: ChildProcess): Promise<void> => {
      others.delete(child);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'atalaya-windows-'));
      desktop = await startDesktop();
      exam = await show('0 0 1366 768 window', process.execPath, new Set());
    });
    afterEach(() => Promise.all([...others].map(quit)));
    afterAll(async () => {
      await quit(exam);
      await desktop.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const watch = () => {
      const said: string[] = [];
      const facts: Signal['facts'][] = [];
      const limits: Limits[] = [];
      const sensor = windowsSensor({
        windows: x11WindowTable({ display: desktop.display, titles: false }),
        processes: linuxProcessTable({ desktop: { DISPLAY: desktop.display } }),
        lists: programLists({}),
        platform: 'linux',
        ownPid: exam.pid ?? -1,
        limits: {},
        titles: false,
        // Only what the X server tells: a minute is longer than the test.
        everyMs: 60_000,
      });
      sensor.start(
        (signal) => {
          said.push(`${signal.phase} ${signal.facts.program}`);
          facts.push(signal.facts);
        },
        { limited: (limit) => limits.push(limit), alive: () => undefined },
      );
      return { sensor, said, facts, stop: () => sensor.stop() };
    };

    it('an overlay that never takes the focus is stated with how much it covers', async () => {
      const { said, facts, stop } = watch();
      const focused = await desktop.activeWindow();
      await sleep(300);
      const overlay = await show('100 100 400 200 overlay');
      await expect.poll(() => said, { timeout: 10_000 }).toEqual(['began x11-window']);
      expect(await desktop.activeWindow()).toBe(focused);
      expect(facts[0]).toEqual({
        program: 'x11-window',
        category: 'other',
        window: true,
        overlay: true,
        covers: 0.08,
      });
      await quit(overlay);
      await expect
        .poll(() => said, { timeout: 10_000 })
        .toEqual(['began x11-window', 'ended x11-window']);
      stop();
    });

    it('another program’s window is stated, and named by its rule when there is one', async () => {
      const browser = join(folder, 'chromium');
      copyFileSync(process.execPath, browser);
      const { said, facts, stop } = watch();
      await show('50 50 300 300 window', browser);
      await expect.poll(() => said, { timeout: 10_000 }).toEqual(['began Chromium']);
      expect(facts[0]).toMatchObject({ category: 'browser', window: true });
      stop();
    });

    it('what cannot be read, or does not lie over the exam, is nobody’s business', async () => {
      const { said, stop } = watch();
      await show('10 10 20 8 overlay');
      await show('1500 100 300 300 overlay');
      await sleep(2_500);
      expect(said).toEqual([]);
      stop();
    });

    it('assistive technology passes, whatever kind of window it shows', async () => {
      const keyboard = join(folder, 'onboard');
      copyFileSync(process.execPath, keyboard);
      const { said, sensor, stop } = watch();
      await show('0 500 1366 268 overlay', keyboard);
      await sleep(2_500);
      expect(said).toEqual([]);
      expect(await sensor.openNow()).toEqual([]);
      stop();
    });

    it('a name of the desktop’s own parts does not vouch for a file that lies anywhere', async () => {
      const shell = join(folder, 'dunst');
      copyFileSync(process.execPath, shell);
      const { said, stop } = watch();
      await show('100 100 400 200 overlay', shell);
      await expect.poll(() => said, { timeout: 10_000 }).toEqual(['began dunst']);
      stop();
    });

    it('before the exam, programs with a window are named', async () => {
      await show('50 50 300 300 window');
      const { sensor, stop } = watch();
      expect(await sensor.openNow()).toEqual(['x11-window']);
      stop();
    });

    it('a display that goes away is silence, not a clean desktop', async () => {
      const gone = windowsSensor({
        windows: x11WindowTable({ display: ':65000', titles: false }),
        processes: linuxProcessTable({ desktop: {} }),
        lists: programLists({}),
        platform: 'linux',
        ownPid: process.pid,
        limits: {},
        titles: false,
      });
      let beats = 0;
      gone.start(() => undefined, { limited: () => undefined, alive: () => (beats += 1) });
      await sleep(300);
      gone.stop();
      expect(beats).toBe(0);
      await expect(gone.openNow()).rejects.toThrow('X display');
    });
  },
);
