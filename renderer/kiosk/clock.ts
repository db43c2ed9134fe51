import { useEffect, useReducer } from 'react';

/**
 * The device's wall clock; draws anew on each full step.
 * @param stepMs how often, ms; 1,000 for clocks, less for short countdowns.
 */
export const useNow = (stepMs = 1_000): number => {
  const [, draw] = useReducer((ticks: number) => ticks + 1, 0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      draw();
      timer = setTimeout(tick, stepMs - (Date.now() % stepMs));
    };
    timer = setTimeout(tick, stepMs - (Date.now() % stepMs));
    return () => clearTimeout(timer);
  }, [stepMs]);
  // Read now and not at the last step: what is drawn for another reason must not show an older time.
  return Date.now();
};
