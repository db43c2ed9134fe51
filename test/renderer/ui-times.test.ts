import { afterEach, describe, expect, test } from 'vitest';
import { dayOf, endOfDay, momentOf } from '#renderer/dashboard/shell/day.ts';
import {
  formatClock,
  formatDay,
  formatDayAndClock,
  formatMoment,
  showTimesOf,
  timesShown,
} from '#renderer/ui/time-format.ts';

const EVENING = Date.parse('2026-11-21T00:30:00Z');
afterEach(() => showTimesOf(undefined));

describe('hours are those of the venue, whatever the computer is set to', () => {
  test.each([
    ['America/Guayaquil', '19:30', 'viernes, 20 de noviembre', '2026-11-20'],
    ['Pacific/Galapagos', '18:30', 'viernes, 20 de noviembre', '2026-11-20'],
    ['UTC', '00:30', 'sábado, 21 de noviembre', '2026-11-21'],
    ['Asia/Kathmandu', '06:15', 'sábado, 21 de noviembre', '2026-11-21'],
  ])('%s', (zone, clock, day, field) => {
    showTimesOf(zone);
    expect(formatClock(EVENING, 'es')).toBe(clock);
    expect(formatDay(EVENING, 'es')).toBe(day);
    expect(formatMoment(EVENING, 'es')).toContain(clock);
    expect(formatDayAndClock(EVENING, 'en')).toContain(clock);
    expect(dayOf(EVENING)).toBe(field);
    // And what is typed is meant there.
    expect(momentOf(`${field}T${clock}`)).toBe(EVENING);
    expect(dayOf(endOfDay(field))).toBe(field);
    expect((endOfDay(field) ?? 0) > EVENING).toBe(true);
  });

  test('another venue beside it', () => {
    showTimesOf('America/Guayaquil');
    expect(formatClock(EVENING, 'es', false, 'Pacific/Galapagos')).toBe('18:30');
    expect(momentOf('2026-11-20T18:30', 'Pacific/Galapagos')).toBe(EVENING);
    expect(formatClock(EVENING, 'es')).toBe('19:30');
  });

  test('a zone that this browser does not know shows the computer’s own hours', () => {
    showTimesOf('America/Quito');
    expect(timesShown()).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(formatClock(EVENING, 'es', false, 'Atlantis/Capital')).toBe(formatClock(EVENING, 'es'));
    showTimesOf('Asia/Kathmandu');
    expect(formatClock(EVENING, 'es', false, 'Atlantis/Capital')).toBe('06:15');
  });

  test.each(['', '2026-11-31T10:00', '2026-11-20', '2026-11-20T24:00', 'hoy'])(
    '%j is no moment',
    (text) => expect(momentOf(text)).toBeNull(),
  );
});
