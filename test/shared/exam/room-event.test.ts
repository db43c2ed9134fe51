import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type RoomEvent,
  roomEvents,
  type SeatPresence,
  type SeatStatement,
  seatsNeeded,
} from '#shared/exam/room-event.ts';
import { DEFAULT_POLICY, ROOM_EVENT_LONGEST_MS } from '#shared/incident/catalogue.ts';
import { INCIDENT_KINDS, type KindName } from '#shared/incident/kind.ts';
import type { RoomEventRule } from '#shared/incident/policy.ts';
import { isRoomKind, ROOM_KINDS, roomEventRule } from '#shared/incident/room-kinds.ts';
import type { AttemptId, ExamineeId, IncidentId } from '#shared/kernel/ids.ts';

const RULE = DEFAULT_POLICY.roomEvent;
const AT = Date.UTC(2026, 10, 20, 15, 15);

const stated = (seat: number, atMs: number, kind: KindName = 'focus-lost'): SeatStatement => ({
  person: `examinee-${seat}` as ExamineeId,
  attemptId: `attempt-${seat}` as AttemptId,
  incidentId: `${kind}-${atMs}` as IncidentId,
  kind,
  at: AT + atMs,
});
const sitting = (count: number, change: Partial<SeatPresence> = {}): readonly SeatPresence[] =>
  Array.from({ length: count }, (_, seat) => ({
    person: `examinee-${seat}` as ExamineeId,
    from: AT - 60_000,
    to: null,
    ...change,
  }));

describe('how many it takes', () => {
  test.each([
    [0, 3],
    [1, 3],
    [14, 3],
    [15, 3],
    [16, 4],
    [30, 6],
    [31, 7],
    [60, 12],
  ])('of %i who are there, %i', (present, needed) => {
    expect(seatsNeeded(RULE, present)).toBe(needed);
  });

  test.each<[string, number, readonly SeatStatement[], number]>([
    ['three of five at once', 5, [0, 1, 2].map((seat) => stated(seat, seat * 100)), 1],
    ['two of five', 5, [0, 1].map((seat) => stated(seat, 0)), 0],
    ['three of thirty', 30, [0, 1, 2].map((seat) => stated(seat, 0)), 0],
    ['six of thirty', 30, [0, 1, 2, 3, 4, 5].map((seat) => stated(seat, 0)), 1],
    [
      'three, the last just within the window',
      5,
      [stated(0, 0), stated(1, 4), stated(2, RULE.windowMs)],
      1,
    ],
    [
      'three, the last just after it',
      5,
      [stated(0, 0), stated(1, 4), stated(2, RULE.windowMs + 1)],
      0,
    ],
    [
      'three of different kinds',
      5,
      [stated(0, 0), stated(1, 0, 'low-light'), stated(2, 0, 'no-face')],
      0,
    ],
    ['one, thirty times', 5, Array.from({ length: 30 }, (_, i) => stated(0, i * 100)), 0],
    ['two who take turns', 5, Array.from({ length: 30 }, (_, i) => stated(i % 2, i * 100)), 0],
    [
      'two events an hour apart',
      5,
      [0, 3_600_000].flatMap((ms) => [0, 1, 2].map((seat) => stated(seat, ms))),
      2,
    ],
    [
      'a row after the other, as somebody walks by',
      5,
      [0, 1, 2, 3, 4].map((seat) => stated(seat, seat * 4_000)),
      1,
    ],
    [
      'a kind that is no matter of a room',
      5,
      [0, 1, 2].map((seat) => stated(seat, 0, 'clipboard')),
      0,
    ],
    ['a kind of a later version', 5, [0, 1, 2].map((seat) => stated(seat, 0, 'later-kind')), 0],
  ])('%s', (_what, present, statements, events) => {
    expect(roomEvents(statements, sitting(present), RULE)).toHaveLength(events);
  });

  test('who left before and who came after are no part of the room', () => {
    const statements = [0, 1, 2].map((seat) => stated(seat, 0));
    const gone = sitting(40, { to: AT - 1_000 }).slice(3);
    const later = sitting(80, { from: AT + 60_000 }).slice(40);
    const events = roomEvents(statements, [...sitting(3), ...gone, ...later], RULE);
    expect(events.map(({ present }) => present)).toEqual([3]);
    // Whom the event itself closed was there when it began.
    const closedByIt = sitting(40, { to: AT + 9_000 }).slice(3);
    expect(roomEvents(statements, [...sitting(3), ...closedByIt], RULE)).toEqual([]);
    // Of whom nothing came yet nobody knows that they were not there.
    const unheard = sitting(40, { from: null }).slice(3);
    expect(roomEvents(statements, [...sitting(3), ...unheard], RULE)).toEqual([]);
  });

  test('who was carried on to another machine is one seat, on both of them', () => {
    const elsewhere = (one: SeatStatement): SeatStatement => ({
      ...one,
      attemptId: `${one.attemptId}-second` as AttemptId,
    });
    const two = [stated(0, 0), elsewhere(stated(0, 2_000)), stated(1, 3_000)];
    expect(roomEvents(two, sitting(5), RULE)).toEqual([]);
    const three = [...two, stated(2, 4_000)];
    // Fourteen were let go and sit at another machine: fourteen people, of whom three are enough.
    const first = sitting(14, { to: AT - 30_000 });
    const second = sitting(14, { from: AT - 20_000 });
    const events = roomEvents(three, [...first, ...second], RULE);
    expect(events.map(({ seats, present }) => [seats, present])).toEqual([[3, 14]]);
    expect(events[0]?.statements).toHaveLength(4);
  });

  test.each<[string, Partial<SeatPresence>, number]>([
    ['were there all the time', {}, 40],
    ['came in the last moment of it', { from: AT + 4_000 }, 40],
    ['came after it', { from: AT + 30_000 }, 3],
    ['were last heard of in its first moment', { to: AT }, 40],
    ['were last heard of just before it', { to: AT - 1 }, 3],
    ['never said anything', { from: null }, 40],
    ['never said anything and were gone', { from: null, to: AT - 1 }, 3],
  ])('thirty-seven who %s', (_what, change, there) => {
    const statements = [0, 1, 2].map((seat) => stated(seat, seat * 2_000));
    const all = [...sitting(3), ...sitting(40, change).slice(3)];
    const wide: RoomEventRule = { ...RULE, oneIn: 900 };
    expect(roomEvents(statements, all, wide).map(({ present }) => present)).toEqual([there]);
    expect(roomEvents(statements, all, RULE)).toHaveLength(there === 3 ? 1 : 0);
  });

  test('a chain of acts one after the other is no event without an end', () => {
    // Ten minutes in which somebody looks away every two seconds, twelve people in turns.
    const chain = Array.from({ length: 300 }, (_, i) => stated(i % 12, i * 2_000));
    const events = roomEvents(chain, sitting(12), RULE);
    expect(events.length).toBeGreaterThan(15);
    for (const { startedAt, endedAt } of events)
      expect(endedAt - startedAt).toBeLessThanOrEqual(ROOM_EVENT_LONGEST_MS);
    // And each statement that has enough others beside is in one of them.
    expect(events.flatMap(({ statements }) => statements)).toHaveLength(300);
  });

  test("the exam's own rule, or none", () => {
    const statements = [0, 1].map((seat) => stated(seat, seat * 20_000));
    const wide: RoomEventRule = { seats: 2, oneIn: 900, windowMs: 30_000 };
    expect(roomEvents(statements, sitting(60), wide)).toHaveLength(1);
    expect(roomEvents(statements, sitting(2), null)).toEqual([]);
    expect(roomEventRule({})).toEqual(RULE);
    expect(roomEventRule({ roomEvent: null })).toBeNull();
    expect(roomEventRule({ roomEvent: wide })).toEqual(wide);
  });
});

