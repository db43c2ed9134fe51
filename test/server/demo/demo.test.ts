import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Composed, compose } from '#server/compose.ts';
import { createDemo, renewDemoShifts } from '#server/demo/demo.ts';
import { demoShifts, seatMap } from '#server/demo/demo-plan.ts';
import { reissueAccessCodes } from '#server/exam/access-codes.ts';
import { importMarks } from '#server/platform/sql/0008-imports.ts';
import { systemRandom } from '#server/platform/system.ts';
import { SHIFT_MINUTES } from '#shared/exam/shift.ts';
import { wallTime } from '#shared/exam/venue-time.ts';
import { cedulaState } from '#shared/identity/cedula.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { ROLES } from '#shared/wire/roles.ts';
import { quickPasswords } from '#test/server/harness.ts';
import { NOW, testClock } from '#test/server/test-clock.ts';

let folder: string;
let composed: Composed;
let clock: ReturnType<typeof testClock>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-demo-'));
  clock = testClock();
  composed = await compose({
    dataFolder: folder,
    pagesFolder: null,
    logger: pino({ level: 'silent' }),
    clock,
    random: systemRandom,
    passwords: quickPasswords,
  });
});
afterEach(async () => {
  await composed.database.close();
  rmSync(folder, { recursive: true, force: true });
});

const all = (sql: string): unknown[] => composed.database.sqlite.prepare(sql).all();
const one = (sql: string): unknown => composed.database.sqlite.prepare(sql).pluck().get();

