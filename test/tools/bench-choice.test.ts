import { describe, expect, test } from 'vitest';
import { chooseBenches, verdictOf } from '#test/bench/bench-choice.ts';

const ALL = ['ingest.bench.ts', 'vision-load.bench.ts', 'vision.bench.ts'];

describe('what `npm run bench` measures', () => {
  test.each([
    [[], ALL],
    [['ingest'], ['ingest.bench.ts']],
    [['vision'], ['vision-load.bench.ts', 'vision.bench.ts']],
    [
      ['vision.', 'ing'],
      ['ingest.bench.ts', 'vision.bench.ts'],
    ],
  ])('%j', (words, files) => {
    expect(chooseBenches(words, ALL)).toEqual({ files, fault: null, help: false });
  });

  test.each([
    [['word'], 'No hay nada que medir con el nombre «word».'],
    [['ingest', 'word'], '«word»'],
    [[''].concat('--bogus'), 'No existe la opción --bogus.'],
  ])('%j measures nothing and says so', (words, sentence) => {
    const { files, fault, help } = chooseBenches(words, ALL);
    expect(files).toEqual([]);
    expect(fault).toContain(sentence);
    expect(help).toBe(false);
  });

  test('help is no fault', () => {
    expect(chooseBenches(['--help'], ALL)).toMatchObject({ files: [], help: true });
  });
});

test.each([
  [{ goals: 3, missed: 0, failed: 0 }, 'all goals reached'],
  [{ goals: 3, missed: 1, failed: 0 }, '1 of 3 goals missed'],
  [{ goals: 3, missed: 0, failed: 1 }, '3 goals reached, 1 benches not measured'],
  [{ goals: 0, missed: 0, failed: 1 }, '0 goals reached, 1 benches not measured'],
  [{ goals: 2, missed: 1, failed: 1 }, '1 of 2 goals missed, 1 benches not measured'],
  [{ goals: 0, missed: 0, failed: 0 }, 'measured, without a goal'],
])('%j: %s', (counts, line) => expect(verdictOf(counts)).toBe(line));
