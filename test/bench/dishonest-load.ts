// A child of the dishonest bench: the load on the server of one build, whose program it starts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { DemoCredentials } from '#server/demo/demo.ts';
import type { JsonObject, LedgerEntry } from '#shared/ledger/entry.ts';
import { roomSocketPath } from '#shared/wire/dashboard.ts';
import type { EnrolResponse, ExamineeSignInResponse } from '#shared/wire/http.ts';
import {
  KIOSK_SOCKET_PATH,
  MAX_BATCH,
  MAX_MESSAGE_BYTES,
  PROTOCOL,
  type ServerToKiosk,
} from '#shared/wire/kiosk-socket.ts';
import { sealedLedger } from './ingest-ledgers.ts';
import { benchKey } from './ingest-setup.ts';

const HONEST = 1_000;
const PHASE_MS = 12_000;
/** Entries of each honest kiosk: for as long as it all takes, since a silent one would be cut off. */
const ENTRIES = 200;
/** Each honest kiosk sends so often. */
const EVERY_MS = 2_000;

const root = process.argv[2] ?? '';
const server = fork(join(import.meta.dirname, 'dishonest-server.ts'), [root, String(HONEST + 1)], {
  stdio: 'inherit',
  cwd: root,
});
const [{ port, credentials }] = (await once(server, 'message')) as [
  { port: number; credentials: DemoCredentials },
];
const url = `http://127.0.0.1:${port}`;
const { privateKey, publicKey } = benchKey();

const ask = async <T>(path: string, body: unknown, token = ''): Promise<T> => {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
};
const device = await ask<EnrolResponse>('/api/devices/enrol', {
  code: credentials.enrolmentCodes[0],
  name: 'PC',
  publicKey,
});

/** An examinee's socket after its hello, and how its ledger is made. */
const arrive = async ({ document, accessCode }: DemoCredentials['examinees'][number]) => {
  const { token, ticket } = await ask<ExamineeSignInResponse>(
    '/api/examinees/sign-in',
    { document, secret: accessCode, deviceTime: Date.now() },
    device.deviceToken,
  );
  const socket = new WebSocket(`${url.replace('http', 'ws')}${KIOSK_SOCKET_PATH}`, {
    perMessageDeflate: false,
  });
  socket.on('error', () => {});
  await once(socket, 'open');
  const { attemptId } = ticket;
  socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, token, attemptId }));
  await once(socket, 'message');
  const opening = {
    deviceId: device.deviceId,
    sessionId: ticket.sessionId,
    publicKey,
    host: { kind: 'fake', version: '1', build: null },
    coverage: {},
    policy: ticket.policy as unknown as JsonObject,
    identity: ticket.identity,
  };
  const ledger = (count: number): readonly LedgerEntry[] =>
    sealedLedger({ attemptId, opening, privateKey }, count);
  return { socket, ticket, ledger };
};

const acks: number[] = [];
/** Sends one entry every `EVERY_MS`, each kiosk at another moment. */
const honest = async (kiosk: Awaited<ReturnType<typeof arrive>>): Promise<void> => {
  const entries = kiosk.ledger(ENTRIES);
  const sent = new Map<number, number>();
  kiosk.socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ServerToKiosk;
    if (message.type !== 'ack') return;
    const at = sent.get(message.seq);
    if (at !== undefined) acks.push(performance.now() - at);
  });
  await sleep(Math.random() * EVERY_MS);
  for (const entry of entries) {
    sent.set(entry.seq, performance.now());
    kiosk.socket.send(JSON.stringify({ type: 'entries', entries: [entry] }));
    await sleep(EVERY_MS);
  }
};

const p95 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
const phase = async (): Promise<number> => {
  acks.length = 0;
  await sleep(PHASE_MS);
  return p95(acks);
};

const [liar, ...others] = credentials.examinees;
if (liar === undefined) throw new Error('nobody');
for (const person of others.slice(0, HONEST)) void honest(await arrive(person));
await sleep(4_000);
const alone = await phase();

const dishonest = await arrive(liar);
// Made before anything is measured: whole messages, as large and as many as a socket takes.
const lies = dishonest.ledger(MAX_BATCH * 100);
const messages: string[] = [];
for (let from = 0; from < lies.length; from += MAX_BATCH) {
  const text = JSON.stringify({ type: 'entries', entries: lies.slice(from, from + MAX_BATCH) });
  if (text.length < MAX_MESSAGE_BYTES) messages.push(text);
}

let flooding = true;
let bytes = 0;
const flood = async (): Promise<void> => {
  // After its ledger is through it begins again: nobody hinders it.
  for (let n = 0; flooding && dishonest.socket.readyState === WebSocket.OPEN; n += 1) {
    const text = messages[n % messages.length] ?? '';
    while (flooding && dishonest.socket.bufferedAmount > 4 * MAX_MESSAGE_BYTES) await sleep(1);
    dishonest.socket.send(text);
    bytes += text.length;
    if (n % 8 === 0) await sleep(0);
  }
};
await sleep(3_000);
void flood();
const beside = await phase();
const taken = bytes - dishonest.socket.bufferedAmount;

/** A dashboard of the dishonest one's room. */
const opensIn = async (): Promise<number | null> => {
  const [person] = credentials.staff;
  const answer = await fetch(`${url}/api/staff/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: person?.user, password: person?.password }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { ticket } = dishonest;
  const began = performance.now();
  const room = new WebSocket(
    `${url.replace('http', 'ws')}${roomSocketPath(ticket.room.id, ticket.sessionId)}`,
    { headers: { cookie } },
  );
  const came = await Promise.race([
    once(room, 'message').then(() => true),
    sleep(10_000).then(() => false),
  ]);
  room.terminate();
  return came ? performance.now() - began : null;
};
const dashboard = await opensIn();
flooding = false;
process.send?.({ alone, beside, taken, dashboard });
server.send('stop');
await once(server, 'exit');
process.exit(0);
