import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { Answer } from '#shared/wire/ask.ts';
import { useShell } from './shell-context.tsx';

export interface Asked<T> {
  /** The last good answer; null before the first. */
  readonly value: T | null;
  /** When it came, server time. */
  readonly at: EpochMs | null;
  readonly problem: Problem | null;
  readonly busy: boolean;
  /** Asks again. */
  readonly load: () => Promise<void>;
}

/** Asks the server when the screen opens and whenever `load` is called; an older answer stays until a newer one is there. */
export const useAnswer = <T>(ask: () => Answer<T>): Asked<T> => {
  const { clock } = useShell();
  const [state, setState] = useState<Omit<Asked<T>, 'load'>>({
    value: null,
    at: null,
    problem: null,
    busy: true,
  });
  const asking = useRef(ask);
  asking.current = ask;
  const turn = useRef(0);
  const load = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    setState((before) => ({ ...before, busy: true }));
    const answer = await asking.current();
    // A later question's answer counts, whichever comes first.
    if (mine !== turn.current) return;
    setState((before) =>
      answer.ok
        ? { value: answer.value, at: clock.now(), problem: null, busy: false }
        : { ...before, problem: answer.error, busy: false },
    );
  }, [clock]);
  useEffect(() => {
    void load();
    return () => {
      turn.current += 1;
    };
  }, [load]);
  return { ...state, load };
};
