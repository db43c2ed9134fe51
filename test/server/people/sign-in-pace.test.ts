import { expect, test } from 'vitest';
import { signInPace } from '#server/people/sign-in-pace.ts';

const world = () => {
  let now = 0;
  const slept: number[] = [];
  const held: (() => void)[] = [];
  const pace = signInPace(
    () => now,
    async (ms) => {
      slept.push(ms);
      now += ms;
    },
  );
  const holding = signInPace(
    () => now,
    () => new Promise<void>((resolve) => held.push(resolve)),
  );
  return {
    pace,
    holding,
    held,
    slept,
    later: (ms: number) => {
      now += ms;
    },
  };
};

test('two hundred wrong passwords from two hundred places are slowed, and the right one comes in', async () => {
  const { pace, slept } = world();
  for (let i = 0; i < 200; i += 1) {
    expect(await pace.turn('rosa', `place-${i}`)).toBe(true);
    pace.ended('rosa', `place-${i}`, false);
  }
  expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(600_000);
  expect(Math.max(...slept)).toBe(5_000);
  expect(await pace.turn('rosa', 'office')).toBe(true);
  const before = slept.length;
  await pace.turn('luis', 'office');
  expect(slept).toHaveLength(before);
});

test('a few slips cost nothing, and are forgotten', async () => {
  const { pace, slept, later } = world();
  for (let i = 0; i < 5; i += 1) {
    await pace.turn('rosa', 'office');
    pace.ended('rosa', 'office', false);
  }
  expect(slept).toEqual([]);
  later(60_000);
  await pace.turn('rosa', 'office');
  expect(slept).toEqual([]);
});

test('who waits elsewhere keeps nobody from where the account signed in before', async () => {
  const { holding: pace, held } = world();
  pace.ended('rosa', 'office', true);
  for (let i = 0; i < 5; i += 1) pace.ended('rosa', 'elsewhere', false);
  const waiting = Array.from({ length: 8 }, () => pace.turn('rosa', 'elsewhere'));
  expect(await pace.turn('rosa', 'elsewhere')).toBe(false);
  const own = pace.turn('rosa', 'office');
  for (const release of held) release();
  expect(await own).toBe(true);
  expect(await Promise.all(waiting)).toEqual(Array(8).fill(true));
});
