import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { undoLeftOver } from '#electron/kiosk/kiosk-lockdown.ts';
import { LockdownJournal } from '#electron/kiosk/lockdown-journal.ts';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { kioskCommand } from '#test/support/electron-launch.ts';
import {
  type DesktopSeat,
  type ExamRoom,
  openExamRoom,
  takeDesktopSeat,
} from '#test/support/exam-room.ts';
import { type LockdownMachine, linuxMachine } from '#test/support/lockdown-machine.ts';
import { see } from '#test/support/see.ts';

/** The machine may be busy with something else. */
const PATIENCE_MS = 30_000;
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: PATIENCE_MS, interval: 100 });

let room: ExamRoom;
let machine: LockdownMachine;
let seat: DesktopSeat;
/** The settings of the desktop's user before the first exam. */
let before: string;

beforeAll(async () => {
  machine = linuxMachine(false);
  before = machine.state();
  const names = ['XDG_CURRENT_DESKTOP', 'XDG_CONFIG_HOME', 'GSETTINGS_STATE', 'PATH'] as const;
  const env = Object.fromEntries(names.map((name) => [name, machine.environment[name] ?? '']));
  room = await openExamRoom();
  seat = await takeDesktopSeat(room, { env });
});
afterAll(async () => {
  await seat?.close();
  await room?.close();
  machine?.remove();
});

/** Whether the settings of the desktop's user are other than before the first exam. */
const isTaken = (): boolean => machine.state() !== before;
const state = () => seat.ledger().reduce(applyEntry, EMPTY_ATTEMPT);
/** What the guards stated: kind and the fact that tells them apart. */
const stated = (): string[] =>
  seat
    .ledger()
    .filter(({ type }) => type === 'observation')
    .map(({ data }) => {
      const facts = (data.facts ?? {}) as Record<string, unknown>;
      const what = facts.shortcut ?? facts.action ?? facts.part ?? facts.dialog ?? data.phase;
      return [data.kind, what, facts.target].filter((one) => one !== undefined).join(' ');
    });
const journalOf = ({ userData }: DesktopSeat): LockdownJournal =>
  LockdownJournal.open(join(userData, 'lockdown.json'));
const journal = (): readonly string[] => journalOf(seat).entries.map(({ step }) => step);
/** Runs code in the page as a page that has been tampered with would. */
const inPage = (code: () => unknown): Promise<unknown> => seat.kiosk.page.evaluate(code);
const nothingHappens = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));
/** Somebody else's exam: acts that count would close one for all of the tests. */
const goToExam = async (): Promise<void> => {
  if (journal().length > 0) {
    await seat.kill();
    // The next kiosk gets other data and would not know of it.
    await undoLeftOver(journalOf(seat), machine.undoable());
  }
  await seat.clear();
  await seat.examinee.signIn(room.nextExaminee());
  await seat.examinee.goToExam();
};

/** The question on the screen. Its order is the examinee's own: one answer or several, both are inputs. */
const question = () => seat.examinee.option(1);
/** Goes on in the exam that runs, or in a new one when an earlier test closed it or lost its page. */
const inRunningExam = async (): Promise<void> => {
  const isShown = () =>
    question()
      .waitFor({ timeout: 3_000 })
      .then(
        () => true,
        () => false,
      );
  if (state().phase !== 'in-progress' || !(await isShown())) await goToExam();
};

