import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { enrol, staffCookie, startServer } from '#test/server/harness.ts';
import { Desk, Sitting } from './carried-ledger.ts';

const MINUTE = 60_000;

test('what an event of the room counted is dismissed with the others where somebody went on, with its minutes', async () => {
  const server = await startServer({ enrolmentCodes: 6, identityCheck: 'by-hand' });
  const desk = new Desk(server, await staffCookie(server, 'coordinator'));
  const seats: Sitting[] = [];
  for (const n of [0, 1, 2])
    seats.push(await Sitting.begin(server, await enrol(server, n, `PC-${n}`), n));
  const [gone, other, last] = seats;
  if (gone === undefined || other === undefined || last === undefined) throw new Error('nobody');
  await gone.copies(2 * MINUTE);
  await gone.copies(4 * MINUTE);
  for (const seat of seats) await seat.leaves(6 * MINUTE);
  await gone.closes('copy-attempts', 54 * MINUTE);
  const { durationMs, startedT, closedT } = gone.state;
  const left = durationMs - ((closedT ?? 0) - (startedT ?? 0));
  await desk.order(gone.id, { type: 'close', reason: 'No enciende', ending: 'let-go' });

  const { room, sessionId } = gone.kiosk.ticket;
  const dismissEvent = async (sittings: readonly Sitting[]) => {
    const attempts = sittings.map((one) => {
      const incident = one.state.incidents.find(({ kind }) => kind === 'focus-lost');
      return { attemptId: one.id, incidentId: incident?.id };
    });
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/rooms/${room.id}/sessions/${sessionId}/dismissals`,
      headers: { cookie: desk.cookie },
      payload: {
        key: randomUUID(),
        kind: 'focus-lost',
        reason: 'Un aviso del sistema',
        extraMs: 5 * MINUTE,
        attempts,
      },
    });
    return answer.json() as { orders: { attemptId: string }[]; refused: unknown[] };
  };
  expect(await dismissEvent([gone])).toMatchObject({ refused: [] });
  const next = await Sitting.begin(server, await enrol(server, 3, 'PC-3'), 0);
  const { policy, exam } = next.kiosk.ticket;
  expect([policy.copyAttemptLimit, policy.carried?.attempts.length]).toEqual([1, 2]);
  expect(exam.durationMs).toBe(left + 5 * MINUTE);

  // And once they sit elsewhere, the same order finds them there.
  await desk.order(other.id, { type: 'close', reason: 'No enciende', ending: 'let-go' });
  const moved = await Sitting.begin(server, await enrol(server, 4, 'PC-4'), 1);
  expect(await dismissEvent([other])).toMatchObject({
    orders: [{ attemptId: other.id }],
    refused: [],
  });
  const order = await moved.answers('dismiss');
  expect(order.command).toMatchObject({ incidentId: 'carried-1', extraMs: 5 * MINUTE });
  expect((await desk.detail(moved.id)).tile.copyAttempts).toBe(0);

  // Also who sits down elsewhere while the list of the room is read.
  await desk.order(last.id, { type: 'close', reason: 'No enciende', ending: 'let-go' });
  const machine = await enrol(server, 5, 'PC-5');
  const { registry } = server.deps;
  const { registrationsOfSession } = registry;
  let late: Sitting | null = null;
  Object.assign(registry, {
    registrationsOfSession: async (id: typeof sessionId) => {
      const list = await registrationsOfSession(id);
      Object.assign(registry, { registrationsOfSession });
      late = await Sitting.begin(server, machine, 2);
      await late.connects();
      return list;
    },
  });
  expect(await dismissEvent([last])).toMatchObject({ refused: [] });
  if (late === null) throw new Error('nobody sat down');
  const { id: lateId } = late as Sitting;
  await (late as Sitting).answers('dismiss');
  expect((await desk.detail(lateId)).tile.copyAttempts).toBe(0);
  await (late as Sitting).dies(desk);

  for (const { id } of [gone, next, other, moved, last, late as Sitting])
    expect((await desk.verified(id)).firstBroken).toBeNull();
  await moved.dies(desk);
  await server.close();
});
