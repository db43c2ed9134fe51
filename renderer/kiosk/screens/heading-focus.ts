import { type RefObject, useEffect, useRef } from 'react';

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
    heading.current?.focus({ preventScroll: true });
  }, [part]);
  return heading;
};

/** Puts the cursor into a form's first field when the form appears. */
export const useFieldFocus = (): RefObject<HTMLInputElement | null> => {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
  }, []);
  return field;
};
