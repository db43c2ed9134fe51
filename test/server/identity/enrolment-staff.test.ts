import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import type { EnrolmentList, EnrolmentSignInResponse } from '#shared/wire/enrolment.ts';
import type { Role } from '#shared/wire/roles.ts';
import {
  enrol,
  kiosk,
  signIn,
  staffCookie,
  startServer,
  type TestServer,
} from '#test/server/harness.ts';
import {
  enrolFace,
  enrolmentSignIn,
  enrolmentToken,
  jpegOf,
  outcome,
  submission,
  submit,
} from './enrolment-data.ts';

let server: TestServer;
beforeEach(async () => {
  // 31 examinees: the last one sits in the second room.
  server = await startServer({ examinees: 31 });
});
afterEach(() => server.close());

const HERE = 0;
const THERE = 30;
const idOf = (index: number): string => `examinee-${index + 1}`;
const person = (index: number) => {
  const found = server.credentials.examinees[index];
  if (found === undefined) throw new Error('no such examinee');
  return found;
};
const cookies = new Map<string, string>();
const cookieOf = async (role: Role, index = 0): Promise<string> => {
  const key = `${server.folder} ${role} ${index}`;
  const cookie = cookies.get(key) ?? (await staffCookie(server, role, index));
  cookies.set(key, cookie);
  return cookie;
};
const ask = async (role: Role, method: 'GET' | 'POST', url: string, payload?: object, index = 0) =>
  server.app.inject({
    method,
    url,
    headers: { cookie: await cookieOf(role, index) },
    ...(payload === undefined ? {} : { payload }),
  });
const trail = (action: string): unknown[] =>
  server.sqlite
    .prepare('SELECT actor, subject, detail FROM audit WHERE action = ? ORDER BY id')
    .all(action);
/** An active enrolment of one face and a waiting one of another. */
const reenrol = async (index: number): Promise<void> => {
  await enrolFace(server, index, 1);
  await enrolFace(server, index, 2);
};
const REASON = { reason: 'lo vi en persona' };

describe('who may do what', () => {
  /** In the first room and in the second: picture, room code, decision, deletion. */
  const TABLE: readonly (readonly [Role, readonly number[], readonly number[]])[] = [
    ['proctor', [200, 200, 200, 403], [404, 404, 404, 403]],
    ['supervisor', [200, 200, 200, 403], [200, 200, 200, 403]],
    ['coordinator', [200, 200, 200, 200], [200, 200, 200, 200]],
    ['lab-technician', [403, 403, 403, 403], [403, 403, 403, 403]],
    ['exam-author', [403, 403, 403, 403], [403, 403, 403, 403]],
    ['career-director', [403, 403, 403, 403], [403, 403, 403, 403]],
    ['authority', [403, 403, 403, 403], [403, 403, 403, 403]],
  ];
  test.each(TABLE)('%s', async (role, here, there) => {
    for (const [index, expected] of [
      [HERE, here],
      [THERE, there],
    ] as const) {
      await reenrol(index);
      const base = `/api/enrolments/${idOf(index)}`;
      const answers = [
        await ask(role, 'GET', `${base}/pictures/new-portrait`),
        await ask(role, 'POST', `${base}/room-code`),
        await ask(role, 'POST', `${base}/decision`, { decision: 'approve', ...REASON }),
        await ask(role, 'POST', `${base}/delete`, REASON),
      ];
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(expected);
    }
  });

  test('nobody without a session, and no examinee', async () => {
    const headers = await enrolmentToken(server, HERE);
    for (const url of ['/api/enrolments?state=waiting', '/api/retention']) {
      expect(outcome(await server.app.inject({ method: 'GET', url, headers }))).toBe(
        'unauthorised',
      );
    }
  });

  test('a proctor reaches an examinee until a day after the last shift', async () => {
    await enrolFace(server, HERE);
    const last = server.sqlite.prepare('SELECT max(ends_at) FROM sessions').pluck().get() as number;
    const url = `/api/enrolments/${idOf(HERE)}/room-code`;
    server.clock.set(last + 24 * 60 * MINUTE);
    expect((await ask('proctor', 'POST', url)).statusCode).toBe(200);
    server.clock.set(last + 24 * 60 * MINUTE + 1);
    cookies.clear();
    expect((await ask('proctor', 'POST', url)).statusCode).toBe(404);
    expect((await ask('coordinator', 'POST', url)).statusCode).toBe(200);
  });

  test('somebody who is not there looks like somebody out of reach', async () => {
    const gone = await ask('proctor', 'POST', '/api/enrolments/examinee-99/room-code');
    const far = await ask('proctor', 'POST', `/api/enrolments/${idOf(THERE)}/room-code`);
    expect([outcome(gone), gone.body]).toEqual(['not-found', far.body]);
  });

  test('making codes is limited', async () => {
    const url = `/api/enrolments/${idOf(HERE)}/room-code`;
    for (let i = 0; i < 30; i += 1) await ask('proctor', 'POST', url);
    expect(outcome(await ask('proctor', 'POST', url))).toBe('rate-limited');
  });
});