describe('the demo university', () => {
  const checks = (): unknown[] =>
    all(`SELECT DISTINCT room_id, identity_check, challenge FROM sessions ORDER BY 1`);

  test('checks by hand in the first room and by face in the second, and enrols for a month', async () => {
    await createDemo(composed.demo);
    const expected = [
      { room_id: 'room-1', identity_check: 'by-hand', challenge: 0 },
      { room_id: 'room-2', identity_check: 'face', challenge: 1 },
    ];
    expect(checks()).toEqual(expected);
    const month = 30 * 24 * 60 * MINUTE;
    const dates = () => all('SELECT venue_id, opens_at, closes_at FROM enrolment_windows');
    expect(dates()).toEqual([{ venue_id: null, opens_at: NOW, closes_at: NOW + month }]);
    // Tomorrow's shifts are like today's, and one may still enrol.
    clock.advance(24 * 60 * MINUTE);
    expect(await renewDemoShifts(composed.demo)).toBe(true);
    expect(checks()).toEqual(expected);
    expect(dates()).toEqual([{ venue_id: null, opens_at: NOW, closes_at: clock.now() + month }]);
  });

  test.each([
    [{ identityCheck: 'face' }, 'face', 1],
    [{ identityCheck: 'face', challenge: false }, 'face', 0],
    [{ identityCheck: 'by-hand' }, 'by-hand', 0],
  ] as const)('%j in every room, tomorrow too', async (options, identity_check, challenge) => {
    await createDemo(composed.demo, options);
    const expected = ['room-1', 'room-2'].map((room_id) => ({
      room_id,
      identity_check,
      challenge,
    }));
    expect(checks()).toEqual(expected);
    clock.advance(24 * 60 * MINUTE);
    await renewDemoShifts(composed.demo);
    expect(checks()).toEqual(expected);
  });

  test('a venue, two rooms, sixty examinees with seats, staff of every role', async () => {
    const credentials = await createDemo(composed.demo);
    expect(credentials?.examinees).toHaveLength(60);
    expect(new Set(credentials?.examinees.map(({ name }) => name)).size).toBe(60);
    expect(
      credentials?.examinees.filter(({ document }) => cedulaState(document) !== 'valid'),
    ).toEqual([]);
    expect([...new Set(credentials?.staff.map(({ role }) => role))].sort()).toEqual(
      [...ROLES].sort(),
    );
    expect(credentials?.enrolmentCodes.length).toBeGreaterThanOrEqual(4);
    expect([one('SELECT count(*) FROM venues'), one('SELECT count(*) FROM rooms')]).toEqual([1, 2]);
    expect(one('SELECT count(*) FROM attempts WHERE camera_exempt = 1')).toBe(
      one('SELECT count(DISTINCT starts_at) FROM sessions'),
    );
    expect(
      all(`SELECT x.accommodations, count(*) > 0 AS some FROM attempts x
        WHERE x.accommodations <> '[]' GROUP BY x.accommodations ORDER BY 1`),
    ).toEqual(
      ['camera-exempt', 'involuntary-movement', 'second-person'].map((code) => ({
        accommodations: `["${code}"]`,
        some: 1,
      })),
    );
    expect(all('SELECT question_count, duration_ms FROM exams')).toEqual([
      { question_count: 40, duration_ms: 60 * MINUTE },
    ]);
  });

  test('only on an empty database', async () => {
    expect(await createDemo(composed.demo)).not.toBeNull();
    expect(await createDemo(composed.demo)).toBeNull();
    expect(one('SELECT count(*) FROM venues')).toBe(1);
  });

  test('small and with shifts of its own, for tests', async () => {
    const credentials = await createDemo(composed.demo, { examinees: 2, shifts: [NOW] });
    expect(credentials?.examinees).toHaveLength(2);
    expect(all('SELECT DISTINCT starts_at FROM sessions')).toEqual([{ starts_at: NOW }]);
  });

  test('the next day there are new shifts, once', async () => {
    await createDemo(composed.demo, { examinees: 2 });
    expect(await renewDemoShifts(composed.demo)).toBe(false);
    clock.advance(24 * 60 * MINUTE);
    expect(await renewDemoShifts(composed.demo)).toBe(true);
    expect(await renewDemoShifts(composed.demo)).toBe(false);
    const open = composed.database.sqlite
      .prepare<[number, number], number>(
        'SELECT count(*) FROM sessions WHERE starts_at <= ? AND ends_at > ?',
      )
      .pluck()
      .get(clock.now(), clock.now());
    expect(open).toBe(2);
  });

  test('a database that is no demo gets no shifts', async () => {
    expect(await renewDemoShifts(composed.demo)).toBe(false);
  });

  test('nor one that was imported otherwise, whatever its exam is called', async () => {
    await createDemo(composed.demo, { examinees: 1, shifts: [NOW] });
    composed.database.sqlite.exec(
      "UPDATE meta SET key = 'imported:own' WHERE key LIKE 'imported:%'",
    );
    clock.advance(24 * 60 * MINUTE);
    expect(await renewDemoShifts(composed.demo)).toBe(false);
  });

  test('a demo of before imports were remembered goes on', async () => {
    await createDemo(composed.demo, { examinees: 1, shifts: [NOW] });
    composed.database.sqlite.exec("UPDATE meta SET key = 'demo' WHERE key = 'imported:demo'");
    await importMarks.up(composed.database.db);
    clock.advance(24 * 60 * MINUTE);
    expect(await renewDemoShifts(composed.demo)).toBe(true);
  });

  test('what staff changed in the last shift, the next ones keep', async () => {
    await createDemo(composed.demo, { examinees: 6, shifts: [NOW] });
    composed.database.sqlite.exec("UPDATE sessions SET identity_check = 'by-hand', challenge = 0");
    composed.database.sqlite.exec(
      "UPDATE attempts SET seat = 'C4' WHERE examinee_id = 'examinee-1'",
    );
    clock.advance(24 * 60 * MINUTE);
    await renewDemoShifts(composed.demo);
    expect(checks().map((row) => (row as { identity_check: string }).identity_check)).toEqual([
      'by-hand',
      'by-hand',
    ]);
    const kept = 'examinee_id, seat, extra_ms, accommodations';
    const rows = (shift: string) =>
      all(`SELECT ${kept} FROM attempts a JOIN sessions s ON s.id = a.session_id
        WHERE s.starts_at = (SELECT ${shift}(starts_at) FROM sessions) ORDER BY 1`);
    expect(rows('max')).toEqual(rows('min'));
    expect(rows('max')).toHaveLength(6);
  });

  test('each import and each list of codes is on record, or did not happen', async () => {
    await createDemo(composed.demo, { examinees: 2, shifts: [NOW] });
    await reissueAccessCodes(composed.deps);
    expect(all('SELECT actor, action, subject FROM audit ORDER BY id')).toEqual([
      { actor: 'server', action: 'university-imported', subject: 'demo' },
      { actor: 'server', action: 'access-codes-reissued', subject: 'all' },
    ]);
    composed.database.sqlite.exec(
      "CREATE TRIGGER no_entry BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    const before = all('SELECT * FROM examinees');
    await expect(reissueAccessCodes(composed.deps)).rejects.toThrow('full');
    expect(all('SELECT * FROM examinees')).toEqual(before);
    clock.advance(24 * 60 * MINUTE);
    await expect(renewDemoShifts(composed.demo)).rejects.toThrow('full');
    expect(one('SELECT count(DISTINCT starts_at) FROM sessions')).toBe(1);
  });

  test('codes can be made again', async () => {
    const first = await createDemo(composed.demo, { examinees: 3 });
    const list = await reissueAccessCodes(composed.deps);
    expect(list.map(({ document, seat }) => [document, seat])).toEqual(
      first?.examinees.map(({ document, seat }) => [document, seat]),
    );
    expect(list.map(({ accessCode }) => accessCode)).not.toEqual(
      first?.examinees.map(({ accessCode }) => accessCode),
    );
  });
});

describe('shifts', () => {
  test.each([
    ['in the morning', Date.UTC(2026, 10, 20, 13, 29, 59), '8:15', 10],
    ['on the quarter', Date.UTC(2026, 10, 20, 15, 0), '10:00', 8],
    ['in the evening', Date.UTC(2026, 10, 20, 24, 50), '19:45', 2],
    ['at night', Date.UTC(2026, 10, 20, 28, 59), '23:45', 2],
  ])('%s one is open at once', (_name, now, first, count) => {
    const starts = demoShifts(now, 'America/Guayaquil');
    const { hour, minute } = wallTime('America/Guayaquil', starts[0] ?? 0);
    expect(`${hour}:${String(minute).padStart(2, '0')}`).toBe(first);
    expect(starts).toHaveLength(count);
    expect(
      starts.every(
        (start, i) => i === 0 || start - (starts[i - 1] ?? 0) === SHIFT_MINUTES * MINUTE,
      ),
    ).toBe(true);
  });
});

test('a seat map leaves the aisle free', () => {
  const map = seatMap(2, 3, 1);
  expect(map.seats).toEqual([
    { label: 'A1', row: 0, column: 0 },
    { label: 'A2', row: 0, column: 2 },
    { label: 'B1', row: 1, column: 0 },
    { label: 'B2', row: 1, column: 2 },
  ]);
});
