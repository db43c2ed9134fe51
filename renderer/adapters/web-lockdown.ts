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

/** Full screen by the page's own asking, by F11, or by a kiosk session. */
export const inFullScreen = (): boolean =>
  document.fullscreenElement !== null || matchMedia('(display-mode: fullscreen)').matches;

/** A managed kiosk session or an installed full-screen app: the whole screen without asking. */
export const fillsTheScreen = (): boolean =>
  inFullScreen() || (window.innerWidth >= screen.width && window.innerHeight >= screen.height);

/** A print that gets past the blocked keys (the browser's own menu) comes out empty. */
const emptyPrint = (): CSSStyleSheet => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('@media print { html { display: none !important; } }');
  return sheet;
};

/**
 * What a page can close by itself: full screen, the system's keys while it lasts, a screen that stays
 * on, and paper. Full screen needs a gesture, so it is asked for at the entry and again at each key or click while it is missing.
 */
export class WebLockdown implements Lockdown {
  #entered: AbortController | null = null;
  #awake: WakeLockSentinel | null = null;
  readonly #emptyPrint = emptyPrint();

  async enter(): Promise<void> {
    if (this.#entered === null) {
      const controller = new AbortController();
      this.#entered = controller;
      const { signal } = controller;
      const retake = () => void this.#take();
      for (const type of ['pointerdown', 'keydown']) {
        document.addEventListener(type, retake, { signal, passive: true });
      }
      // Full screen that came back by itself (F11, the system) brings the keys back too.
      document.addEventListener('fullscreenchange', () => this.#lockKeys(), { signal });
      document.addEventListener('visibilitychange', () => void this.#stayAwake(), { signal });
      document.adoptedStyleSheets.push(this.#emptyPrint);
    }
    await this.#take();
  }

  async leave(): Promise<void> {
    this.#entered?.abort();
    this.#entered = null;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(
      (sheet) => sheet !== this.#emptyPrint,
    );
    keyboardLock()?.unlock();
    await this.#awake?.release().catch(() => undefined);
    this.#awake = null;
    if (document.fullscreenElement !== null) await document.exitFullscreen().catch(() => undefined);
  }

  async #take(): Promise<void> {
    // Without a gesture the browser refuses; the next key or click tries again. Asked for also under F11:
    // only full screen of the page's own locks the keys.
    if (document.fullscreenElement === null) {
      await document.documentElement
        .requestFullscreen({ navigationUI: 'hide' })
        .catch(() => undefined);
    }
    await Promise.all([this.#lockKeys(), this.#stayAwake()]);
  }

  /** A screen that goes dark in an exam is nobody's act. The browser lets go whenever the page is hidden. */
  async #stayAwake(): Promise<void> {
    if (document.visibilityState !== 'visible' || this.#entered === null) return;
    if (this.#awake?.released === false || navigator.wakeLock === undefined) return;
    // Refused on a low battery or by policy: then the system's own settings decide.
    this.#awake = await navigator.wakeLock.request('screen').catch(() => null);
  }

  async #lockKeys(): Promise<void> {
    await keyboardLock()
      ?.lock()
      .catch(() => undefined);
  }
}