describe('kinds', () => {
  test('each kind of the catalogue is decided, with a reason', () => {
    expect(Object.keys(ROOM_KINDS).toSorted()).toEqual([...INCIDENT_KINDS].toSorted());
    for (const { reason } of Object.values(ROOM_KINDS)) expect(reason.length).toBeGreaterThan(10);
  });

  test('what several agree on, or each decides, is never one', () => {
    for (const kind of [
      'clipboard',
      'screenshot',
      'print',
      'outside-input',
      'remote-session',
      'second-session',
      'prohibited-object',
      'identity-mismatch',
      'manual',
    ] as const)
      expect(isRoomKind(kind), kind).toBe(false);
  });

  test('power, light, network, a notice of the system, and somebody who enters are', () => {
    for (const kind of [
      'power',
      'low-light',
      'connectivity-lost',
      'focus-lost',
      'several-faces',
      'turned-away',
    ] as const)
      expect(isRoomKind(kind), kind).toBe(true);
  });
});

const KINDS = ['focus-lost', 'low-light', 'clipboard'] as const;
const anyStatement = (most: number) =>
  fc
    .record({
      seat: fc.nat(7),
      atMs: fc.nat(most),
      kind: fc.constantFrom(...KINDS),
    })
    .map(({ seat, atMs, kind }) => stated(seat, atMs, kind));
const statementsWithin = (most: number) =>
  fc.uniqueArray(anyStatement(most), {
    maxLength: 40,
    selector: ({ attemptId, incidentId }) => `${attemptId}/${incidentId}`,
  });
