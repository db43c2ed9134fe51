import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAbsence } from '#renderer/adapters/web-sensors/absence.ts';
import { createStandstill } from '#renderer/adapters/web-sensors/standstill.ts';

const LOOK_MS = 500;

/** What a page says of an absence, on one line each. */
const watched = (monotonicSleeps: boolean) => {
  let now = 50_000;
  let wall = 1_800_000_000_000;
  let away = false;
  let hidden = false;
  const standstill = createStandstill({ now: () => now, wall: () => wall }, () => hidden);
  const absence = createAbsence();
  const said: string[] = [];
  const stopped: { readonly forMs: number; readonly awayMs: number | null }[] = [];
  const look = (): void => {
    const forMs = standstill.beat();
    if (forMs > 0) stopped.push({ forMs, awayMs: absence.stoodStill(now, forMs) });
    for (const one of absence.look(away, now))
      said.push(`${one.away ? 'away' : 'back'} ${Math.round(one.ageMs / 100) / 10}`);
  };
  const pass = (ms: number, stepMs = LOOK_MS): void => {
    for (let left = ms; left > 0; left -= stepMs) {
      const step = Math.min(stepMs, left);
      now += step;
      wall += step;
      look();
    }
  };
  return {
    said,
    stopped,
    pass,
    leave: (outOfSight = true) => {
      away = true;
      hidden = outOfSight;
      look();
    },
    comeBack: () => {
      away = false;
      hidden = false;
      look();
    },
    /** The machine sleeps: the page is not run, and its monotonic clock may stand still. */
    sleep: (ms: number) => {
      wall += ms;
      if (!monotonicSleeps) now += ms;
    },
    /** The whole page waits for the processor. */
    stall: (ms: number) => {
      wall += ms;
      now += ms;
    },
    setClock: (ms: number) => {
      wall += ms;
    },
    close: () => {
      for (const one of absence.end(now)) said.push(`away ${one.ageMs / 1_000}`);
    },
  };
};

describe.each([
  ['a monotonic clock that sleeps too (Linux, macOS, ChromeOS)', true],
  ['a monotonic clock that goes on (Windows)', false],
])('with %s', (_, monotonicSleeps) => {
  test.each([0, 700, 2_000, 5_000])(
    'a lid that closes takes the page away, sleeps %d ms later and shows a lock screen: no absence',
    (ms) => {
      const page = watched(monotonicSleeps);
      page.pass(20_000);
      page.leave();
      page.pass(ms);
      page.sleep(600_000);
      page.pass(9_000);
      page.comeBack();
      page.pass(20_000);
      expect(page.said).toEqual([]);
      expect(page.stopped).toHaveLength(1);
      expect(page.stopped[0]?.awayMs).toBeLessThanOrEqual(ms + LOOK_MS);
    },
  );

  test('a lock screen that shows up after waking is the sleep’s', () => {
    const page = watched(monotonicSleeps);
    page.sleep(60_000);
    page.pass(1_000);
    page.leave();
    page.pass(8_000);
    page.comeBack();
    expect(page.said).toEqual([]);
  });

  test('whoever stays away after the machine woke has left, from ten seconds on', () => {
    const page = watched(monotonicSleeps);
    page.leave();
    page.pass(1_000);
    page.sleep(60_000);
    page.pass(12_000);
    expect(page.said).toEqual(['away 0']);
    page.comeBack();
    expect(page.said).toEqual(['away 0', 'back 0']);
  });

  test('who had left before is not let off by a sleep', () => {
    const page = watched(monotonicSleeps);
    page.leave();
    page.pass(7_000);
    page.sleep(60_000);
    page.pass(2_000);
    page.comeBack();
    expect(page.said).toEqual(['away 6', 'back 0']);
    expect(page.stopped).toMatchObject([{ awayMs: null }]);
  });
});

describe('a page', () => {
  test.each([
    ['told when nothing has explained it', 9_000, ['away 6', 'back 0']],
    ['told at the return, as long as it was', 3_000, ['away 3', 'back 0']],
    ['however short', 100, ['away 0.1', 'back 0']],
  ])('that is left is %s', (_, ms, said) => {
    const page = watched(false);
    page.pass(20_000);
    page.leave(false);
    page.pass(ms, Math.min(ms, LOOK_MS));
    page.comeBack();
    expect(page.said).toEqual(said);
    expect(page.stopped).toEqual([]);
  });

  test('that is closed while away says so', () => {
    const page = watched(false);
    page.leave();
    page.pass(2_000);
    page.close();
    page.close();
    expect(page.said).toEqual(['away 2']);
  });

  test('that a busy machine did not run for long is for people: nobody can tell it from a sleep', () => {
    const page = watched(false);
    page.leave();
    page.pass(1_000);
    page.stall(8_000);
    page.pass(2_000);
    page.comeBack();
    expect(page.said).toEqual([]);
    expect(page.stopped).toMatchObject([{ awayMs: expect.closeTo(1_000, -3) }]);
  });

  test.each([
    ['stalls of some seconds', (page: ReturnType<typeof watched>) => page.stall(4_000)],
    ['a clock that is set back', (page: ReturnType<typeof watched>) => page.setClock(-3_600_000)],
    ['a clock that is corrected', (page: ReturnType<typeof watched>) => page.setClock(1_500)],
  ])('is not let off by %s', (_, happen) => {
    const page = watched(false);
    page.leave();
    page.pass(1_000);
    happen(page);
    page.pass(8_000);
    expect(page.said).toHaveLength(1);
  });

  test('that browsers let run once a minute out of sight has not stood still', () => {
    const page = watched(false);
    page.leave();
    page.pass(300_000, 1_000);
    page.pass(1_800_000, 60_000);
    expect(page.stopped).toEqual([]);
    page.comeBack();
    expect(page.said).toEqual(['away 6', 'back 0']);
  });

  test('tells every absence once and to the end, whatever their lengths, when the machine runs', () => {
    const turn = fc.tuple(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 1, max: 30_000 }));
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 20 }), (turns) => {
        const page = watched(false);
        for (const [here, gone] of turns) {
          page.pass(here);
          page.leave();
          page.pass(gone);
          page.comeBack();
        }
        expect(page.said.map((one) => one.split(' ')[0])).toEqual(
          turns.flatMap(() => ['away', 'back']),
        );
      }),
      { numRuns: 50 },
    );
  });
});
