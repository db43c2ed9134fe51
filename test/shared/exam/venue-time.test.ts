import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayIn, isTimeZone, momentIn, wallTime } from '#shared/exam/venue-time.ts';

const HOUR = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();
const moment = (zone: string, text: string): number => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number);
  return momentIn(zone, { year, month, day, hour, minute });
};

describe('a day at a venue', () => {
  test.each([
    // An evening session on the mainland: it is tomorrow by UTC already.
    [
      'America/Guayaquil',
      '2026-11-21T00:30:00Z',
      '2026-11-20T05:00:00Z',
      '2026-11-21T04:59:59.999Z',
    ],
    [
      'America/Guayaquil',
      '2026-11-20T05:00:00Z',
      '2026-11-20T05:00:00Z',
      '2026-11-21T04:59:59.999Z',
    ],
    [
      'America/Guayaquil',
      '2026-11-20T04:59:59.999Z',
      '2026-11-19T05:00:00Z',
      '2026-11-20T04:59:59.999Z',
    ],
    // An hour behind it.
    [
      'Pacific/Galapagos',
      '2026-11-21T05:30:00Z',
      '2026-11-20T06:00:00Z',
      '2026-11-21T05:59:59.999Z',
    ],
    ['UTC', '2026-11-20T23:59:59Z', '2026-11-20T00:00:00Z', '2026-11-20T23:59:59.999Z'],
    ['Asia/Kathmandu', '2026-11-20T18:20:00Z', '2026-11-20T18:15:00Z', '2026-11-21T18:14:59.999Z'],
    // 23 and 25 hours long.
    ['Europe/Madrid', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59.999Z'],
    ['Europe/Madrid', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59.999Z'],
    // Midnight is left out there, and is there twice.
    ['America/Havana', '2026-03-08T15:00:00Z', '2026-03-08T05:00:00Z', '2026-03-09T03:59:59.999Z'],
    ['America/Havana', '2026-11-01T15:00:00Z', '2026-11-01T04:00:00Z', '2026-11-02T04:59:59.999Z'],
  ])('%s at %s', (zone, at, from, to) => {
    const day = dayIn(zone, Date.parse(at));
    expect([iso(day.from), iso(day.to)]).toEqual([iso(Date.parse(from)), iso(Date.parse(to))]);
  });

  const ZONES = [
    'America/Guayaquil',
    'Pacific/Galapagos',
    'UTC',
    'Europe/Madrid',
    'Asia/Kathmandu',
    'America/Santiago',
    'Pacific/Apia',
  ];
  test('holds the moment, and its neighbours are other days', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
        (zone, at) => {
          const { from, to } = dayIn(zone, at);
          expect(from <= at && at <= to).toBe(true);
          expect([23, 24, 25]).toContain((to + 1 - from) / HOUR);
          expect(dayIn(zone, from)).toEqual({ from, to });
          expect(dayIn(zone, to)).toEqual({ from, to });
          expect(dayIn(zone, to + 1).from).toBe(to + 1);
          expect(wallTime(zone, from).day).toBe(wallTime(zone, at).day);
        },
      ),
    );
  });

  test('an hour on the wall is the moment that shows it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 }),
        (zone, minutes) => {
          const wall = wallTime(zone, minutes * 60_000);
          expect(wallTime(zone, momentIn(zone, wall))).toEqual(wall);
        },
      ),
    );
  });

  test.each([
    ['America/Guayaquil', '2026-11-20 19:30', '2026-11-21T00:30:00.000Z'],
    ['Pacific/Galapagos', '2026-11-20 19:30', '2026-11-21T01:30:00.000Z'],
    // Never shown: as long after the change.
    ['Europe/Madrid', '2026-03-29 02:30', '2026-03-29T01:30:00.000Z'],
    // Shown twice: the first.
    ['Europe/Madrid', '2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
    ['UTC', '2026-11-20 24:00', '2026-11-21T00:00:00.000Z'],
  ])('%s, %s', (zone, text, at) => expect(iso(moment(zone, text))).toBe(at));

  test.each([
    ['America/Guayaquil', true],
    ['UTC', true],
    ['America/Quito', false],
    ['', false],
    ['GMT+99', false],
  ])('%s is a zone: %s', (zone, known) => expect(isTimeZone(zone)).toBe(known));
});
