import { useSyncExternalStore } from 'react';
import { type TextStep, textStepOf } from '#shared/incident/shortcut.ts';

/** How large the text may be, percent of its usual size. */
export const TEXT_SIZES = [100, 125, 150, 175, 200] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

/** Outlives a reload of the page and not the person: the next one begins with the usual size. */
const KEY = 'text-size';

const stored = (): TextSize => {
  try {
    return TEXT_SIZES.find((size) => String(size) === sessionStorage.getItem(KEY)) ?? 100;
  } catch {
    return 100;
  }
};

let size: TextSize | null = null;
const listeners = new Set<() => void>();

/** The size as it is now. */
const textSize = (): TextSize => {
  size ??= stored();
  return size;
};

/** The size that a step leads to: the next one, or the same at either end. */
export const steppedSize = (from: TextSize, step: TextStep): TextSize => {
  if (step === 'reset') return 100;
  const at = TEXT_SIZES.indexOf(from) + (step === 'larger' ? 1 : -1);
  return TEXT_SIZES[at] ?? from;
};

const apply = (now: TextSize): void => {
  // Everything is in rem, lengths and breakpoints alike: the layout follows the text.
  document.documentElement.style.setProperty('--text-size', String(now / 100));
};

/** Makes the text of all screens larger or smaller, and remembers it for this person. */
export const stepTextSize = (step: TextStep): void => {
  size = steppedSize(textSize(), step);
  apply(size);
  try {
    sessionStorage.setItem(KEY, String(size));
  } catch {
    // A browser that keeps nothing: it lasts until the next reload.
  }
  for (const listener of listeners) listener();
};

/**
 * Lets the keys change the size, on every screen and in every field.
 * @returns how to end it.
 */
export const watchTextSizeKeys = (): (() => void) => {
  apply(textSize());
  const onKey = (event: KeyboardEvent): void => {
    const step = textStepOf({
      key: event.key,
      control: event.ctrlKey,
      alt: event.altKey,
      shift: event.shiftKey,
      meta: event.metaKey,
    });
    if (step === null) return;
    // The browser's own zoom would do it as well, for every page of this server.
    event.preventDefault();
    stepTextSize(step);
  };
  window.addEventListener('keydown', onKey, { capture: true });
  return () => window.removeEventListener('keydown', onKey, { capture: true });
};

/** The size, and a new rendering whenever it changes. */
export const useTextSize = (): TextSize =>
  useSyncExternalStore((changed) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  }, textSize);
