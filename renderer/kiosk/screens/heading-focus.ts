import { type RefObject, useEffect, useRef } from 'react';

/**
 * Moves the focus to the screen's heading when the screen appears, so that a screen reader says where
 * the person is and Tab goes on from there.
 */
export const useHeadingFocus = (key: string): RefObject<HTMLHeadingElement | null> => {
  const heading = useRef<HTMLHeadingElement>(null);
  const last = useRef<string | null>(null);
  useEffect(() => {
    // A change of language renames the screen; the person stays where they are.
    if (last.current !== null) return;
    last.current = key;
    heading.current?.focus({ preventScroll: true });
  }, [key]);
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
