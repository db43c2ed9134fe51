import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { clipboardStep } from '#electron/kiosk/steps/clipboard.step.ts';
import { contentProtectionStep } from '#electron/kiosk/steps/content-protection.step.ts';
import { powerSaveStep } from '#electron/kiosk/steps/power-save.step.ts';
import { screenStep } from '#electron/kiosk/steps/screen.step.ts';
import { shortcutsStep } from '#electron/kiosk/steps/shortcuts.step.ts';
import type { BlockedShortcut } from '#shared/incident/shortcut.ts';

/** A window as the steps see it, that tells what was done with it and loses things when the system says so. */
class FakeWindow extends EventEmitter {
  kiosk: boolean;
  onTop = false;
  visible = true;
  minimized = false;
  isProtected = false;
  /** How many wishes for the whole screen the window manager drops without a word. */
  drops = 0;
  destroyed = false;
  constructor(kiosk = true) {
    super();
    this.kiosk = kiosk;
  }
  isDestroyed = () => this.destroyed;
  isKiosk = () => this.kiosk;
  isVisible = () => this.visible;
  isMinimized = () => this.minimized;
  isFullScreen = () => this.kiosk;
  setKiosk = (on: boolean) => {
    if (on && this.drops > 0) this.drops -= 1;
    else this.kiosk = on;
  };
  setAlwaysOnTop = (on: boolean) => {
    if (on === this.onTop) return;
    this.onTop = on;
    this.emit('always-on-top-changed', {}, on);
  };
  setContentProtection = (on: boolean) => {
    this.isProtected = on;
  };
  restore = () => {
    this.minimized = false;
    this.emit('restore');
  };
  show = () => {
    this.visible = true;
    this.emit('show');
  };
  /** What the system or another program does to it. */
  suffer(what: 'minimize' | 'hide' | 'leave-full-screen' | 'lower'): void {
    if (what === 'minimize') this.minimized = true;
    if (what === 'hide') {
      // As on Windows: the style goes with the window.
      this.visible = false;
      this.isProtected = false;
    }
    if (what === 'leave-full-screen') this.kiosk = false;
    if (what === 'lower') this.setAlwaysOnTop(false);
    else this.emit(what);
  }
  get state(): string {
    const { kiosk, onTop, visible, minimized, isProtected } = this;
    return Object.entries({ kiosk, onTop, visible, minimized, isProtected })
      .filter(([, on]) => on)
      .map(([name]) => name)
      .join(' ');
  }
  get asElectron(): BrowserWindow {
    return this as unknown as BrowserWindow;
  }
}

const LOCKED = 'kiosk onTop visible isProtected';
const ACTS = ['minimize', 'hide', 'leave-full-screen', 'lower'] as const;

