import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DemoCredentials } from '#server/demo/demo.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { type ServerProcess, startServerProcess } from '#test/fault/server-process.ts';
import { canonical } from '#test/protocol-client/canonical.ts';
import { enrol, openKiosk, proofOf, signIn } from '#test/protocol-client/kiosk.ts';
import { type Entry, keyOf, newKey, openLedger } from '#test/protocol-client/ledger.ts';
import { byRequests, bySocket, type OpenRoad } from '#test/protocol-client/roads.ts';
import { layRoomData } from '#test/support/exam/room-data.ts';
import { ServerRecord } from '#test/support/exam/server-record.ts';
import { protocolExample } from '#tools/protocol/example.ts';
import { main as verify } from '#tools/verify.ts';

const GRACE_MS = 120;
/** The rules as they are, only quicker: every wait of the real ones is there. */
const POLICY = {
  ...DEFAULT_POLICY,
  gate: { graceMs: GRACE_MS, pictureMs: 5_000 },
  episodeGapMs: 400,
  episodeCrossGapMs: 100,
  kinds: {
    ...DEFAULT_POLICY.kinds,
    clipboard: { ...DEFAULT_POLICY.kinds.clipboard, breakMs: 100 },
    'no-face': { ...DEFAULT_POLICY.kinds['no-face'], minMs: 150, warnAfterMs: 50, breakMs: 60 },
  },
};
const PICTURE = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

