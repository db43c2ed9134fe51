import { expect, test } from 'vitest';
import { signInPace } from '#server/people/sign-in-pace.ts';
import { ProblemError } from '#server/platform/http-problems.ts';

const world = () => {
  let now = 0;
  const slept: number[] = [];
  const held: (() => void)[] = [];
  let holds = false;
  const pace = signInPace({
    steady: () => now,
    sleep: (ms) => {
      slept.push(ms);
      if (holds) return new Promise<void>((resolve) => held.push(resolve));
      now += ms;
      return Promise.resolve();
    },
  });
  return {
    attempt: (name: string, place: string, ok: boolean) =>
      pace.paced(name, place, async () => ({ ok })),
    pace,
    slept,
    /** From now on who has to sleep does so until `wake`. */
    hold: () => {
      holds = true;
    },
    wake: () => {
      for (const go of held.splice(0)) go();
    },
    later: (ms: number) => {
      now += ms;
    },
  };
};

test('two hundred wrong passwords from two hundred places are slowed, and the right one comes in', async () => {
  const { attempt, slept } = world();
  for (let i = 0; i < 200; i += 1) await attempt('rosa', `place-${i}`, false);
  expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(600_000);
  expect(Math.max(...slept)).toBe(5_000);
  expect(await attempt('rosa', 'office', true)).toEqual({ ok: true });
  const before = slept.length;
  await attempt('luis', 'office', true);
  expect(slept).toHaveLength(before);
});

test('a few slips cost nothing, and are forgotten', async () => {
  const { attempt, slept, later } = world();
  for (let i = 0; i < 5; i += 1) await attempt('rosa', 'office', false);
  expect(slept).toEqual([]);
  later(60_000);
  await attempt('rosa', 'office', true);
  expect(slept).toEqual([]);
});

test('who waits elsewhere keeps nobody from where the account signed in before', async () => {
  const { attempt, pace, hold, wake } = world();
  await attempt('rosa', 'office', true);
  for (let i = 0; i < 5; i += 1) await attempt('rosa', 'elsewhere', false);
  hold();
  const waiting = Array.from({ length: 8 }, () => attempt('rosa', 'elsewhere', true));
  let tried = false;
  const refused = pace.paced('rosa', 'elsewhere', async () => {
    tried = true;
    return { ok: false };
  });
  await expect(refused).rejects.toThrow(ProblemError);
  await expect(refused).rejects.toMatchObject({
    problem: { code: 'rate-limited', retryAfterMs: 1_000 },
  });
  expect(tried).toBe(false);
  const own = attempt('rosa', 'office', true);
  wake();
  expect(await own).toEqual({ ok: true });
  expect(await Promise.all(waiting)).toEqual(Array(8).fill({ ok: true }));
});

test('what nobody judged slows nothing down', async () => {
  const { pace, attempt, slept } = world();
  for (let i = 0; i < 20; i += 1) {
    const failing = pace.paced('rosa', 'office', () => Promise.reject(new Error('planted')));
    await expect(failing).rejects.toThrow('planted');
  }
  await attempt('rosa', 'office', true);
  expect(slept).toEqual([]);
});
