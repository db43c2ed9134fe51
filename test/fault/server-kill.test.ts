import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { DemoCredentials } from '#server/demo/demo.ts';
import { hashInput } from '#shared/chain/chain.ts';
import { GENESIS, type JsonObject, type LedgerEntry } from '#shared/ledger/entry.ts';
import { mustBeSigned } from '#shared/wire/facts.ts';
import type { EnrolResponse, ExamineeSignInResponse } from '#shared/wire/http.ts';
import { KIOSK_SOCKET_PATH, PROTOCOL, type ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import { layRoomData } from '#test/support/exam/room-data.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const KIOSKS = 4;
/** Times that the server is killed. */
const KILLS = 5;

let folder: string;
let server: ServerProcess;
let credentials: DemoCredentials;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-kill-'));
  credentials = await layRoomData(folder, { examinees: KIOSKS, enrolmentCodes: KIOSKS });
});
afterEach(async () => {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async <T>(path: string, body: unknown, token?: string): Promise<T> => {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
};

/** A kiosk that writes without end and sends what is not acknowledged, as the real courier does. */
interface Writer {
  readonly attemptId: string;
  readonly entries: LedgerEntry[];
  readonly acked: { seq: number; hash: string };
  /** Writes and sends until the connection breaks. */
  run(): Promise<void>;
}

const writer = async (index: number): Promise<Writer> => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  const code = credentials.enrolmentCodes[index];
  const person = credentials.examinees[index];
  const device = await ask<EnrolResponse>('/api/devices/enrol', {
    code,
    name: `PC-${index}`,
    publicKey: raw,
  });
  const { token, ticket } = await ask<ExamineeSignInResponse>(
    '/api/examinees/sign-in',
    { document: person?.document, secret: person?.accessCode, deviceTime: Date.now() },
    device.deviceToken,
  );
  const entries: LedgerEntry[] = [];
  const acked = { seq: 0, hash: GENESIS };
  const write = (type: string, data: JsonObject): void => {
    const seq = entries.length + 1;
    entries.push(
      seal({ ...ticket, seq, type, data, previous: entries.at(-1)?.hash ?? GENESIS }, privateKey),
    );
  };
  write('attempt-opened', {
    deviceId: device.deviceId,
    sessionId: ticket.sessionId,
    publicKey: raw,
    host: { kind: 'fake', version: '1', build: null },
    coverage: {},
    policy: ticket.policy as unknown as JsonObject,
    identity: ticket.identity,
  });

  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}${KIOSK_SOCKET_PATH}`);
      let sent = 0;
      const more = (): void => {
        if (socket.readyState !== WebSocket.OPEN) return;
        for (let i = 0; i < 20; i += 1)
          write('question-visited', { questionId: `q-${entries.length}` });
        socket.send(JSON.stringify({ type: 'entries', entries: entries.slice(sent, sent + 200) }));
        sent = Math.min(entries.length, sent + 200);
        setTimeout(more, 25);
      };
      socket.on('open', () =>
        socket.send(
          JSON.stringify({ type: 'hello', protocol: PROTOCOL, token, attemptId: ticket.attemptId }),
        ),
      );
      socket.on('message', (data) => {
        const message = JSON.parse(data.toString()) as ServerToKiosk;
        if (message.type === 'welcome') {
          // The promise of an acknowledgement: the server never stands before it.
          if (message.lastSeq < acked.seq) reject(new Error(`lost ${acked.seq - message.lastSeq}`));
          sent = message.lastSeq;
          more();
        } else if (message.type === 'ack') {
          acked.seq = message.seq;
          acked.hash = message.hash;
        } else if (message.type === 'refused') {
          reject(new Error(JSON.stringify(message)));
        }
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  return { attemptId: ticket.attemptId, entries, acked, run };
};

const seal = (
  draft: Pick<LedgerEntry, 'attemptId' | 'seq' | 'type' | 'data' | 'previous'>,
  key: KeyObject,
): LedgerEntry => {
  const { attemptId, seq, type, data, previous } = draft;
  const linked = { attemptId, seq, t: seq * 10, wall: Date.now(), type, data, previous };
  const entry = { ...linked, hash: hash('sha256', hashInput(linked), 'hex') };
  if (!mustBeSigned(type)) return entry;
  return { ...entry, signature: sign(null, Buffer.from(entry.hash), key).toString('base64url') };
};

test('kill -9 in the middle of the ingest: nothing acknowledged is lost, nothing doubled', async () => {
  server = await startServerProcess(folder);
  const writers = await Promise.all(Array.from({ length: KIOSKS }, (_, i) => writer(i)));
  const heights: number[] = [];
  for (let i = 0; i < KILLS; i += 1) {
    const before = writers.map(({ acked }) => acked.seq);
    const running = Promise.all(writers.map((one) => one.run()));
    // Not before every kiosk got further, then at no particular moment.
    await expect
      .poll(() => writers.every(({ acked }, k) => acked.seq > (before[k] ?? 0)), {
        timeout: 20_000,
      })
      .toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 37 * i));
    await server.kill();
    await running;
    const acknowledged = writers.map(({ acked }) => ({ ...acked }));
    heights.push(acknowledged.reduce((sum, { seq }) => sum + seq, 0));

    const database = new SqliteDatabase(join(folder, 'atalaya.sqlite'), { readonly: true });
    const stored = database.prepare<[string], { seq: number; hash: string; body: string }>(
      'SELECT seq, hash, body FROM entries WHERE attempt_no = (SELECT no FROM attempts WHERE id = ?) ORDER BY seq',
    );
    for (const [k, { attemptId, entries }] of writers.entries()) {
      const rows = stored.all(attemptId);
      const last = acknowledged[k];
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, n) => n + 1));
      expect(rows.length).toBeGreaterThanOrEqual(last?.seq ?? 0);
      expect(rows[(last?.seq ?? 0) - 1]?.hash).toBe(last?.hash);
      expect(rows.map(({ body }) => JSON.parse(body))).toEqual(entries.slice(0, rows.length));
    }
    database.close();
    server = await startServerProcess(folder);
  }
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});

test('a server that is asked to stop stores what it has and ends with 0', async () => {
  server = await startServerProcess(folder);
  const one = await writer(0);
  const running = one.run();
  await expect.poll(() => one.acked.seq, { timeout: 20_000 }).toBeGreaterThan(20);
  expect(await server.stop()).toBe(0);
  await running;
  const database = new SqliteDatabase(join(folder, 'atalaya.sqlite'), { readonly: true });
  const row = database
    .prepare<[string], { stored: number; verified: number; reason: string | null }>(
      `SELECT (SELECT max(seq) FROM entries WHERE attempt_no = a.no) AS stored,
         verified_seq AS verified, broken_reason AS reason FROM attempts a WHERE id = ?`,
    )
    .get(one.attemptId);
  database.close();
  expect(row?.stored).toBeGreaterThanOrEqual(one.acked.seq);
  expect(row).toMatchObject({ verified: row?.stored, reason: null });
});
