import { type RefObject, useEffect, useRef } from 'react';

const underDialog = (): boolean => document.querySelector('[role="dialog"]') !== null;

/**
 * Moves the focus there; while a dialog is open only once it has closed. A screen that changes behind a dialog must not
 * take the keys out of it: Enter would do nothing, and Tab would go to buttons that nobody sees.
 * @returns how to stop waiting.
 */
const focusOnceFree = (element: HTMLElement | null): (() => void) => {
  const focus = (): void => element?.focus({ preventScroll: true });
  if (!underDialog()) {
    focus();
    return () => {};
  }
  const watch = new MutationObserver(() => {
    if (underDialog()) return;
    watch.disconnect();
    focus();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  return () => watch.disconnect();
};

/**
 * Moves the focus to the screen's heading when the screen appears, so that a screen reader says where
 * the person is and Tab goes on from there.
 * @param part which part of the screen is shown: another one is another screen to the person, a title in another
 *   language is not.
 */
export const useHeadingFocus = (part: string): RefObject<HTMLHeadingElement | null> => {
  const heading = useRef<HTMLHeadingElement>(null);
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (last.current === part) return;
    last.current = part;
    return focusOnceFree(heading.current);
  }, [part]);
  return heading;
};

/** Puts the cursor into a form's first field when the form appears. */
export const useFieldFocus = (): RefObject<HTMLInputElement | null> => {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => focusOnceFree(field.current), []);
  return field;
};