describe('the window', () => {
  const locked = async (window: FakeWindow) => {
    const steps = [
      screenStep(window.asElectron),
      contentProtectionStep(window.asElectron, 'win32'),
    ] as const;
    for (const step of steps) expect(await step.perform()).toEqual([]);
    expect(window.state).toBe(LOCKED);
    return steps;
  };

  test.each(ACTS)('%s: everything is put back', async (act) => {
    const window = new FakeWindow();
    await locked(window);
    window.suffer(act);
    expect(window.state).toBe(LOCKED);
  });

  test.each(ACTS.flatMap((a) => ACTS.map((b) => [a, b] as const)))('%s, then %s', async (a, b) => {
    const window = new FakeWindow();
    await locked(window);
    window.suffer(a);
    window.suffer(b);
    expect(window.state).toBe(LOCKED);
  });

  test('a window manager that drops the wish for the whole screen is asked again, and not after the exam', async () => {
    vi.useFakeTimers();
    try {
      const window = new FakeWindow();
      const [screen] = await locked(window);
      window.drops = 4;
      window.kiosk = false;
      window.suffer('hide');
      expect(window.state).not.toBe(LOCKED);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(window.state).toBe(LOCKED);
      // It had it for a moment, and lost it without an event.
      window.kiosk = false;
      await vi.advanceTimersByTimeAsync(1_000);
      expect(window.state).toBe(LOCKED);
      window.drops = 1;
      window.suffer('leave-full-screen');
      await screen.revert(null);
      window.kiosk = false;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(window.kiosk).toBe(false);
      // A system that never calls it so is not asked for ever.
      const asked = vi.spyOn(window, 'setKiosk');
      window.isFullScreen = () => false;
      await screen.perform();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(asked.mock.calls.length).toBeLessThan(30);
    } finally {
      vi.useRealTimers();
    }
  });

  test('hidden and minimised when the exam begins', async () => {
    const window = new FakeWindow(false);
    window.visible = false;
    window.minimized = true;
    await locked(window);
  });

  test.each([[true], [false]])('after the exam it is as it was: kiosk %s', async (kiosk) => {
    const window = new FakeWindow(kiosk);
    const before = window.state;
    const steps = await locked(window);
    for (const step of [...steps, ...steps]) await step.revert(null);
    expect(window.state).toBe(before);
    for (const act of ACTS) window.suffer(act);
    expect(window.state).not.toBe(LOCKED);
    expect(window.eventNames()).toEqual([]);
  });

  test('performed twice it listens once; a window that is gone is left alone', async () => {
    const window = new FakeWindow();
    const steps = await locked(window);
    const count = window.listenerCount('show');
    for (const step of steps) await step.perform();
    expect(window.listenerCount('show')).toBe(count);
    window.destroyed = true;
    window.setAlwaysOnTop = () => {
      throw new Error('Object has been destroyed');
    };
    window.setContentProtection = window.setAlwaysOnTop;
    for (const step of steps) await step.revert(null);
  });

  test('Linux has no content protection, and says so', async () => {
    const window = new FakeWindow();
    expect(await contentProtectionStep(window.asElectron, 'linux').perform()).toEqual([
      { reason: 'platform', what: ['content protection'] },
    ]);
  });
});

test.each([
  ['linux', ['clipboard', 'selection']],
  ['win32', ['clipboard']],
] as const)('the clipboard is emptied at the entry and at the exit: %s', async (platform, once) => {
  const cleared: string[] = [];
  const part = (name: string) => ({ clear: () => cleared.push(name) });
  const clipboard = { ...part('clipboard'), selection: part('selection') };
  const step = clipboardStep(clipboard as unknown as Parameters<typeof clipboardStep>[0], platform);
  await step.revert(null);
  expect(cleared).toEqual([]);
  await step.perform();
  expect(cleared).toEqual(once);
  await step.revert(null);
  await step.revert(null);
  expect(cleared).toEqual([...once, ...once]);
});

test('the system’s shortcuts: taken, stated by their own kind, given back one by one', async () => {
  const taken = new Map<string, () => void>();
  const stated: BlockedShortcut[] = [];
  const refused = new Set(['Alt+Tab', 'CommandOrControl+Escape']);
  const step = shortcutsStep(
    {
      register: (accelerator, callback) => {
        if (refused.has(accelerator)) return false;
        taken.set(accelerator, callback);
        return true;
      },
      unregister: (accelerator) => {
        taken.delete(accelerator);
      },
    },
    (shortcut) => stated.push(shortcut),
  );
  expect(await step.perform()).toEqual([{ reason: 'platform', what: [...refused] }]);
  taken.get('PrintScreen')?.();
  taken.get('Alt+F4')?.();
  taken.get('CommandOrControl+Shift+Escape')?.();
  taken.get('Alt+Space')?.();
  expect(stated).toEqual([
    { kind: 'screenshot', shortcut: 'printscreen' },
    { kind: 'outside-input', shortcut: 'alt+f4' },
    { kind: 'outside-input', shortcut: 'ctrl+shift+escape' },
    { kind: 'outside-input', shortcut: 'alt+space' },
  ]);
  // Somebody else's grab in the same program survives.
  taken.set('F1', () => undefined);
  await step.revert(null);
  await step.revert(null);
  expect([...taken.keys()]).toEqual(['F1']);
});

test('the screen stays on, once', async () => {
  const running = new Set<number>();
  let last = 0;
  const step = powerSaveStep({
    start: () => {
      last += 1;
      running.add(last);
      return last;
    },
    stop: (id) => running.delete(id),
  });
  await step.perform();
  await step.perform();
  expect([...running]).toEqual([1]);
  await step.revert(null);
  await step.revert(null);
  expect([...running]).toEqual([]);
});
