import { type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react';

/** Longer than a double click and than a finger needs to leave a key, ms. */
const SETTLE_MS = 800;

/**
 * A button that only somebody presses who has seen it: not a key that is still held from the screen before, and not
 * the second click of a double click there.
 * @returns what the button gets; `disabled` for the first moment.
 */
export const useDeliberatePress = (press: () => void) => {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLE_MS);
    return () => clearTimeout(timer);
  }, []);
  return {
    disabled: !settled,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.repeat) event.preventDefault();
    },
    onClick: ({ detail }: MouseEvent) => {
      // 0 for a key, 1 for the first click of a row.
      if (settled && detail <= 1) press();
    },
  };
};
