import type { Lockdown } from '#shared/ports/lockdown.port.ts';

interface KeyboardLock {
  lock(): Promise<void>;
  unlock(): void;
}

/** The Keyboard Lock API where the browser has it (Chromium, secure context, full screen). */
const keyboardLock = (): KeyboardLock | null =>
  'keyboard' in navigator &&
  typeof (navigator.keyboard as Partial<KeyboardLock> | null)?.lock === 'function'
    ? (navigator.keyboard as KeyboardLock)
    : null;

export const hasKeyboardLock = (): boolean => keyboardLock() !== null;

/** A managed kiosk session or an installed full-screen app: the whole screen without asking. */
export const fillsTheScreen = (): boolean =>
  document.fullscreenElement !== null ||
  matchMedia('(display-mode: fullscreen)').matches ||
  (window.innerWidth >= screen.width && window.innerHeight >= screen.height);

/**
 * What a page can close by itself: full screen and the system's keys while it lasts. Full screen
 * needs a gesture, so it is asked for at the entry and again at each key or click while it is missing.
 */
export class WebLockdown implements Lockdown {
  #entered: AbortController | null = null;

  async enter(): Promise<void> {
    if (this.#entered === null) {
      const controller = new AbortController();
      this.#entered = controller;
      const retake = () => void this.#take();
      for (const type of ['pointerdown', 'keydown']) {
        document.addEventListener(type, retake, { signal: controller.signal, passive: true });
      }
    }
    await this.#take();
  }

  async leave(): Promise<void> {
    this.#entered?.abort();
    this.#entered = null;
    keyboardLock()?.unlock();
    if (document.fullscreenElement !== null) await document.exitFullscreen().catch(() => undefined);
  }

  async #take(): Promise<void> {
    // Without a gesture the browser refuses; the next key or click tries again.
    if (document.fullscreenElement === null) {
      await document.documentElement
        .requestFullscreen({ navigationUI: 'hide' })
        .catch(() => undefined);
    }
    await keyboardLock()
      ?.lock()
      .catch(() => undefined);
  }
}