describe('the list', () => {
  const list = async (role: Role, query: string) =>
    ((await ask(role, 'GET', `/api/enrolments?${query}`)).json() as EnrolmentList).enrolments;

  test('holds what waits, in the person’s reach', async () => {
    await reenrol(HERE);
    await reenrol(THERE);
    await enrolFace(server, 1);
    const all = await list('coordinator', 'state=waiting');
    expect(all.map(({ examineeId }) => examineeId).sort()).toEqual(
      [idOf(HERE), idOf(THERE)].sort(),
    );
    expect(all[0]).toMatchObject({
      state: 'waiting',
      at: server.clock.now(),
      documentKind: 'cedula',
      documentQr: expect.stringContaining('gob.ec'),
    });
    expect(all[0]?.changeDistance).toBeCloseTo(Math.SQRT2, 1);
    expect((await list('proctor', 'state=waiting')).map((row) => row.examineeId)).toEqual([
      idOf(HERE),
    ]);
    const [row] = await list('proctor', 'state=waiting');
    expect(JSON.stringify(row?.documentMasked)).not.toContain(person(HERE).document);
  });

  test('finds people by words of the name or the beginning of the document', async () => {
    const { name, document } = person(HERE);
    const [family = '', , given = ''] = name.split(' ');
    const byName = await list('coordinator', `search=${encodeURIComponent(`${given} ${family}`)}`);
    expect(byName.map(({ examineeId }) => examineeId)).toContain(idOf(HERE));
    expect(byName[0]).toMatchObject({ state: 'none', at: null, documentKind: null });
    const byDocument = await list('coordinator', `search=${document.slice(0, 9)}`);
    expect(byDocument.map(({ examineeId }) => examineeId)).toEqual([idOf(HERE)]);
    expect(await list('proctor', `search=${person(THERE).document}`)).toEqual([]);
    expect(await list('proctor', `search=${document}`)).toHaveLength(1);
  });

  test.each([
    ['Peñafiel Ángel', 'penafiel angel'],
    ['Penafiel Angel', 'PEÑAFIEL Ángel'],
    ['Peñafiel Ángel', 'ngel peñ'],
  ])('%s is found with "%s"', async (name, words) => {
    server.sqlite.prepare("UPDATE examinees SET name = ? WHERE id = 'examinee-3'").run(name);
    const found = await list('coordinator', `search=${encodeURIComponent(words)}`);
    expect(found.map((row) => row.name)).toEqual([name]);
    expect(await list('coordinator', `search=${encodeURIComponent(`${words}x`)}`)).toEqual([]);
  });

  test.each(['search=%25%25%25', 'search=___', 'search=---', 'search=...'])(
    '%s finds nobody: signs are signs',
    async (query) => {
      expect(await list('coordinator', query)).toEqual([]);
    },
  );

  test.each([
    '',
    'search=ab',
    'search=%20%20%20',
    'state=active',
    'state=waiting&search=abc',
    'all=1',
  ])('"%s" is no question', async (query) => {
    expect(outcome(await ask('coordinator', 'GET', `/api/enrolments?${query}`))).toBe(
      'bad-request',
    );
  });

  test('at most twenty are found', async () => {
    server.sqlite.prepare("UPDATE examinees SET name = 'Andrade ' || id").run();
    expect(await list('coordinator', 'search=andrade')).toHaveLength(20);
  });
});

describe('pictures', () => {
  test('the old ones and the new ones, each look on record', async () => {
    await reenrol(HERE);
    const names = ['portrait', 'document', 'new-portrait', 'new-document'];
    for (const [i, name] of names.entries()) {
      const answer = await ask('proctor', 'GET', `/api/enrolments/${idOf(HERE)}/pictures/${name}`);
      const what = name.endsWith('portrait') ? 'portrait' : 'document';
      expect(answer.rawPayload).toEqual(jpegOf(`${what} ${i < 2 ? 1 : 2}`));
      expect(answer.headers).toMatchObject({
        'content-type': 'image/jpeg',
        'cache-control': 'no-store',
      });
    }
    const row = (picture: string) => ({
      actor: 'staff-1',
      subject: idOf(HERE),
      detail: JSON.stringify({ picture }),
    });
    expect(trail('portrait-viewed')).toEqual([row('portrait'), row('new-portrait')]);
    expect(trail('document-viewed')).toEqual([row('document'), row('new-document')]);
  });

  test('what is not there or out of reach leaves no row', async () => {
    await enrolFace(server, THERE);
    const urls = [
      `/api/enrolments/${idOf(HERE)}/pictures/portrait`,
      `/api/enrolments/${idOf(THERE)}/pictures/portrait`,
    ];
    for (const url of urls) expect(outcome(await ask('proctor', 'GET', url))).toBe('not-found');
    const odd = await ask('proctor', 'GET', `/api/enrolments/${idOf(HERE)}/pictures/template`);
    expect(outcome(odd)).toBe('bad-request');
    expect(trail('portrait-viewed')).toEqual([]);
  });
});

