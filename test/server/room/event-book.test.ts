import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import { eventBook } from '#server/room/event-book.ts';
import { roomEventSums, shownEvents } from '#server/room/room-events.ts';
import { MAX_ROOM_EVENTS } from '#shared/wire/room-event-view.ts';
import { incidentOf, liveSeat } from '#test/server/room/live-seat.ts';

const seatsOf = (count: number): LiveAttempt[] =>
  Array.from({ length: count }, (_, seat) => liveSeat({ seat }));

/** What becomes of one seat. */
type Step = (seat: LiveAttempt) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      at: fc.nat(90_000),
      kind: fc.constantFrom('focus-lost', 'low-light', 'clipboard'),
      copyAttempt: fc.constantFrom(null, 1),
    })
    .map(
      (one): Step =>
        (seat) => {
          const incidents = [...seat.state.incidents, incidentOf(one)];
          Object.assign(seat, { state: { ...seat.state, incidents } });
        },
    ),
  fc.nat(90_000).map(
    (closedT): Step =>
      (seat) => {
        Object.assign(seat, { state: { ...seat.state, closedT } });
      },
  ),
  fc.constant((seat: LiveAttempt): void => {
    const incidents = seat.state.incidents.map((one) => ({
      ...one,
      dismissed: { by: 'Eva', reason: 'luz' },
    }));
    Object.assign(seat, { state: { ...seat.state, incidents } });
  }),
  fc.integer({ min: -60_000, max: 60_000 }).map(
    (by): Step =>
      (seat) => {
        Object.assign(seat, { wallOffset: (seat.wallOffset ?? 0) + by });
      },
  ),
  fc.constant((seat: LiveAttempt): void => {
    Object.assign(seat.presence, { link: null, heardAt: seat.wallOffset });
  }),
);

describe('the events of a room, looked for only where something was stated', () => {
  test('are those that somebody finds who looks at everything, after whatever happened', () => {
    const happens = fc.array(fc.tuple(fc.nat(5), step), { maxLength: 60 });
    fc.assert(
      fc.property(happens, (all) => {
        const seats = seatsOf(6);
        const shown = shownEvents();
        for (const seat of seats) shown.note(seat);
        for (const [i, happen] of all) {
          const seat = seats[i] as LiveAttempt;
          happen(seat);
          shown.note(seat);
          const before = shown.views();
          const fresh = shownEvents();
          for (const one of seats) fresh.note(one);
          expect(before).toEqual(fresh.views());
          // Nothing new is nothing to be told.
          shown.note(seat);
          expect(shown.views()).toBe(before);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('are not looked for where nothing of a room was stated', () => {
    const seats = seatsOf(4);
    const book = eventBook();
    const add = (seat: LiveAttempt, kind: string): void => {
      const incidents = [...seat.state.incidents, incidentOf({ at: 1_000, kind })];
      Object.assign(seat, { state: { ...seat.state, incidents } });
      book.note(seat);
    };
    for (const seat of seats) add(seat, 'focus-lost');
    const before = book.events();
    expect(before).toHaveLength(1);
    for (const seat of seats) add(seat, 'clipboard');
    expect(book.events()).toBe(before);
    // Of another kind: the first event stays the one that it was.
    for (const seat of seats) add(seat, 'low-light');
    expect(book.events()).toHaveLength(2);
    expect(book.events()).toContain(before[0]);
  });

  test('more than are shown can be decided, with more than is shown of each', () => {
    const seats = seatsOf(3);
    for (const seat of seats) {
      const often = Array.from({ length: MAX_ROOM_EVENTS + 5 }, (_, i) =>
        incidentOf({ at: i * 60_000, kind: 'focus-lost', copyAttempt: i + 1 }),
      );
      const many = Array.from({ length: 15 }, (_, i) =>
        incidentOf({ at: 10_000_000 + i * 100, kind: 'focus-lost', copyAttempt: 100 + i }),
      );
      Object.assign(seat, { state: { ...seat.state, incidents: [...often, ...many] } });
    }
    const shown = shownEvents();
    for (const seat of seats) shown.note(seat);
    expect(shown.views()).toHaveLength(MAX_ROOM_EVENTS);
    const sums = roomEventSums(seats);
    expect(sums).toHaveLength(MAX_ROOM_EVENTS + 6);
    expect([...(sums[0]?.attempts.values() ?? [])].map((of) => of.length)).toEqual([1, 1, 1]);
    expect([...(sums.at(-1)?.attempts.values() ?? [])].map((of) => of.length)).toEqual([
      15, 15, 15,
    ]);
  });
});

describe('whoever was there', () => {
  const stating = (...seats: LiveAttempt[]): LiveAttempt[] =>
    seats.map((seat) => {
      const incidents = [incidentOf({ at: 600_000, kind: 'focus-lost' })];
      return Object.assign(seat, { state: { ...seat.state, incidents } });
    });
  const presentOf = (seats: readonly LiveAttempt[]) =>
    roomEventSums(seats).map(({ event }) => [event.seats, event.present]);

  test.each<[string, (seat: number) => LiveAttempt, number]>([
    ['are there', (seat) => liveSeat({ seat }), 14],
    ['signed in and said nothing yet', (seat) => liveSeat({ seat, seq: 0, linked: true }), 14],
    ['never signed in', (seat) => liveSeat({ seat, seq: 0, device: false }), 3],
    ['had closed before', (seat) => liveSeat({ seat, closedT: 300_000 }), 3],
    ['closed by it', (seat) => liveSeat({ seat, closedT: 601_000 }), 14],
    ['died before', (seat) => liveSeat({ seat, linked: false, t: 300_000 }), 3],
    ['died later', (seat) => liveSeat({ seat, linked: false, t: 660_000 }), 14],
    ['were heard of later', (seat) => liveSeat({ seat, linked: false, heardT: 660_000 }), 14],
    ['staff had ended before', (seat) => liveSeat({ seat, endedT: 400_000, t: 660_000 }), 3],
    ['staff ended later', (seat) => liveSeat({ seat, endedT: 660_000, t: 660_000 }), 14],
  ])('eleven who %s', (_what, other, there) => {
    const three = stating(liveSeat({ seat: 0 }), liveSeat({ seat: 1 }), liveSeat({ seat: 2 }));
    const others = Array.from({ length: 11 }, (_, i) => other(i + 3));
    expect(presentOf([...three, ...others])).toEqual([[3, there]]);
  });

  test('is one, at the first machine and at the one that carries it on', () => {
    const first = liveSeat({ seat: 0, endedT: 500_000, t: 480_000, linked: false });
    const second = liveSeat({ seat: 0, machine: 2 });
    expect(presentOf(stating(first, second, liveSeat({ seat: 1 })))).toEqual([]);
    const all = stating(first, second, liveSeat({ seat: 1 }), liveSeat({ seat: 2 }));
    expect(presentOf(all)).toEqual([[3, 3]]);
  });
});