describe('a page that wants out', () => {
  beforeEach(inRunningExam);

  test('the machine is taken, and the journal says how to give it back', async () => {
    await eventually(journal).toEqual([
      'screen',
      'content-protection',
      'clipboard',
      'shortcuts',
      'power-save',
      'desktop-shortcuts',
      'desktop-interruptions',
      'desktop-clipboard',
    ]);
    await eventually(isTaken).toBe(true);
    expect(machine.state()).toContain('org.gnome.mutter overlay-key');
    expect(machine.state()).not.toContain("overlay-key 'Super_L'");
  });

  test('neither the wheel nor the pinch zooms, and nothing opens a menu', async () => {
    const prevented = await seat.kiosk.page.evaluate(() => {
      const fire = (event: Event): boolean => !document.body.dispatchEvent(event);
      const init = { bubbles: true, cancelable: true };
      return [
        fire(new WheelEvent('wheel', { ...init, ctrlKey: true })),
        fire(new WheelEvent('wheel', init)),
        fire(new MouseEvent('contextmenu', init)),
      ];
    });
    expect(prevented).toEqual([true, false, true]);
  });

  test('what is printed is empty, and on record', async () => {
    const shown = await seat.kiosk.page.evaluate(() => {
      const height = (): number => document.body.offsetHeight;
      dispatchEvent(new Event('beforeprint'));
      const printed = height();
      dispatchEvent(new Event('afterprint'));
      return { printed, after: height() > 0 };
    });
    expect(shown).toEqual({ printed: 0, after: true });
    await eventually(stated).toContain('print true');
  });

  test.each([
    [
      'another address',
      () => location.assign('https://example.com/x?y=1'),
      'outside-input navigation https:',
    ],
    ['a window', () => void window.open('https://example.com'), 'outside-input new-window https:'],
    [
      'a link that opens one',
      () => {
        const link = document.createElement('a');
        link.href = 'https://example.com';
        link.target = '_blank';
        document.body.append(link);
        link.click();
        link.remove();
      },
      'outside-input new-window https:',
    ],
    [
      'a download',
      () => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob(['x']));
        link.download = 'x.txt';
        link.click();
      },
      'outside-input download',
    ],
    [
      'a picture of the screen',
      () => navigator.mediaDevices.getDisplayMedia({ video: true }).catch(() => undefined),
      'screen-share requested',
    ],
    [
      'a file dialog',
      () => {
        const field = document.createElement('input');
        field.type = 'file';
        document.body.append(field);
        field.click();
        // Asking takes its way through the system: a field that is gone by then may not be asked for any more.
        setTimeout(() => field.remove(), 10_000);
      },
      'outside-input file-dialog',
    ],
  ])('%s is refused and on record', async (_name, act, entry) => {
    const known = stated().filter((one) => one === entry).length;
    // What navigates never answers.
    await Promise.race([
      inPage(act).catch(() => undefined),
      new Promise((r) => setTimeout(r, 1_000)),
    ]);
    await eventually(() => stated().filter((one) => one === entry).length).toBeGreaterThan(known);
    expect(seat.kiosk.app.windows()).toHaveLength(1);
    await see(question()).toBeVisible();
  });

  // Chromium itself refuses these before anybody is asked.
  test.each([
    'file:///etc/passwd',
    'mailto:ana@example.com',
    'ms-settings:display',
    'chrome://version',
  ])('%s leads nowhere', async (address) => {
    await seat.kiosk.page
      .evaluate((url) => {
        const frame = document.createElement('iframe');
        frame.src = url;
        document.body.append(frame);
        location.assign(url);
      }, address)
      .catch(() => undefined);
    await nothingHappens();
    expect(await seat.kiosk.page.evaluate(() => location.pathname)).toBe('/kiosk/index.html');
    expect(seat.kiosk.app.windows()).toHaveLength(1);
    await see(question()).toBeVisible();
  });

  test.each([
    ['microphone', () => navigator.mediaDevices.getUserMedia({ audio: true })],
    [
      'microphone with the camera',
      () => navigator.mediaDevices.getUserMedia({ audio: true, video: true }),
    ],
    ['clipboard', () => navigator.clipboard.readText()],
    ['place', () => new Promise((ok, no) => navigator.geolocation.getCurrentPosition(ok, no))],
    ['full screen', () => document.documentElement.requestFullscreen()],
    [
      'screens',
      () => (window as unknown as { getScreenDetails(): Promise<unknown> }).getScreenDetails(),
    ],
  ])('no permission for %s', async (_name, ask) => {
    await expect(inPage(ask)).rejects.toThrow();
  });

  test('the camera and nothing else has one', async () => {
    const kept = await seat.kiosk.page.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true });
      const kinds = stream.getTracks().map(({ kind }) => kind);
      for (const track of stream.getTracks()) track.stop();
      return kinds;
    });
    expect(kept).toEqual(['video']);
  });
});

