import { useEffect, useState } from 'react';

/**
 * The device's wall clock, refreshed on each full step.
 * @param stepMs how often, ms; 1,000 for clocks, less for short countdowns.
 */
export const useNow = (stepMs = 1_000): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      setNow(Date.now());
      timer = setTimeout(tick, stepMs - (Date.now() % stepMs));
    };
    timer = setTimeout(tick, stepMs - (Date.now() % stepMs));
    return () => clearTimeout(timer);
  }, [stepMs]);
  return now;
};