const folder = mkdtempSync(join(tmpdir(), 'atalaya-client-'));
let server: ServerProcess;
let credentials: DemoCredentials;
let staff: ServerRecord;
beforeAll(async () => {
  credentials = await layRoomData(join(folder, 'data'), {
    examinees: 10,
    enrolmentCodes: 10,
    questionCount: 5,
    policy: POLICY,
    identityCheck: 'by-hand',
  });
  server = await startServerProcess(join(folder, 'data'));
  staff = await ServerRecord.signIn(server.url, credentials);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Kiosk = Awaited<ReturnType<typeof openKiosk>>;

/** A device with its examinee signed in. */
const seat = async (index: number, road: OpenRoad): Promise<Kiosk> => {
  const key = newKey();
  const code = credentials.enrolmentCodes[index] ?? '';
  const device = await enrol(server.url, code, key, `Otro ${index}`);
  const { document = '', accessCode = '' } = credentials.examinees[index] ?? {};
  const signedIn = await signIn(server.url, device, document, accessCode);
  expect(signedIn.lastSeq).toBe(0);
  return openKiosk(server.url, device, key, signedIn, road);
};

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What staff see of it, and what `npm run verify` says of its export. */
const judged = async (attemptId: string, receipt: string) => {
  const file = join(folder, `${attemptId}.json`);
  const detail = () => staff.detail(attemptId);
  writeFileSync(file, JSON.stringify(await staff.bundle(attemptId)));
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => said.push(String(line)));
  const code = await verify([file, '--receipt', receipt]);
  log.mockRestore();
  expect(
    said.filter((line) => line.includes('MAL')),
    said.join('\n'),
  ).toEqual([]);
  expect(code).toBe(0);
  // Signatures and rules are checked right behind the ingest.
  await wait(600);
  const { tile, doubts } = await detail();
  expect(doubts).toEqual({ broken: null, contradictions: [], missingPictures: 0 });
  expect(tile).toMatchObject({ chain: 'ok', phase: 'closed' });
  return { ...(await detail()), said };
};

/** The session's code, as the room's proctor reads it. */
const exitCode = async ({ room, sessionId }: Kiosk['ticket']): Promise<string> => {
  const { user, password } = credentials.staff.find(({ role }) => role === 'proctor') ?? {};
  const signedIn = await fetch(`${server.url}/api/staff/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const path = `/api/rooms/${room.id}/sessions/${sessionId}/exit-code`;
  const answer = await fetch(server.url + path, { method: 'POST', headers: { cookie } });
  return ((await answer.json()) as { code: string }).code;
};

describe.each([
  ['a WebSocket', bySocket, 0],
  ['plain requests', byRequests, 1],
] as const)('a client that knows only the document, over %s', (_name, road, index) => {
  test('sits a whole exam: nothing is wrong with it, nothing is contradicted', async () => {
    const kiosk = await seat(index, road);
    const { attemptId } = kiosk;
    await kiosk.connect();
    await kiosk.prepare(PICTURE);
    const { questions } = await kiosk.start();
    const [first, second] = questions;
    if (first === undefined || second === undefined) throw new Error('no questions');
    await kiosk.passGate(GRACE_MS);
    kiosk.visit(first.id);
    kiosk.answer(first.id, [first.options[1]?.id ?? '']);

    // An act that counts; another right after it is the same one.
    kiosk.happened('clipboard', { action: 'copy' });
    kiosk.happened('clipboard', { action: 'copy' });
    await wait(150);
    kiosk.happened('clipboard', { action: 'cut' });
    await wait(500);
    const noticed = kiosk.ledger.entries.find(({ type }) => type === 'copy-attempt');
    const { incidentId = '' } = noticed?.data ?? {};
    kiosk.note('notice-acknowledged', { incidentId });
    kiosk.note('objection', { incidentId, text: 'No fui yo: ñandú, 💻' });
    await kiosk.lasts('no-face', { faces: 0 }, 100);
    await kiosk.delivered();

    // Staff: a message, a pause, an order to go on, a dismissal.
    await staff.command(attemptId, { type: 'message', text: 'Buenos días' });
    await kiosk.obey('message');
    await staff.command(attemptId, { type: 'pause', reason: 'Prueba del protocolo' });
    await kiosk.obey('pause');
    await staff.command(attemptId, { type: 'resume', reason: 'Prueba del protocolo' });
    await kiosk.obey('resume');
    await kiosk.passGate(GRACE_MS);
    await kiosk.delivered();
    const counted = (await staff.detail(attemptId)).incidents.filter(
      ({ copyAttempt }) => copyAttempt !== null,
    );
    expect(counted.map(({ copyAttempt }) => copyAttempt).sort()).toEqual([1, 2]);
    const [one] = counted;
    if (one === undefined) throw new Error('no incident');
    const { id: dismissed } = one;
    await staff.command(attemptId, { type: 'dismiss', incidentId: dismissed, reason: 'No fue' });
    await kiosk.obey('dismiss');
    // Two stand; the number goes on.
    await wait(500);
    kiosk.happened('clipboard', { action: 'paste' });
    expect(kiosk.ledger.entries.findLast(({ type }) => type === 'copy-attempt')?.data.number).toBe(
      3,
    );

    // Staff at the machine: a wrong code, the right one, and back.
    expect(kiosk.staffExit('00000000', 'Al baño')).toBe(false);
    expect(kiosk.staffExit(await exitCode(kiosk.ticket), 'Al baño')).toBe(true);
    await staff.command(attemptId, { type: 'resume', reason: 'Ha vuelto' });
    await kiosk.obey('resume');
    await kiosk.passGate(GRACE_MS);

    for (let n = 0; n < 120; n += 1) kiosk.visit(n % 2 === 0 ? first.id : second.id);
    expect(kiosk.ledger.entries.filter(({ type }) => type === 'checkpoint')).toHaveLength(2);
    kiosk.answer(second.id, [second.options[0]?.id ?? '']);
    kiosk.finish();
    await kiosk.delivered();
    expect(kiosk.refusals).toEqual([]);
    expect(await kiosk.stored()).toEqual(kiosk.ledger.entries);
    const { tile, incidents } = await judged(attemptId, kiosk.receipt());
    expect(tile).toMatchObject({ closedBy: 'examinee', answered: 2, copyAttempts: 2 });
    expect(incidents).toHaveLength(4);
    kiosk.disconnect();
  }, 60_000);

  test('closes by itself at the limit without a network, delivers later, and is reopened', async () => {
    const kiosk = await seat(index + 2, road);
    await kiosk.prepare(PICTURE);
    const { questions } = await kiosk.start();
    await kiosk.passGate(GRACE_MS);
    for (const action of ['copy', 'paste', 'cut']) {
      kiosk.happened('clipboard', { action });
      await wait(500);
    }
    expect(kiosk.closedBy()).toBe('copy-attempts');
    await kiosk.deliverByHttp();
    await kiosk.connect();
    const [incident] = (await staff.detail(kiosk.attemptId)).incidents;
    if (incident === undefined) throw new Error('no incident');
    const reason = 'Un lector de pantalla';
    await staff.command(kiosk.attemptId, { type: 'dismiss', incidentId: incident.id, reason });
    await kiosk.obey('dismiss');
    await kiosk.passGate(GRACE_MS);
    kiosk.answer(questions[0]?.id ?? '', ['a']);
    await staff.command(kiosk.attemptId, { type: 'close', reason: 'A pedido suyo' });
    await kiosk.obey('close');
    await kiosk.delivered();
    expect(kiosk.refusals).toEqual([]);
    const { tile } = await judged(kiosk.attemptId, kiosk.receipt());
    expect(tile).toMatchObject({ closedBy: 'proctor', copyAttempts: 2 });
    kiosk.disconnect();
  }, 60_000);
});

test('the example of the document comes out byte for byte, the proof of the code too', () => {
  const { seed, hashed, socket, staffExit } = protocolExample();
  const { entries } = JSON.parse(socket[2]?.text ?? '') as { entries: readonly Entry[] };
  const [opening] = entries;
  if (opening === undefined) throw new Error('no example');
  const ledger = openLedger(opening.attemptId, keyOf(seed));
  for (const { type, data, t, wall } of entries) ledger.seal(type, data, t, wall);
  expect(ledger.entries).toEqual(entries);
  const { hash: _, signature: __, ...hashedPart } = opening;
  expect(canonical(hashedPart)).toBe(hashed[0]?.canonical);
  const { ticket, code, act, proof } = staffExit;
  expect(proofOf(ticket, opening.attemptId, code, act)).toBe(proof);
  expect(proofOf(ticket, opening.attemptId, 'other', act)).toBeNull();
});