describe('a re-enrolment', () => {
  const decide = (decision: string, reason = REASON.reason) =>
    ask('proctor', 'POST', `/api/enrolments/${idOf(HERE)}/decision`, { decision, reason });
  const stored = async (slot: 'active' | 'waiting') =>
    (await server.deps.enrolments.enrolment(idOf(HERE) as never, slot))?.template.descriptor;
  const face = (descriptor: readonly number[] | undefined) =>
    descriptor === undefined ? null : descriptor.findIndex((value, i) => i > 0 && value > 0.3);

  test('that is approved counts from then on, at the next sign-in too', async () => {
    await reenrol(HERE);
    server.sqlite.prepare("UPDATE sessions SET identity_check = 'face'").run();
    const { device, ticket } = await kiosk(server, HERE);
    expect(ticket.identity.enrolled).toBe(true);
    const before = (await signIn(server, device, person(HERE))).json();
    expect(face(before.template.descriptor)).toBe(1);
    expect((await decide('approve')).json()).toEqual({});
    expect([face(await stored('active')), face(await stored('waiting'))]).toEqual([2, null]);
    const after = (await signIn(server, device, person(HERE))).json();
    expect(face(after.template.descriptor)).toBe(2);
    expect(trail('enrolment-approve')).toEqual([
      { actor: 'staff-1', subject: idOf(HERE), detail: JSON.stringify(REASON) },
    ]);
  });

  test('that is rejected is deleted, the person reads why, and the old one counts', async () => {
    await reenrol(HERE);
    await decide('reject', 'no se ve el documento');
    const me = await server.app.inject({
      method: 'GET',
      url: '/api/enrolment/me',
      headers: await enrolmentToken(server, HERE),
    });
    expect(me.json()).toMatchObject({
      state: 'rejected',
      rejectedReason: 'no se ve el documento',
    });
    expect([face(await stored('active')), face(await stored('waiting'))]).toEqual([1, null]);
    // Trying again waits again.
    await enrolFace(server, HERE, 3);
    expect(face(await stored('waiting'))).toBe(3);
  });

  test('is decided once', async () => {
    await reenrol(HERE);
    const both = await Promise.all([decide('approve'), decide('reject')]);
    expect(both.map(outcome).sort()).toEqual([200, 'conflict']);
    expect(outcome(await decide('approve'))).toBe('conflict');
  });

  test.each([
    { decision: 'approve' },
    { decision: 'approve', reason: 'x' },
    { decision: 'maybe', reason: 'porque sí' },
    {},
  ])('%j is no decision', async (payload) => {
    const url = `/api/enrolments/${idOf(HERE)}/decision`;
    expect(outcome(await ask('proctor', 'POST', url, payload))).toBe('bad-request');
  });
});

describe('a room code', () => {
  const make = async (index = HERE): Promise<{ code: string; expiresAt: number }> =>
    (await ask('proctor', 'POST', `/api/enrolments/${idOf(index)}/room-code`)).json();

  test('enrols outside the dates, once, with the name of who was beside', async () => {
    server.sqlite.prepare('DELETE FROM enrolment_windows').run();
    const { code, expiresAt } = await make();
    expect(expiresAt).toBe(server.clock.now() + 30 * MINUTE);
    const answer = await enrolmentSignIn(server, {
      roomCode: code.toLowerCase().replace('-', ' '),
    });
    const { token, status } = answer.json() as EnrolmentSignInResponse;
    expect(status).toMatchObject({ examinee: { id: idOf(HERE) }, open: true, window: null });
    const sent = await submit(
      server,
      { authorization: `Bearer ${token}` },
      submission(person(HERE).document),
    );
    expect(sent.json()).toMatchObject({ state: 'active' });
    const kept = await server.deps.enrolments.enrolment(idOf(HERE) as never, 'active');
    expect(kept?.submittedBy).toBe('staff-1');
    expect(trail('enrolment-submitted')).toMatchObject([{ actor: 'staff-1' }]);
    expect(outcome(await enrolmentSignIn(server, { roomCode: code }))).toBe('code-used');
    // With it one neither withdraws a consent nor enrols anybody else.
    const gone = await server.app.inject({
      method: 'POST',
      url: '/api/enrolment/me/delete',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(outcome(gone)).toBe('forbidden');
    const other = await submit(
      server,
      { authorization: `Bearer ${token}` },
      submission(person(1).document),
    );
    expect(outcome(other)).toBe('wrong-document');
  });

  test('opens one page, however many come at once', async () => {
    const { code } = await make();
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => enrolmentSignIn(server, { roomCode: code })),
    );
    expect(tries.map(outcome).sort()).toEqual([200, ...Array(4).fill('code-used')]);
  });

  test('is over after half an hour, and when a new one is made', async () => {
    const first = await make();
    const second = await make();
    expect(outcome(await enrolmentSignIn(server, { roomCode: first.code }))).toBe('unknown-code');
    server.clock.advance(30 * MINUTE);
    expect(outcome(await enrolmentSignIn(server, { roomCode: second.code }))).toBe('unknown-code');
  });

  test('is stored as a hash only', async () => {
    const { code } = await make();
    const rows = JSON.stringify(server.sqlite.prepare('SELECT * FROM room_codes').all());
    expect(rows).not.toContain(code.replace('-', ''));
    expect(JSON.stringify(trail('room-code-made'))).not.toContain(code);
  });
});