const anyStatements = fc.oneof(statementsWithin(20_000), statementsWithin(120_000));
/** What no end of an event can part. */
const ofOneCause = statementsWithin(ROOM_EVENT_LONGEST_MS);

describe('for any room', () => {
  test('the order of arrival does not matter', () => {
    fc.assert(
      fc.property(
        anyStatements.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        fc.integer({ min: 8, max: 30 }),
        ([all, shuffled], present) => {
          expect(roomEvents(shuffled, sitting(present), RULE)).toEqual(
            roomEvents(all, sitting(present), RULE),
          );
        },
      ),
    );
  });

  test('who was off line joins: what arrives later takes nobody out', () => {
    fc.assert(
      fc.property(ofOneCause, ofOneCause, (early, late) => {
        const known = new Set(early.map((one) => `${one.attemptId}/${one.incidentId}`));
        const all = [
          ...early,
          ...late.filter((one) => !known.has(`${one.attemptId}/${one.incidentId}`)),
        ];
        const before = roomEvents(early, sitting(8), RULE);
        const after = roomEvents(all, sitting(8), RULE);
        for (const event of before) {
          const holds = after.filter(
            ({ kind, statements }) =>
              kind === event.kind && event.statements.every((one) => statements.includes(one)),
          );
          expect(holds).toHaveLength(1);
        }
      }),
    );
  });

  test('each has enough different seats within one window, of one kind, and no statement is in two', () => {
    fc.assert(
      fc.property(anyStatements, fc.integer({ min: 1, max: 30 }), (all, present) => {
        const events = roomEvents(all, sitting(present), RULE);
        const needed = seatsNeeded(RULE, present);
        for (const { kind, seats, statements, startedAt, endedAt } of events) {
          expect(new Set(statements.map((one) => one.attemptId)).size).toBe(seats);
          expect(seats).toBeGreaterThanOrEqual(needed);
          expect(statements.every((one) => one.kind === kind)).toBe(true);
          expect(endedAt - startedAt).toBeLessThanOrEqual(ROOM_EVENT_LONGEST_MS);
          expect([startedAt, endedAt]).toEqual([statements[0]?.at, statements.at(-1)?.at]);
          // Everybody in it lies in some window that is full enough.
          for (const one of statements) {
            const full = statements.some((begin) => {
              const within = statements.filter(
                ({ at }) => at >= begin.at && at <= begin.at + RULE.windowMs,
              );
              return within.includes(one) && new Set(within.map((w) => w.attemptId)).size >= needed;
            });
            expect(full).toBe(true);
          }
        }
        const named = events.flatMap(({ statements }) => statements);
        expect(new Set(named).size).toBe(named.length);
      }),
    );
  });

  test('nobody is left out: whoever has enough others beside is in one', () => {
    fc.assert(
      fc.property(ofOneCause, (all) => {
        const named = new Set(
          roomEvents(all, sitting(8), RULE).flatMap(({ statements }) => statements),
        );
        for (const begin of all.filter(({ kind }) => kind !== 'clipboard')) {
          const within = all.filter(
            ({ kind, at }) =>
              kind === begin.kind && at >= begin.at && at <= begin.at + RULE.windowMs,
          );
          if (new Set(within.map((one) => one.attemptId)).size < 3) continue;
          for (const one of within) expect(named.has(one)).toBe(true);
        }
      }),
    );
  });

  test('each is one seat, on however many machines they state it and were there', () => {
    fc.assert(
      fc.property(anyStatements, fc.array(fc.nat(7)), (all, carried) => {
        const moved = new Set(carried.map((seat) => `examinee-${seat}`));
        const elsewhere = all.map((one, i) =>
          moved.has(one.person) && i % 2 === 1
            ? { ...one, attemptId: `${one.attemptId}-second` as AttemptId }
            : one,
        );
        const seats = sitting(8);
        const both = [...seats, ...seats.filter(({ person }) => moved.has(person))];
        const told = ({ startedAt, endedAt, seats, present, statements }: RoomEvent) => [
          startedAt,
          endedAt,
          seats,
          present,
          new Set(statements.map(({ incidentId }) => incidentId)),
        ];
        expect(roomEvents(elsewhere, both, RULE).map(told)).toEqual(
          roomEvents(all, seats, RULE).map(told),
        );
      }),
    );
  });

  test('fewer seats than it takes make none, however often they repeat themselves', () => {
    fc.assert(
      fc.property(anyStatements, (all) => {
        const two = all.filter(
          ({ attemptId }) => attemptId === 'attempt-0' || attemptId === 'attempt-1',
        );
        expect(roomEvents(two, sitting(8), RULE)).toEqual([]);
      }),
    );
  });
});
