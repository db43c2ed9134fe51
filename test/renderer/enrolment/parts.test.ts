import { describe, expect, test } from 'vitest';
import { dayOf, deletionOf, endOfDay } from '#renderer/dashboard/shell/day.ts';
import { toBase64 } from '#renderer/enrolment/base64.ts';
import { numberProblem } from '#renderer/enrolment/document-number.ts';
import { frameInVideo, headCut } from '#renderer/enrolment/picture-cut.ts';
import { takeCode } from '#renderer/ui/take-code.ts';
import { capture } from './captures.ts';

/** Shape of an identity card (ISO/IEC 7810 ID-1), width to height. */
const ID_1 = 85.6 / 53.98;

describe('a typed document number', () => {
  test.each([
    ['cedula', '', 'empty'],
    ['cedula', '   ', 'empty'],
    ['cedula', '171003406', 'digits'],
    ['cedula', '17100340655', 'digits'],
    ['cedula', 'AB12345678', 'digits'],
    ['cedula', '3015999993', 'check-digit'],
    ['cedula', '9915999992', 'check-digit'],
    ['cedula', '3015999992', null],
    ['cedula', '0961214434', null],
    ['cedula', ' 301599999-2 ', null],
    ['passport', '', 'empty'],
    ['passport', 'AB1', 'passport'],
    ['passport', 'ABCDEFGH', 'passport'],
    ['passport', 'a1234567', null],
  ] as const)('%s %j: %s', (kind, typed, problem) => {
    expect(numberProblem(kind, typed)).toBe(problem);
  });
});

describe('the frame over the video', () => {
  test('a video that is wider than its box loses its sides', () => {
    // 16:9 in a box of 4:3: scaled to the height, a sixth of the width is cut off on each side… of 1280, 160 px.
    const cut = frameInVideo(
      { x: 0, y: 0, width: 400, height: 300 },
      { width: 400, height: 300 },
      { width: 1_280, height: 720 },
    );
    expect(cut.x).toBeCloseTo(160);
    expect(cut).toMatchObject({ y: 0, width: 960, height: 720 });
  });

  test('keeps the proportions of a card', () => {
    const width = 340;
    const cut = frameInVideo(
      { x: 30, y: 40, width, height: width / ID_1 },
      { width: 400, height: 300 },
      { width: 640, height: 480 },
    );
    expect(cut.width / cut.height).toBeCloseTo(ID_1);
    expect(cut.x).toBeCloseTo(48);
  });
});

test('a portrait shows head and shoulders and stays inside the picture', () => {
  const { face } = capture(1);
  if (face === null) throw new Error('no face');
  const cut = headCut(face, 640, 480);
  expect(cut.x).toBeGreaterThanOrEqual(0);
  expect(cut.x + cut.width).toBeLessThanOrEqual(640);
  expect(cut.y + cut.height).toBeLessThanOrEqual(480);
  expect(cut.height).toBeGreaterThan(cut.width);
  const edge = headCut({ ...face, x: -0.05, y: 0.8 }, 640, 480);
  expect(edge.x).toBe(0);
  expect(edge.y + edge.height).toBeLessThanOrEqual(480);
});

test('base64 of many bytes is what everybody else makes of them', () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => i * 31);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});

describe('the code in the address', () => {
  const windowAt = (hash: string) => {
    const left: string[] = [];
    const window = {
      location: { hash, pathname: '/enrolment/', search: '' },
      history: { state: null, replaceState: (_: unknown, __: string, to: string) => left.push(to) },
    } as unknown as Window;
    return { window, left };
  };
  test('is taken out of it', () => {
    const { window, left } = windowAt('#code=K7QM-2XHD');
    expect(takeCode(window, 'code')).toBe('K7QM-2XHD');
    expect(left).toEqual(['/enrolment/']);
  });
  test('may be missing or empty', () => {
    expect(takeCode(windowAt('').window, 'code')).toBeNull();
    expect(takeCode(windowAt('#code=').window, 'code')).toBeNull();
  });
});

describe('the day on which claims closed', () => {
  test('ends with its last millisecond, and comes back as the same day', () => {
    const end = endOfDay('2026-11-30');
    expect(end).toBe(new Date(2026, 10, 30, 23, 59, 59, 999).getTime());
    expect(dayOf(end)).toBe('2026-11-30');
  });
  test.each(['', '2026-02-30', '2026-13-01', 'mañana', '30/11/2026'])('%j is no day', (text) => {
    expect(endOfDay(text)).toBeNull();
  });
  test('deletion comes so many days later', () => {
    expect(deletionOf(0, 180)).toBe(180 * 86_400_000);
  });
});