test('an enrolment that was changed by hand keeps nobody from the exam', async () => {
  await enrolFace(server, HERE);
  server.sqlite.prepare('UPDATE enrolments SET template = ?').run(Buffer.alloc(100, 1));
  server.sqlite.prepare("UPDATE sessions SET identity_check = 'face'").run();
  const { ticket, attemptId } = await kiosk(server, HERE);
  expect(ticket.identity).toMatchObject({ check: 'face', enrolled: false });
  const detail = await ask('proctor', 'GET', `/api/attempts/${attemptId}`);
  expect(detail.json()).toMatchObject({ identity: { enrolled: null } });
  const list = await ask('proctor', 'GET', `/api/enrolments?search=${person(HERE).document}`);
  expect(list.json()).toMatchObject({ enrolments: [{ state: 'active', documentQr: null }] });
  // It can be deleted, and enrolled anew.
  const gone = await ask('coordinator', 'POST', `/api/enrolments/${idOf(HERE)}/delete`, REASON);
  expect(gone.statusCode).toBe(200);
  await enrolFace(server, HERE);
});

describe('beside an attempt', () => {
  const look = (role: Role, attemptId: string, what: string) =>
    ask(role, 'GET', `/api/attempts/${attemptId}/identity/${what}`);

  test.each<readonly [Role, number, number]>([
    ['proctor', 200, 404],
    ['supervisor', 200, 200],
    ['coordinator', 200, 200],
    ['lab-technician', 403, 403],
    ['exam-author', 403, 403],
    ['career-director', 403, 403],
    ['authority', 200, 200],
  ])('%s', async (role, here, there) => {
    const answers: number[] = [];
    for (const index of [HERE, THERE]) {
      await enrolFace(server, index);
      const device = await enrol(server, index === HERE ? 0 : 1);
      const { attemptId } = await kiosk(server, index, device);
      answers.push((await look(role, attemptId, 'portrait')).statusCode);
    }
    expect(answers).toEqual([here, there]);
  });

  test('the pictures that count, each look on record, and in the detail what there is', async () => {
    await reenrol(HERE);
    const { attemptId } = await kiosk(server, HERE);
    const portrait = await look('proctor', attemptId, 'portrait');
    expect(portrait.rawPayload).toEqual(jpegOf('portrait 1'));
    expect(portrait.headers['cache-control']).toBe('no-store');
    expect((await look('proctor', attemptId, 'document')).rawPayload).toEqual(jpegOf('document 1'));
    expect(outcome(await look('proctor', attemptId, 'template'))).toBe('bad-request');
    const row = { actor: 'staff-1', subject: attemptId, detail: '{}' };
    expect([trail('portrait-viewed'), trail('document-viewed')]).toEqual([[row], [row]]);
    const detail = (await ask('proctor', 'GET', `/api/attempts/${attemptId}`)).json();
    expect(detail.identity.enrolled).toEqual({
      at: server.clock.now(),
      portrait: true,
      document: 'cedula',
      documentQr: `https://gob.ec/qr/${person(HERE).document}`,
    });
  });

  test('without an enrolment there is nothing to see', async () => {
    const { attemptId } = await kiosk(server, HERE);
    expect(outcome(await look('proctor', attemptId, 'portrait'))).toBe('not-found');
    const detail = (await ask('proctor', 'GET', `/api/attempts/${attemptId}`)).json();
    expect(detail.identity.enrolled).toBeNull();
    expect(trail('portrait-viewed')).toEqual([]);
  });
});
