import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wrongTries } from '#server/platform/wrong-tries.ts';
import { MINUTE } from '#shared/kernel/time.ts';

/** Tries that end when the test says so. */
const world = (max: number) => {
  let now = 1_000_000;
  const tries = wrongTries(max, () => now);
  const open: ((right: boolean | Error) => void)[] = [];
  const ended: ('right' | 'wrong' | 'refused' | 'failed')[] = [];
  /** At which names. */
  const wrong: (string | undefined)[] = [];
  let running = 0;
  let most = 0;
  const come = (key = 'room', name?: string): void => {
    tries
      .judged(
        key,
        () => {
          running += 1;
          most = Math.max(most, running);
          return new Promise<{ ok: boolean }>((resolve, reject) => {
            open.push((how) => {
              running -= 1;
              if (how === false) wrong.push(name);
              if (how instanceof Error) reject(how);
              else resolve({ ok: how });
            });
          });
        },
        name,
      )
      .then(
        ({ ok }) => ended.push(ok ? 'right' : 'wrong'),
        (error) => ended.push(error.message === 'planted' ? 'failed' : 'refused'),
      );
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 6; i += 1) await Promise.resolve();
  };
  const end = async (how: boolean | Error): Promise<void> => {
    open.shift()?.(how);
    await settle();
  };
  return {
    come,
    end,
    settle,
    ended,
    open,
    /** Wrong ones that count: of one name no more than a tenth. */
    counted: () =>
      [...Map.groupBy(wrong, (name) => name)].reduce((sum, [name, { length }]) => {
        return sum + (name === undefined ? length : Math.min(length, Math.ceil(max / 10)));
      }, 0),
    most: () => most,
    pass: (ms: number) => {
      now += ms;
    },
  };
};

