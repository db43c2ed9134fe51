import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMessage, EMPTY_ROOM, INCIDENTS_KEPT } from '#renderer/dashboard/live/room-store.ts';
import type { AttemptId, CommandId } from '#shared/kernel/ids.ts';
import type { CommandView, ServerToDashboard } from '#shared/wire/dashboard.ts';
import { incident, SESSION, tile } from './room-data.ts';

const NOW = 1_800_000_000_000;
type Update = Exclude<ServerToDashboard, { type: 'refused' }>;

const frame = (change: Partial<Extract<Update, { type: 'frame' }>>): Update => ({
  type: 'frame',
  serverTime: NOW,
  tiles: [],
  incidents: [],
  commands: [],
  ...change,
});
const snapshot = (change: Partial<Extract<Update, { type: 'snapshot' }>>): Update => ({
  type: 'snapshot',
  serverTime: NOW,
  sessionId: SESSION,
  tiles: [],
  incidents: [],
  commands: [],
  roomEvents: [],
  ...change,
});
const command = (id: string, state: CommandView['state'], issuedAt = NOW): CommandView => ({
  id: id as CommandId,
  attemptId: 'attempt-1' as AttemptId,
  issuedAt,
  issuedBy: 'M. Andrade',
  command: { type: 'message', text: 'Hola' },
  state,
});
const roomAfter = (...messages: Update[]) =>
  messages.reduce((state, message) => applyMessage(state, message).state, EMPTY_ROOM);

