import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '#shared/wire/command.ts';
import {
  connect,
  kiosk,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';

const KEY = 'order-0123456789';
const HELLO: Command = { type: 'message', text: 'Espere: voy a su puesto.' };

let server: TestServer;
let examinee: TestKiosk;
let proctor: string;
beforeEach(async () => {
  server = await startServer();
  examinee = await kiosk(server);
  proctor = await staffCookie(server, 'proctor');
});
afterEach(() => server.close());

interface Order {
  readonly cookie?: string;
  readonly attemptId?: string;
  readonly key?: string;
  readonly command?: Command;
}

/** @returns the status and the id, or the problem's code. */
const send = async (order: Order = {}): Promise<readonly [number, string]> => {
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${order.attemptId ?? examinee.attemptId}/commands`,
    headers: { cookie: order.cookie ?? proctor },
    payload: { key: order.key ?? KEY, command: order.command ?? HELLO },
  });
  const body = answer.json() as { id?: string; problem?: { code: string } };
  return [answer.statusCode, body.id ?? body.problem?.code ?? ''];
};

const stored = (): unknown => server.sqlite.prepare('SELECT count(*) FROM commands').pluck().get();
const audited = (): unknown =>
  server.sqlite.prepare("SELECT count(*) FROM audit WHERE action LIKE 'command-%'").pluck().get();

describe('an order that is sent again', () => {
  test('is the same order, on record and at the kiosk once', async () => {
    const socket = await connect(server, examinee);
    const first = await send();
    expect(first[0]).toBe(200);
    expect(await send()).toEqual(first);
    const last = await send({ key: `${KEY}-other` });
    expect(last[1]).not.toBe(first[1]);
    // The last order has come, so all before it have.
    await socket.until((m) => m.type === 'command' && m.issued.id === last[1]);
    const came = socket.messages.flatMap((m) => (m.type === 'command' ? [m.issued.id] : []));
    expect(came).toEqual([first[1], last[1]]);
    expect([stored(), audited()]).toEqual([2, 2]);
    socket.close();
  });

  test('is the same order when all come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(([, id]) => id)).size).toBe(1);
    expect([stored(), audited()]).toEqual([1, 1]);
    const detail = await server.app.inject({
      method: 'GET',
      url: `/api/attempts/${examinee.attemptId}`,
      headers: { cookie: proctor },
    });
    expect((detail.json() as { commands: unknown[] }).commands).toHaveLength(1);
  });

  test('is the same order after the server was started anew', async () => {
    const first = await send();
    server = await server.restart();
    expect(await send()).toEqual(first);
    expect(stored()).toBe(1);
  });

  test('is the same order however its fields are arranged', async () => {
    const first = await send({ command: { type: 'pause', reason: 'corte de luz' } });
    expect(first[0]).toBe(200);
    expect(await send({ command: { reason: 'corte de luz', type: 'pause' } })).toEqual(first);
  });
});

describe('a key that was used before', () => {
  test.each<readonly [string, Command]>([
    ['another text', { type: 'message', text: 'Otra cosa' }],
    ['another kind of order with the same words', { type: 'pause', reason: HELLO.text }],
  ])('is refused with %s', async (_what, command) => {
    await send();
    expect(await send({ command })).toEqual([409, 'conflict']);
    expect([stored(), audited()]).toEqual([1, 1]);
  });

  test('is refused for another examinee', async () => {
    const other = await kiosk(server, 1);
    await send();
    expect(await send({ attemptId: other.attemptId })).toEqual([409, 'conflict']);
    expect(stored()).toBe(1);
  });

  test('stores one of two orders that come at once', async () => {
    const answers = await Promise.all([
      send(),
      send({ command: { type: 'message', text: 'Otra cosa' } }),
    ]);
    expect(answers.map(([status]) => status).sort()).toEqual([200, 409]);
    expect([stored(), audited()]).toEqual([1, 1]);
  });

  test('is free for another person', async () => {
    const coordinator = await staffCookie(server, 'coordinator');
    const [, first] = await send();
    const [status, second] = await send({
      cookie: coordinator,
      command: { type: 'message', text: 'Otra' },
    });
    expect(status).toBe(200);
    expect(second).not.toBe(first);
    expect(stored()).toBe(2);
  });

  test('after a refused order is still free', async () => {
    const nothing: Command = {
      type: 'dismiss',
      incidentId: 'no-face:1' as never,
      reason: 'se equivocó',
    };
    expect(await send({ command: nothing })).toEqual([404, 'not-found']);
    expect((await send())[0]).toBe(200);
  });
});
