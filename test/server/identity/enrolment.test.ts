import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import type {
  EnrolmentSignInResponse,
  EnrolmentStatus,
  EnrolmentSubmitRequest,
} from '#shared/wire/enrolment.ts';
import { startServer, type TestServer } from '#test/server/harness.ts';
import {
  descriptorOf,
  enrolmentSignIn,
  enrolmentToken,
  goodCapture,
  jpegOf,
  outcome,
  submission,
  submit,
} from './enrolment-data.ts';

const DAY = 24 * 60 * MINUTE;

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const person = (index: number) => {
  const found = server.credentials.examinees[index];
  if (found === undefined) throw new Error('no such examinee');
  return found;
};
const me = (headers: object) =>
  server.app.inject({ method: 'GET', url: '/api/enrolment/me', headers: { ...headers } });
const setWindow = (opensAt: number, closesAt: number, venue: string | null = null) => {
  server.sqlite
    .prepare('UPDATE enrolment_windows SET opens_at = ?, closes_at = ?, venue_id = ?')
    .run(opensAt, closesAt, venue);
};
const count = (table: string): unknown =>
  server.sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

describe('sign-in', () => {
  test('with document and access code, on any machine', async () => {
    const { document, accessCode, name } = person(0);
    const answer = await enrolmentSignIn(server, {
      document: `${document.slice(0, 9)}-${document.slice(9)}`,
      secret: accessCode.toLowerCase(),
    });
    const { token, status } = answer.json() as EnrolmentSignInResponse;
    expect(token).toHaveLength(43);
    expect(status).toEqual({
      examinee: {
        id: 'examinee-1',
        name,
        documentMasked: `••••••${document.slice(-4)}`,
        documentKind: 'cedula',
      },
      state: 'none',
      rejectedReason: null,
      window: { opensAt: server.clock.now(), closesAt: server.clock.now() + 30 * DAY },
      open: true,
      serverTime: server.clock.now(),
      retentionDays: 180,
      timeZone: 'America/Guayaquil',
      consentVersion: '1',
    });
    expect(answer.body).not.toContain(document);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('an unknown document and a wrong code get the same answer', async () => {
    const wrong = await enrolmentSignIn(server, { document: person(0).document, secret: 'WRONG' });
    const unknown = await enrolmentSignIn(server, { document: '0000000000', secret: 'WRONG' });
    expect(outcome(wrong)).toBe('wrong-credentials');
    expect(unknown.body).toBe(wrong.body);
  });

  test.each([
    ['nothing', {}],
    ['a document alone', { document: '1710034065' }],
    ['both ways at once', { document: '1', secret: '2', roomCode: 'ABCD-EFGH' }],
    ['a short code', { roomCode: 'ABC' }],
  ])('%s', async (_name, payload) => {
    expect(outcome(await enrolmentSignIn(server, payload))).toBe('bad-request');
  });

  test('a code that nobody made', async () => {
    expect(outcome(await enrolmentSignIn(server, { roomCode: 'ABCD-EFGH' }))).toBe('unknown-code');
  });

  test('wrong tries with a document slow its owner down and lock nobody out', async () => {
    const { document, accessCode } = person(0);
    const attempt = (secret: string) =>
      server.clock.through([enrolmentSignIn(server, { document, secret })]);
    for (let i = 0; i < 9; i += 1) await attempt('WRONG');
    const before = server.clock.steady();
    const [own] = await attempt(accessCode);
    expect(own?.statusCode).toBe(200);
    expect(server.clock.steady()).toBeGreaterThan(before);
    expect((await me(await enrolmentToken(server, 1))).statusCode).toBe(200);
  });
});

describe('the token', () => {
  test('lives an hour', async () => {
    const headers = await enrolmentToken(server, 0);
    server.clock.advance(60 * MINUTE - 1);
    expect((await me(headers)).statusCode).toBe(200);
    server.clock.advance(1);
    expect(outcome(await me(headers))).toBe('unauthorised');
  });

  test('dies with a new one of the same person, and not with another person’s', async () => {
    const first = await enrolmentToken(server, 0);
    const other = await enrolmentToken(server, 1);
    await enrolmentToken(server, 0);
    expect(outcome(await me(first))).toBe('unauthorised');
    expect((await me(other)).statusCode).toBe(200);
  });

  test.each([{}, { authorization: 'Bearer' }, { authorization: `Bearer ${'x'.repeat(43)}` }])(
    '%j is none',
    async (headers) => {
      expect(outcome(await me(headers))).toBe('unauthorised');
      const sent = await submit(server, headers, submission(person(0).document));
      expect(outcome(sent)).toBe('unauthorised');
    },
  );

  test('is stored as a hash only', async () => {
    const { authorization } = await enrolmentToken(server, 0);
    const stored = JSON.stringify(server.sqlite.prepare('SELECT * FROM enrolment_tokens').all());
    expect(stored).not.toContain(authorization.slice('Bearer '.length));
  });
});

describe('submitting', () => {
  let headers: { readonly authorization: string };
  beforeEach(async () => {
    headers = await enrolmentToken(server, 0);
  });
  const send = (change: Partial<EnrolmentSubmitRequest> = {}, face = 1) =>
    submit(server, headers, submission(person(0).document, face, change));

  test('the first is active at once, with the mean of its captures', async () => {
    const answer = await send();
    expect(answer.json()).toMatchObject({ state: 'active', rejectedReason: null });
    const stored = await server.deps.enrolments.enrolment('examinee-1' as never, 'active');
    expect(stored).toMatchObject({
      documentKind: 'cedula',
      documentQr: `https://gob.ec/qr/${person(0).document}`,
      consent: { version: '1', locale: 'es' },
      submittedBy: null,
      changeDistance: null,
      template: { model: 'face-api-1', captures: 3 },
    });
    expect(stored?.template.descriptor[0]).toBeCloseTo(0.1, 9);
    expect(
      server.sqlite
        .prepare("SELECT detail FROM audit WHERE action = 'enrolment-submitted'")
        .pluck()
        .all(),
    ).toEqual([
      '{"slot":"active","consentVersion":"1","consentLocale":"es","captures":3,"documentKind":"cedula"}',
    ]);
  });

  test('one whose photo may show no document waits for staff, also the first; a good one later is active', async () => {
    const { document } = submission(person(0).document);
    const doubtful = { ...document, look: { doubt: true, refused: 3 } };
    expect((await send({ document: doubtful })).json()).toMatchObject({ state: 'waiting' });
    const { enrolments } = server.deps;
    expect(await enrolments.enrolment('examinee-1' as never, 'active')).toBeNull();
    expect(await enrolments.enrolment('examinee-1' as never, 'waiting')).toMatchObject({
      documentDoubt: 3,
    });
    const record = server.sqlite
      .prepare("SELECT detail FROM audit WHERE action = 'enrolment-submitted'")
      .pluck();
    expect(JSON.parse(record.get() as string)).toMatchObject({
      slot: 'waiting',
      documentDoubt: true,
      documentsRefused: 3,
    });
    const good = { ...document, look: { doubt: false, refused: 3 } };
    expect((await send({ document: good })).json()).toMatchObject({ state: 'active' });
    expect(await enrolments.enrolment('examinee-1' as never, 'waiting')).toBeNull();
    expect(await enrolments.enrolment('examinee-1' as never, 'active')).toMatchObject({
      documentDoubt: null,
    });
  });

  test('a later one waits, and the old template counts meanwhile', async () => {
    await send();
    expect((await send({}, 2)).json()).toMatchObject({ state: 'waiting' });
    const { enrolments } = server.deps;
    const active = await enrolments.enrolment('examinee-1' as never, 'active');
    const waiting = await enrolments.enrolment('examinee-1' as never, 'waiting');
    expect(active?.template.descriptor[1]).toBeGreaterThan(0.3);
    expect(waiting?.template.descriptor[2]).toBeGreaterThan(0.3);
    expect(waiting?.changeDistance).toBeCloseTo(Math.SQRT2, 1);
    // One more takes the place of the one that waits.
    await send({}, 3);
    expect(count('enrolments')).toBe(2);
  });

  const captures = (...descriptors: (number[] | null)[]) =>
    descriptors.map((descriptor) => ({ ...goodCapture(descriptorOf(1)), descriptor }));
  const good = goodCapture(descriptorOf(1));
  const bad = (change: object) => [good, good, { ...good, ...change }];
  const own = () => submission(person(0).document).document;

  test.each<[string, () => object, string]>([
    ['no consent', () => ({ consent: undefined }), 'bad-request'],
    ['consent to another text', () => ({ consent: { version: '0', locale: 'es' } }), 'bad-request'],
    [
      'consent in another language',
      () => ({ consent: { version: '1', locale: 'qu' } }),
      'bad-request',
    ],
    ['two captures', () => ({ captures: [good, good] }), 'bad-request'],
    ['six captures', () => ({ captures: Array(6).fill(good) }), 'bad-request'],
    ['nobody in one', () => ({ captures: bad({ face: null }) }), 'bad-request'],
    ['two people in one', () => ({ captures: bad({ faces: 2 }) }), 'bad-request'],
    ['a dark one', () => ({ captures: bad({ faceMean: 34 }) }), 'bad-request'],
    ['a far one', () => ({ captures: bad({ facePixels: 83 }) }), 'bad-request'],
    [
      'a face turned away',
      () => ({ captures: bad({ face: { ...good.face, yaw: 0.29 } }) }),
      'bad-request',
    ],
    ['one without a descriptor', () => ({ captures: bad({ descriptor: null }) }), 'bad-request'],
    [
      'a descriptor of another model',
      () => ({ captures: bad({ descriptor: [1, 2, 3] }) }),
      'bad-request',
    ],
    [
      'two people one after the other',
      () => ({ captures: captures(descriptorOf(1), descriptorOf(1), descriptorOf(2)) }),
      'captures-differ',
    ],
    [
      'captures as far apart as a match may not be',
      () => ({ captures: captures(descriptorOf(1), descriptorOf(1, 0.3), descriptorOf(1, 0.55)) }),
      'captures-differ',
    ],
    [
      'another number',
      () => ({ document: { ...own(), number: person(1).document } }),
      'wrong-document',
    ],
    [
      'a wrong check digit',
      () => ({
        document: {
          ...own(),
          number: `${person(0).document.slice(0, 9)}${(Number(person(0).document[9]) + 1) % 10}`,
        },
      }),
      'wrong-document',
    ],
    [
      'a cédula that says passport',
      () => ({ document: { ...own(), kind: 'passport' } }),
      'wrong-document',
    ],
    [
      'another kind of document',
      () => ({ document: { ...own(), kind: 'licence' } }),
      'bad-request',
    ],
    [
      'half a character in the QR',
      () => ({ document: { ...own(), qr: 'x\ud83d' } }),
      'bad-request',
    ],
    ['no document', () => ({ document: undefined }), 'bad-request'],
    [
      'a portrait that is no JPEG',
      () => ({ portrait: Buffer.alloc(500, 'x').toString('base64') }),
      'bad-request',
    ],
    [
      'a document that is no JPEG',
      () => ({
        document: {
          ...own(),
          picture: Buffer.from('<svg onload=alert(1)>'.repeat(9)).toString('base64'),
        },
      }),
      'bad-request',
    ],
    ['no base64', () => ({ portrait: `${'ÿ'.repeat(200)}` }), 'bad-request'],
    [
      'a portrait that is too large',
      () => ({ portrait: jpegOf('x', 400_001).toString('base64') }),
      'too-large',
    ],
    [
      'much more than a body may have',
      () => ({ portrait: jpegOf('x', 1_500_000).toString('base64') }),
      'too-large',
    ],
    ['a field too many', () => ({ examineeId: 'examinee-2' }), 'bad-request'],
  ])('%s', async (_name, change, expected) => {
    expect(outcome(await send(change() as Partial<EnrolmentSubmitRequest>))).toBe(expected);
    expect(count('enrolments')).toBe(0);
  });

  test('pictures of the largest size are taken', async () => {
    const large = jpegOf('large', 400_000).toString('base64');
    const answer = await send({ portrait: large, document: { ...own(), picture: large } });
    expect(answer.statusCode).toBe(200);
  });

  test.each([
    ['a cédula with third digit 6', '0961214434', 'cedula'],
    ['a registered cédula that does not fit', '1710034066', 'cedula'],
    ['a passport of ten digits that is no cédula', '7310034066', 'passport'],
  ] as const)('%s', async (_name, number, kind) => {
    server.sqlite.prepare("UPDATE examinees SET document = ? WHERE id = 'examinee-1'").run(number);
    expect(((await me(headers)).json() as EnrolmentStatus).examinee.documentKind).toBe('cedula');
    const document = { ...own(), kind, number, qr: null };
    expect((await send({ document })).json()).toMatchObject({ state: 'active' });
  });

  test('somebody with a passport', async () => {
    server.sqlite
      .prepare("UPDATE examinees SET document = 'A1234567' WHERE id = 'examinee-1'")
      .run();
    expect(((await me(headers)).json() as EnrolmentStatus).examinee.documentKind).toBe('passport');
    const document = { ...own(), kind: 'passport' as const, number: 'a 123-4567', qr: null };
    expect((await send({ document })).json()).toMatchObject({ state: 'active' });
  });

  test.each([
    ['before the dates', 1 * DAY, 2 * DAY, 'not-in-this-stage'],
    ['on the first moment', 0, DAY, 200],
    ['on the last moment', -DAY, 1, 200],
    ['after the dates', -DAY, 0, 'not-in-this-stage'],
  ])('%s', async (_name, opens, closes, expected) => {
    setWindow(server.clock.now() + opens, server.clock.now() + closes);
    expect(((await me(headers)).json() as EnrolmentStatus).open).toBe(expected === 200);
    expect(outcome(await send())).toBe(expected);
  });

  test('without dates nobody enrols alone', async () => {
    server.sqlite.prepare('DELETE FROM enrolment_windows').run();
    expect((await me(headers)).json()).toMatchObject({ window: null, open: false });
    expect(outcome(await send())).toBe('not-in-this-stage');
  });

  test('the dates of another venue are not one’s own', async () => {
    server.sqlite.prepare("INSERT INTO venues (id, name) VALUES ('venue-2', 'Otra')").run();
    setWindow(server.clock.now() - 1, server.clock.now() + DAY, 'venue-2');
    expect(outcome(await send())).toBe('not-in-this-stage');
    setWindow(server.clock.now() - 1, server.clock.now() + DAY, 'venue-1');
    expect(outcome(await send())).toBe(200);
  });

  test('too many submissions with one token', async () => {
    for (let i = 0; i < 6; i += 1) expect(outcome(await send())).toBe(200);
    expect(outcome(await send())).toBe('rate-limited');
  });

  test('neither faces nor documents nor names of files are readable in the data folder', async () => {
    await send();
    await server.app.close();
    const needles = [
      Buffer.from(`${descriptorOf(1)[1]}`),
      Buffer.from('face-api-1'),
      Buffer.from('gob.ec/qr'),
      jpegOf('portrait 1').subarray(4, 40),
      jpegOf('document 1').subarray(4, 40),
      Buffer.from(jpegOf('portrait 1').subarray(0, 60).toString('base64').slice(0, 60)),
    ];
    const files = readdirSync(server.folder, { recursive: true })
      .map((name) => join(server.folder, String(name)))
      .filter((file) => statSync(file).isFile());
    expect(files.some((file) => file.endsWith('atalaya.sqlite'))).toBe(true);
    let bytes = 0;
    for (const file of files) {
      const content = readFileSync(file);
      bytes += content.length;
      for (const needle of needles) expect(content.indexOf(needle), file).toBe(-1);
      // The search would find what is there in clear.
      if (file.endsWith('atalaya.sqlite')) {
        expect(content.indexOf(Buffer.from(person(0).document))).toBeGreaterThan(0);
      }
    }
    expect(bytes).toBeGreaterThan(10_000);
    expect(statSync(join(server.folder, 'server.key')).mode & 0o777).toBe(0o600);
  });

  test('a value that was moved to another person does not open', async () => {
    await send();
    server.sqlite.pragma('foreign_keys = OFF');
    server.sqlite.prepare("UPDATE enrolments SET examinee_id = 'examinee-2'").run();
    await expect(server.deps.enrolments.enrolment('examinee-2' as never, 'active')).rejects.toThrow(
      'does not open',
    );
  });

  test('it is there after a restart', async () => {
    await send();
    server = await server.restart();
    expect((await me(await enrolmentToken(server, 0))).json()).toMatchObject({ state: 'active' });
    const portrait = await server.deps.enrolments.picture(
      'examinee-1' as never,
      'active',
      'portrait',
    );
    expect(portrait).toEqual(jpegOf('portrait 1'));
  });
});