describe('room store', () => {
  it('replaces everything with a snapshot, so that nothing of before a loss stays', () => {
    const room = roomAfter(
      snapshot({
        tiles: [tile(0, 'A1', NOW), tile(1, 'A2', NOW)],
        incidents: [incident('attempt-1', 'print', NOW)],
      }),
      snapshot({ tiles: [tile(1, 'A2', NOW)] }),
    );
    expect(Object.keys(room.tiles)).toEqual(['attempt-2']);
    expect(room.seating).toEqual({ A2: 'attempt-2' });
    expect(room.incidents).toEqual([]);
  });

  it('tells once who begins to wait for a decision on the identity', () => {
    const waits = { phase: 'identity', identity: 'needs-person' } as const;
    const first = applyMessage(EMPTY_ROOM, snapshot({ tiles: [tile(0, 'A1', NOW, waits)] }));
    expect(first.toDecide, 'a snapshot announces nothing').toEqual([]);
    const before = roomAfter(snapshot({ tiles: [tile(0, 'A1', NOW, { phase: 'identity' })] }));
    const turned = applyMessage(before, frame({ tiles: [tile(0, 'A1', NOW, waits)] }));
    expect(turned.toDecide.map((t) => t.seat)).toEqual(['A1']);
    const again = applyMessage(
      turned.state,
      frame({ tiles: [tile(0, 'A1', NOW, { ...waits, latencyMs: 80 })] }),
    );
    expect(again.toDecide).toEqual([]);
  });

  it('keeps the identity of tiles that did not change, and of the seating', () => {
    const before = roomAfter(snapshot({ tiles: [tile(0, 'A1', NOW), tile(1, 'A2', NOW)] }));
    const now = applyMessage(
      before,
      frame({ tiles: [tile(0, 'A1', NOW, { answered: 20 })] }),
    ).state;
    expect(now.tiles['attempt-1']?.answered).toBe(20);
    expect(now.tiles['attempt-2']).toBe(before.tiles['attempt-2']);
    expect(now.seating).toBe(before.seating);
    expect(now.incidents).toBe(before.incidents);
  });

  it('seats who goes on with another machine, whichever of the two was told last', () => {
    const before = tile(0, 'A1', NOW);
    const next = { ...tile(1, 'A1', NOW), examinee: before.examinee };
    const left = { ...before, phase: 'closed', carriedOn: true } as const;
    for (const tiles of [
      [left, next],
      [next, left],
    ]) {
      const room = roomAfter(snapshot({ tiles: [before] }), frame({ tiles }));
      expect(room.seating).toEqual({ A1: 'attempt-2' });
    }
    const late = roomAfter(snapshot({ tiles: [before, next] }), frame({ tiles: [left] }));
    expect(late.seating).toEqual({ A1: 'attempt-2' });
  });

  it('moves an examinee who changes seats', () => {
    const room = roomAfter(
      snapshot({ tiles: [tile(0, 'A1', NOW)] }),
      frame({ tiles: [tile(0, 'C3', NOW)] }),
    );
    expect(room.seating).toEqual({ C3: 'attempt-1' });
  });

  it('announces what is new and what became a copy attempt, once, and nothing of a snapshot', () => {
    const plain = incident('attempt-1', 'clipboard', NOW, { counted: true });
    const counted = { ...plain, copyAttempt: 1 };
    const first = applyMessage(
      EMPTY_ROOM,
      snapshot({ incidents: [incident('attempt-2', 'print', NOW)] }),
    );
    expect(first.news).toEqual([]);
    const second = applyMessage(first.state, frame({ incidents: [plain] }));
    expect(second.news).toEqual([plain]);
    const third = applyMessage(second.state, frame({ incidents: [counted] }));
    expect(third.news).toEqual([counted]);
    expect(
      applyMessage(third.state, frame({ incidents: [{ ...counted, objection: 'No' }] })).news,
    ).toEqual([]);
  });

  it('keeps two incidents of the same id apart when they are of two examinees', () => {
    const room = roomAfter(
      frame({
        incidents: [
          incident('attempt-1', 'focus-lost', NOW),
          incident('attempt-2', 'focus-lost', NOW),
        ],
      }),
    );
    expect(room.incidents.map((i) => i.attemptId).sort()).toEqual(['attempt-1', 'attempt-2']);
  });

  it('counts objections that nobody has answered', () => {
    const mine = { copyAttempt: 1, objection: 'No fui yo' };
    const open = incident('attempt-1', 'print', NOW, mine);
    const room = roomAfter(frame({ incidents: [open] }));
    expect(room.objections).toEqual({ 'attempt-1': 1 });
    const dismissed = { ...open, dismissed: { by: 'M. Andrade', reason: 'Error' } };
    expect(applyMessage(room, frame({ incidents: [dismissed] })).state.objections).toEqual({});
  });

  it('counts those of a machine that is gone where the person went on', () => {
    const open = incident('attempt-1', 'print', NOW, { copyAttempt: 1, objection: 'No fui yo' });
    const before = tile(0, 'A1', NOW);
    const from = [{ attemptId: open.attemptId, incidentId: open.id }];
    const next = { ...tile(1, 'A1', NOW), carries: { copyAttempts: 1, from } };
    const room = roomAfter(
      snapshot({ tiles: [before], incidents: [open] }),
      frame({ tiles: [{ ...before, phase: 'closed', carriedOn: true }, next] }),
    );
    expect(room.objections).toEqual({ 'attempt-2': 1 });
  });

  it('never takes a command back on its road', () => {
    const room = roomAfter(
      frame({ commands: [command('c1', 'applied')] }),
      frame({ commands: [command('c1', 'sent')] }),
    );
    expect(room.commands.map((c) => c.state)).toEqual(['applied']);
  });

  it('orders incidents newest first and keeps a bounded number, whatever the order of arrival', () => {
    const ages = fc.array(fc.integer({ min: 0, max: 1_900_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(ages, fc.integer({ min: 1, max: 5 }), (list, size) => {
        let room = EMPTY_ROOM;
        for (let i = 0; i < list.length; i += size) {
          const incidents = list
            .slice(i, i + size)
            .map((agoMs) => incident('attempt-1', 'print', NOW, { agoMs }));
          room = applyMessage(room, frame({ incidents })).state;
        }
        const times = room.incidents.map((i) => i.startedAt);
        expect(times).toEqual([...times].sort((a, b) => b - a));
        expect(room.incidents.length).toBe(new Set(list).size);
      }),
    );
    const many = Array.from({ length: INCIDENTS_KEPT + 40 }, (_, i) =>
      incident('attempt-1', 'print', NOW, { agoMs: i * 10 }),
    );
    expect(roomAfter(frame({ incidents: many })).incidents).toHaveLength(INCIDENTS_KEPT);
  });
});