describe.each([[['minimize', 'hide']], [['leave full screen', 'lower']]])(
  'a window that is taken away: %s',
  (acts) => {
    beforeAll(goToExam);
    // A kiosk that ended is started anew for the next one.
    beforeEach(inRunningExam);

    test.each(acts)('%s: it is back, above everything and protected', async (act) => {
      await seat.kiosk.app.evaluate(({ BrowserWindow }, how) => {
        const [window] = BrowserWindow.getAllWindows();
        // As Windows does with a window that is hidden.
        if (how !== 'lower') window?.setContentProtection(false);
        if (how === 'minimize') window?.minimize();
        else if (how === 'hide') window?.hide();
        else if (how === 'lower') window?.setAlwaysOnTop(false);
        else window?.setFullScreen(false);
      }, act);
      const now = () =>
        seat.kiosk.app.evaluate(({ BrowserWindow }) => {
          const [w] = BrowserWindow.getAllWindows();
          return [w?.isVisible(), w?.isMinimized(), w?.isFullScreen(), w?.isAlwaysOnTop()];
        });
      await eventually(now).toEqual([true, false, true, true]);
      const isProtected = () =>
        seat.kiosk.app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]?.isContentProtected(),
        );
      await eventually(isProtected).toBe(true);
      expect(state().phase).toBe('in-progress');
    });
  },
);

describe('ways out of the program', () => {
  beforeAll(goToExam);

  test('a page that crashed is there again, with the same question, as a failure of the machine', async () => {
    await seat.examinee.goTo(4);
    const counted = state().copyAttempts;
    const reloaded = seat.kiosk.page.waitForEvent('crash');
    await seat.kiosk.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await reloaded;
    await eventually(stated).toContain('device-failure page');
    expect(state()).toMatchObject({ phase: 'in-progress', copyAttempts: counted });
  });

  const second = (...args: readonly string[]) => {
    const {
      command,
      args: all,
      env,
    } = kioskCommand({
      main: room.build.main,
      userData: seat.userData,
      desktop: seat.desktop,
      args,
    });
    return spawnSync(command, all, { env, encoding: 'utf8', timeout: 30_000 });
  };

  test('after kill -9 what was left was undone first, and the machine is taken again', async () => {
    await eventually(journal).toContain('desktop-clipboard');
    await seat.kill();
    expect(journal()).toContain('desktop-clipboard');
    expect(isTaken()).toBe(true);
    await seat.start();
    await seat.examinee.inExam();
    const log = readFileSync(join(seat.userData, 'kiosk.log'), 'utf8');
    expect(log.split('\n').filter((line) => line.includes('left over and undone'))).toHaveLength(3);
    expect(log).not.toContain('not undone');
    await eventually(journal).toContain('desktop-clipboard');
    expect(isTaken()).toBe(true);
  });

  test('a second start ends by itself and is on record', async () => {
    const { status } = second();
    expect(status).toBe(0);
    await eventually(stated).toContain('outside-input second-instance');
    expect(state().phase).toBe('in-progress');
  });

  test('--restore undoes nothing under a running exam', () => {
    const { status, stdout } = second('--restore');
    expect(status).toBe(1);
    expect(stdout).toContain('Atalaya está abierta');
    expect(isTaken()).toBe(true);
  });

  test('quitting is refused and on record', async () => {
    await seat.kiosk.app.evaluate(({ app }) => app.quit());
    await eventually(stated).toContain('outside-input quit');
    expect(state().phase).toBe('in-progress');
  });

  test('the system’s own end writes everything, gives the machine back, and the exam goes on later', async () => {
    const child = seat.kiosk.app.process();
    const code = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await code).toBe(0);
    await seat.kill();
    expect(isTaken()).toBe(false);
    expect(journal()).toEqual([]);
    expect(stated()).toContain('power sigterm');
    expect(state().phase).toBe('in-progress');
    await seat.start();
    await seat.examinee.inExam();
    await eventually(journal).toContain('desktop-clipboard');
  });

  test('an exam that is handed in gives the machine back', async () => {
    await seat.examinee.finish();
    await seat.examinee.receipt();
    await seat.examinee.signOut();
    await eventually(isTaken).toBe(false);
    // The settings come first; the steps that leave no trace in them are undone after.
    await eventually(journal).toEqual([]);
  });
});