describe('tries that may be wrong', () => {
  test('at once are never more than may be wrong: looking and counting are one step', async () => {
    const { come, end, settle, ended, open, most } = world(3);
    for (let i = 0; i < 10; i += 1) come();
    await settle();
    expect(open).toHaveLength(3);
    for (let i = 0; i < 3; i += 1) await end(false);
    expect(most()).toBe(3);
    expect(ended.filter((how) => how === 'wrong')).toHaveLength(3);
    expect(ended.filter((how) => how === 'refused')).toHaveLength(7);
  });

  test('that are right are all made, however many come at once', async () => {
    const { come, end, settle, ended, most } = world(3);
    for (let i = 0; i < 300; i += 1) come();
    await settle();
    for (let i = 0; i < 300; i += 1) await end(true);
    expect(ended).toEqual(Array(300).fill('right'));
    expect(most()).toBe(3);
  });

  test('at one name use up a tenth, however often they are wrong', async () => {
    const { come, end, settle, ended } = world(30);
    const wrong = async (count: number, name: (i: number) => string) => {
      for (let i = 0; i < count; i += 1) {
        come('room', name(i));
        await settle();
        await end(false);
      }
    };
    await wrong(200, () => 'ana');
    await wrong(26, (i) => `nobody-${i}`);
    expect(ended).toEqual(Array(226).fill('wrong'));
    come('room', 'rosa');
    await settle();
    await end(true);
    expect(ended.at(-1)).toBe('right');
  });

  test('that used all up leave one at a time to names that were not wrong, evenly', async () => {
    const { come, end, settle, ended, pass } = world(30);
    for (let i = 0; i < 31; i += 1) come('room', `nobody-${i}`);
    await settle();
    for (let i = 0; i < 30; i += 1) await end(false);
    expect(ended).toHaveLength(31);
    const tried = async (name: string, right: boolean) => {
      come('room', name);
      await settle();
      await end(right);
      return ended.at(-1);
    };
    expect(await tried('rosa', true)).toBe('refused');
    pass(MINUTE / 3);
    expect(await tried('nobody-1', true)).toBe('refused');
    expect(await tried('rosa', true)).toBe('right');
    expect(await tried('ana', true)).toBe('refused');
    pass(MINUTE / 3);
    expect(await tried('ana', false)).toBe('wrong');
    pass(MINUTE / 3);
    expect(await tried('nobody-1', true)).toBe('right');
  });

  test('that are wrong and not counted make room for who waits', async () => {
    const { come, end, settle, ended, open } = world(30);
    // Three of one name are counted, and no more of it; the others are under way still.
    for (let i = 0; i < 30; i += 1) come('room', 'ana');
    come('room', 'rosa');
    come('room', 'luis');
    await settle();
    for (let i = 0; i < 3; i += 1) await end(false);
    expect([ended.length, open.length]).toEqual([3, 27]);
    await end(false);
    expect([ended.length, open.length]).toEqual([4, 27]);
    await end(false);
    expect([ended.length, open.length]).toEqual([5, 27]);
    open.pop()?.(true);
    open.pop()?.(true);
    await settle();
    expect(ended).toEqual([...Array(5).fill('wrong'), 'right', 'right']);
  });

  test('that wait when their minute is over wait for the next one’s places', async () => {
    const { come, end, settle, ended, open, pass } = world(1);
    come();
    come();
    await settle();
    pass(MINUTE);
    come();
    await settle();
    expect(open).toHaveLength(2);
    open.pop()?.(true);
    await settle();
    expect([ended, open.length]).toEqual([['right'], 2]);
    await end(true);
    await end(true);
    expect(ended).toEqual(['right', 'right', 'right']);
  });

  test('are apart for each key, and begin anew after a minute', async () => {
    const { come, end, settle, ended, open, pass } = world(1);
    come('a');
    await settle();
    await end(false);
    come('a');
    come('b');
    await settle();
    expect([ended, open.length]).toEqual([['wrong', 'refused'], 1]);
    await end(true);
    pass(MINUTE);
    come('a');
    await settle();
    await end(true);
    expect(ended).toEqual(['wrong', 'refused', 'right', 'right']);
  });

  test('a right one of the minute before takes no wrong one of this minute back', async () => {
    const { come, end, settle, ended, pass, open } = world(2);
    come();
    await settle();
    pass(MINUTE);
    come();
    come();
    await settle();
    const [slow, ...rest] = open.splice(0);
    open.push(...rest);
    await end(false);
    await end(false);
    slow?.(true);
    await settle();
    come();
    await settle();
    expect(ended).toEqual(['wrong', 'wrong', 'right', 'refused']);
  });

  test('one that fails for another reason is nobody’s wrong try', async () => {
    const { come, end, settle, ended } = world(1);
    for (let i = 0; i < 3; i += 1) come();
    await settle();
    for (let i = 0; i < 3; i += 1) await end(new Error('planted'));
    come();
    await settle();
    await end(true);
    expect(ended).toEqual(['failed', 'failed', 'failed', 'right']);
  });

  test('one that fails for another reason takes nothing of the reserve', async () => {
    const { come, end, settle, ended, pass } = world(30);
    for (let i = 0; i < 30; i += 1) come('room', `nobody-${i}`);
    await settle();
    for (let i = 0; i < 30; i += 1) await end(false);
    const tried = async (how: boolean | Error) => {
      come('room', 'rosa');
      await settle();
      await end(how);
      return ended.at(-1);
    };
    expect(await tried(true)).toBe('refused');
    pass(MINUTE / 3);
    expect(await tried(new Error('planted'))).toBe('failed');
    expect(await tried(true)).toBe('right');
    expect(await tried(true)).toBe('refused');
  });

  test('too many cannot wait', async () => {
    const { come, settle, ended } = world(1);
    for (let i = 0; i < 1_005; i += 1) come();
    await settle();
    expect(ended).toEqual(Array(4).fill('refused'));
  });

  test('whatever comes and ends in whatever order: never more wrong ones in a minute than may be, and nobody waits while there is room', () => {
    const step = fc.oneof(
      {
        weight: 2,
        arbitrary: fc.record({
          name: fc.constantFrom(undefined, 'ana', 'luis'),
          times: fc.integer({ min: 1, max: 4 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom('right' as const, 'wrong' as const, 'fail' as const),
      },
    );
    return fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(step, { maxLength: 80 }),
        async (max, steps) => {
          const { come, end, settle, ended, open, counted, most } = world(max);
          let came = 0;
          for (const one of steps) {
            if (typeof one === 'object') {
              for (let i = 0; i < one.times; i += 1) come('room', one.name);
              came += one.times;
              await settle();
            } else await end(one === 'fail' ? new Error('planted') : one === 'right');
            expect(counted()).toBeLessThanOrEqual(max);
            const waiting = came - ended.length - open.length;
            if (waiting > 0) expect(counted() + open.length).toBe(max);
          }
          while (open.length > 0) await end(true);
          expect(ended).toHaveLength(came);
          expect(most()).toBeLessThanOrEqual(max);
        },
      ),
      { numRuns: 200 },
    );
  });
});
