import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import type { ServerToDashboard } from '#shared/wire/dashboard.ts';
import type { Builds, DeviceDetail, DeviceRow, DevicesResponse } from '#shared/wire/devices.ts';
import type { Passport } from '#shared/wire/passport.ts';
import type { Role } from '#shared/wire/roles.ts';
import {
  connect,
  enrol,
  kiosk,
  newKey,
  roomSocket,
  signIn,
  staffCookie,
  startServer,
  type TestDevice,
  type TestServer,
} from '#test/server/harness.ts';

const BUILD = 'ab'.repeat(32);
const OTHER_BUILD = 'cd'.repeat(32);
const MACHINE: Passport['device'] = {
  name: 'PC-01',
  manufacturer: 'LENOVO',
  model: 'ThinkPad L14',
  system: 'linux 6.12',
  architecture: 'x64',
  processor: 'x',
  memoryMb: 8_000,
};
const ROLES: readonly Role[] = [
  'proctor',
  'supervisor',
  'coordinator',
  'lab-technician',
  'exam-author',
  'career-director',
  'authority',
];

let server: TestServer;
const cookies = new Map<Role, string>();

beforeAll(async () => {
  server = await startServer({
    examinees: 31,
    enrolmentCodes: 12,
    deps: { limits: { passportsPerDevice: 1_000, codesPerPerson: 1_000 } },
  });
  for (const role of ROLES) cookies.set(role, await staffCookie(server, role));
  // A second venue with its own technician: what one venue sees, the other must not.
  server.sqlite.exec(`
    INSERT INTO venues (id, name) VALUES ('venue-2', 'Sede Milagro');
    INSERT INTO rooms VALUES ('room-far', 'venue-2', 'Lab lejano', '{"rows":1,"columns":1,"seats":[]}');
  `);
});
afterAll(() => server.close());

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const ask = (role: Role, method: Method, url: string, payload?: object) =>
  server.app.inject({
    method,
    url,
    headers: { cookie: cookies.get(role) ?? '' },
    ...(payload === undefined ? {} : { payload }),
  });

const passport = (change: Partial<Passport> = {}): Passport => ({
  format: 'atalaya-passport-1',
  createdAt: server.clock.now(),
  device: MACHINE,
  host: { kind: 'electron', version: '0.1.0', build: BUILD },
  keyStore: 'libsecret',
  coverage: Object.fromEntries(
    INCIDENT_KINDS.map((kind, i) => [
      kind,
      i === 0
        ? { level: 'enforced' as const }
        : i < 4
          ? { level: 'not-watched' as const, reason: 'wayland' as const }
          : { level: 'detected' as const },
    ]),
  ),
  requirements: [{ id: 'display', outcome: 'ok', blocks: true }],
  risks: [],
  ...change,
});

const upload = (device: Pick<TestDevice, 'deviceToken'>, body: object) =>
  server.app.inject({
    method: 'PUT',
    url: '/api/devices/me/passport',
    headers: { authorization: `Bearer ${device.deviceToken}` },
    payload: body,
  });

const rows = async (role: Role): Promise<readonly DeviceRow[]> =>
  ((await ask(role, 'GET', '/api/devices')).json() as DevicesResponse).devices;
const rowOf = async (id: string): Promise<DeviceRow | undefined> =>
  (await rows('coordinator')).find((row) => row.id === id);
const detail = async (id: string): Promise<DeviceDetail> =>
  (await ask('coordinator', 'GET', `/api/devices/${id}`)).json() as DeviceDetail;
const audits = (action: string) =>
  server.sqlite
    .prepare<[string], { actor: string; subject: string; detail: string }>(
      'SELECT actor, subject, detail FROM audit WHERE action = ? ORDER BY id',
    )
    .all(action);

describe('a passport', () => {
  let device: TestDevice;
  beforeAll(async () => {
    device = await enrol(server, 0, 'PC-PASS');
  });

  test('is kept and summed up', async () => {
    expect((await rowOf(device.deviceId))?.passport).toBeNull();
    const answer = await upload(device, passport());
    expect([answer.statusCode, answer.json()]).toEqual([200, { build: 'not-checked' }]);
    expect(await rowOf(device.deviceId)).toMatchObject({
      name: 'PC-PASS',
      venue: expect.any(String),
      room: null,
      inUse: false,
      revoked: null,
      passport: {
        model: 'LENOVO ThinkPad L14',
        verdict: 'ok',
        enforced: 1,
        notWatched: 3,
        detected: INCIDENT_KINDS.length - 4,
        warnings: 0,
        keyStore: 'libsecret',
      },
    });
    expect((await detail(device.deviceId)).passport).toEqual(passport());
  });

  test('sent again it is not stored again; another one is, and the earlier ones are kept', async () => {
    server.clock.advance(60_000);
    await upload(device, passport({ createdAt: server.clock.now() }));
    expect((await detail(device.deviceId)).history).toHaveLength(0);
    await upload(device, passport({ risks: [{ id: 'clipboard-manager', names: ['copyq'] }] }));
    const { history, device: row } = await detail(device.deviceId);
    expect(history).toMatchObject([{ version: '0.1.0', verdict: 'ok' }]);
    expect(row.passport).toMatchObject({ verdict: 'warnings', warnings: 1 });
  });

  test('only the newest thirty are kept', async () => {
    for (let i = 0; i < 35; i += 1) {
      server.clock.advance(60_000);
      await upload(
        device,
        passport({ host: { kind: 'electron', version: `1.0.${i}`, build: BUILD } }),
      );
    }
    const stored = server.sqlite
      .prepare('SELECT count(*) AS n FROM passports WHERE device_id = ?')
      .get(device.deviceId) as { n: number };
    expect(stored.n).toBe(30);
    expect((await detail(device.deviceId)).history[0]?.version).toBe('1.0.33');
  });

  test('a device that sends too many is slowed down; another one is not', async () => {
    const own = await startServer({ deps: { limits: { passportsPerDevice: 3 } } });
    const send = async (device: TestDevice): Promise<number> =>
      (
        await own.app.inject({
          method: 'PUT',
          url: '/api/devices/me/passport',
          headers: { authorization: `Bearer ${device.deviceToken}` },
          payload: passport(),
        })
      ).statusCode;
    const eager = await enrol(own, 0, 'PC-EAGER');
    const answers: number[] = [];
    for (let i = 0; i < 5; i += 1) answers.push(await send(eager));
    expect(answers).toEqual([200, 200, 200, 429, 429]);
    expect(await send(await enrol(own, 1, 'PC-CALM'))).toBe(200);
    await own.close();
  });

  test.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer nobody-has-this-token-here' }],
  ])('%s: refused', async (_name, headers) => {
    const answer = await server.app.inject({
      method: 'PUT',
      url: '/api/devices/me/passport',
      headers,
      payload: passport(),
    });
    expect(answer.statusCode).toBe(401);
  });

  test.each([
    ['a person in it', { owner: 'Rosa' }],
    ['what is no name of a kind', { coverage: { 'Tele pathy': { level: 'detected' } } }],
    ['a risk that nobody knows', { risks: [{ id: 'ghost', names: [] }] }],
    ['an endless name', { device: { ...MACHINE, model: 'x'.repeat(81) } }],
    ['another format', { format: 'atalaya-passport-2' }],
  ])('%s: refused', async (_name, change) => {
    expect((await upload(device, { ...passport(), ...change })).statusCode).toBe(400);
  });

  test('a kind of a later build is kept', async () => {
    const later = await enrol(server, 9, 'PC-LATER');
    const coverage = { ...passport().coverage, telepathy: { level: 'detected' } };
    expect((await upload(later, { ...passport(), coverage })).statusCode).toBe(200);
    expect((await detail(later.deviceId)).passport).toMatchObject({ coverage });
    expect((await rowOf(later.deviceId))?.passport).toMatchObject({ enforced: 1, notWatched: 3 });
  });
});

describe('who may do what with devices', () => {
  let near: TestDevice;
  let far: TestDevice;
  beforeAll(async () => {
    near = await enrol(server, 4, 'PC-NEAR');
    far = await enrol(server, 5, 'PC-FAR');
    server.sqlite
      .prepare("UPDATE devices SET venue_id = 'venue-2', room_id = 'room-far' WHERE id = ?")
      .run(far.deviceId);
  });

  /** [list, near detail, far detail, revoke far, codes, codes for a far room, builds, allow a build] */
  const TABLE: readonly (readonly [Role, readonly number[]])[] = [
    ['proctor', [403, 403, 403, 403, 403, 403, 403, 403]],
    ['supervisor', [403, 403, 403, 403, 403, 403, 403, 403]],
    ['lab-technician', [200, 200, 404, 404, 200, 404, 200, 403]],
    ['exam-author', [403, 403, 403, 403, 403, 403, 403, 403]],
    ['career-director', [403, 403, 403, 403, 403, 403, 403, 403]],
    ['authority', [403, 403, 403, 403, 403, 403, 403, 403]],
    ['coordinator', [200, 200, 200, 200, 200, 200, 200, 200]],
  ];

  test.each(TABLE)('%s', async (role, expected) => {
    const code = { count: 1, validHours: 1 };
    const answers = [
      await ask(role, 'GET', '/api/devices'),
      await ask(role, 'GET', `/api/devices/${near.deviceId}`),
      await ask(role, 'GET', `/api/devices/${far.deviceId}`),
      await ask(role, 'POST', `/api/devices/${far.deviceId}/revoke`, { reason: 'prueba' }),
      await ask(role, 'POST', '/api/devices/codes', { ...code, roomId: 'room-1' }),
      await ask(role, 'POST', '/api/devices/codes', { ...code, roomId: 'room-far' }),
      await ask(role, 'GET', '/api/builds'),
      await ask(role, 'PUT', `/api/builds/${OTHER_BUILD}`, { label: 'x' }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(expected);
  });

  test('a technician sees the own venue only, and a device of none not at all', async () => {
    server.sqlite.exec(
      "INSERT INTO devices (id, name, public_key, token_hash, enrolled_at) VALUES ('device-lost', 'PC-LOST', 'x', 'x', 0)",
    );
    const names = (await rows('lab-technician')).map(({ name }) => name);
    expect(names).toContain('PC-NEAR');
    expect(names).not.toContain('PC-FAR');
    expect(names).not.toContain('PC-LOST');
    expect((await rows('coordinator')).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['PC-NEAR', 'PC-FAR', 'PC-LOST']),
    );
  });

  test.each(['GET /api/devices', 'GET /api/builds', 'DELETE /api/devices/codes'])(
    'without a session: %s',
    async (line) => {
      const [method, url] = line.split(' ') as [Method, string];
      expect((await server.app.inject({ method, url })).statusCode).toBe(401);
    },
  );

  test('a device that is not there looks like one out of reach', async () => {
    const answer = await ask('lab-technician', 'GET', '/api/devices/device-none');
    expect(answer.json()).toEqual(
      (await ask('lab-technician', 'GET', `/api/devices/${far.deviceId}`)).json(),
    );
  });

  test('a foreign page may not revoke in somebody’s name', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/devices/${near.deviceId}/revoke`,
      headers: { cookie: cookies.get('coordinator') ?? '', origin: 'https://evil.example' },
      payload: { reason: 'prueba' },
    });
    expect(answer.statusCode).toBe(403);
    expect((await rowOf(near.deviceId))?.revoked).toBeNull();
  });
});

describe('revoking', () => {
  test('ends the token and what was signed in on it, and is on record', async () => {
    const device = await enrol(server, 6, 'PC-GONE');
    const person = server.credentials.examinees[5];
    if (person === undefined) throw new Error('no examinee');
    expect((await signIn(server, device, person)).statusCode).toBe(200);
    const url = `/api/devices/${device.deviceId}/revoke`;
    expect((await ask('lab-technician', 'POST', url, { reason: 'equipo robado' })).statusCode).toBe(
      200,
    );
    expect((await signIn(server, device, person)).json()).toMatchObject({
      problem: { code: 'device-not-enrolled' },
    });
    expect((await upload(device, passport())).statusCode).toBe(401);
    const tokens = server.sqlite
      .prepare('SELECT count(*) AS n FROM examinee_tokens WHERE device_id = ?')
      .get(device.deviceId);
    expect(tokens).toEqual({ n: 0 });
    expect((await rowOf(device.deviceId))?.revoked).toMatchObject({ reason: 'equipo robado' });
    expect(audits('device-revoked').at(-1)).toMatchObject({ subject: device.deviceId });
    const again = await ask('lab-technician', 'POST', url, { reason: 'otra vez' });
    expect(again.statusCode).toBe(409);
  });

  test('waits for an exam that is under way, also right after a restart of the server', async () => {
    const own = await startServer();
    try {
      const examinee = await kiosk(own, 0);
      const socket = await connect(own, examinee);
      const start = own.clock.now();
      const entries = [
        examinee.opened(),
        examinee.next('device-checked', { results: [] }),
        examinee.next('rules-accepted', { rulesVersion: '1', locale: 'es' }),
        examinee.next('framing-confirmed', { evidence: [] }),
        examinee.next('exam-started', {
          durationMs: 60_000,
          shiftEndsT: start,
          formHash: '0'.repeat(64),
        }),
      ];
      socket.send({ type: 'entries', entries });
      await socket.until((m) => m.type === 'ack');
      socket.close();
      const restarted = await own.restart();
      const cookie = await staffCookie(restarted, 'coordinator');
      const revoke = () =>
        restarted.app.inject({
          method: 'POST',
          url: `/api/devices/${examinee.device.deviceId}/revoke`,
          headers: { cookie },
          payload: { reason: 'equipo robado' },
        });
      expect((await revoke()).statusCode).toBe(409);
      const again = await connect(restarted, examinee);
      again.send({
        type: 'entries',
        entries: [examinee.next('attempt-closed', { by: 'examinee', remainingMs: 0 })],
      });
      await again.until((m) => m.type === 'ack');
      expect((await revoke()).statusCode).toBe(200);
      // What the closed attempt still has to deliver may come.
      again.send({ type: 'entries', entries: [examinee.next('checkpoint', {})] });
      await again.until((m) => m.type === 'ack' && m.seq === 7);
      again.close();
      await restarted.close();
    } finally {
      await own.close();
    }
  });
});

describe('enrolment codes', () => {
  beforeEach(() => server.clock.advance(61_000));
  const make = async (role: Role, payload: object) =>
    (await ask(role, 'POST', '/api/devices/codes', payload)).json() as {
      codes: string[];
      expiresAt: number;
    };
  const use = (code: string | undefined) =>
    server.app.inject({
      method: 'POST',
      url: '/api/devices/enrol',
      payload: { code, name: 'PC-NEW', publicKey: newKey().publicKey },
    });

  test('bring the device to its room and venue; only their hashes are stored', async () => {
    const { codes, expiresAt } = await make('lab-technician', {
      count: 3,
      roomId: 'room-1',
      validHours: 2,
    });
    expect(new Set(codes).size).toBe(3);
    expect(codes[0]).toMatch(/^[2-9A-HJ-NP-TW-Z]{4}-[2-9A-HJ-NP-TW-Z]{4}$/);
    expect(expiresAt - server.clock.now()).toBe(2 * 60 * 60_000);
    const dump = JSON.stringify(server.sqlite.prepare('SELECT * FROM enrolment_codes').all());
    expect(dump).not.toContain(codes[0]?.replace('-', ''));
    const enrolled = (await use(codes[0])).json() as { deviceId: string };
    expect(await rowOf(enrolled.deviceId)).toMatchObject({ room: { id: 'room-1' } });
    expect((await use(codes[0])).json()).toMatchObject({ problem: { code: 'code-used' } });
    expect(audits('enrolment-codes-made').at(-1)?.detail).not.toContain(codes[1]);
  });

  test('end with their time', async () => {
    const { codes } = await make('lab-technician', { count: 1, roomId: null, validHours: 1 });
    server.clock.advance(60 * 60_000);
    expect((await use(codes[0])).json()).toMatchObject({ problem: { code: 'unknown-code' } });
  });

  test('can be ended, each venue its own', async () => {
    const mine = await make('lab-technician', { count: 2, roomId: 'room-1', validHours: 5 });
    const far = await make('coordinator', { count: 1, roomId: 'room-far', validHours: 5 });
    const { ended } = (await ask('lab-technician', 'DELETE', '/api/devices/codes')).json() as {
      ended: number;
    };
    expect(ended).toBeGreaterThanOrEqual(2);
    expect((await use(mine.codes[0])).json()).toMatchObject({ problem: { code: 'unknown-code' } });
    expect((await use(far.codes[0])).statusCode).toBe(200);
    const list = (await ask('lab-technician', 'GET', '/api/devices')).json() as DevicesResponse;
    expect(list.openCodes).toBe(0);
  });

  test.each([
    ['none', { count: 0 }],
    ['too many', { count: 201 }],
    ['for ever', { validHours: 721 }],
    ['half an hour', { validHours: 0.5 }],
  ])('%s: refused', async (_name, change) => {
    const answer = await ask('coordinator', 'POST', '/api/devices/codes', {
      count: 1,
      roomId: null,
      validHours: 1,
      ...change,
    });
    expect(answer.statusCode).toBe(400);
  });
});

describe('the list of builds', () => {
  const list = async (on: TestServer, cookie: string, build: string): Promise<void> => {
    const answer = await on.app.inject({
      method: 'PUT',
      url: `/api/builds/${build}`,
      headers: { cookie },
      payload: { label: 'Noviembre' },
    });
    expect(answer.statusCode).toBe(200);
  };
  const builds = async (): Promise<Builds> =>
    (await ask('coordinator', 'GET', '/api/builds')).json() as Builds;

  test.each([
    ['the list is empty', [], BUILD, 'not-checked'],
    ['it is on the list', [OTHER_BUILD, BUILD], BUILD, 'allowed'],
    ['it is not', [OTHER_BUILD], BUILD, 'not-allowed'],
    ['the kiosk names none', [OTHER_BUILD], null, 'unknown'],
  ])('the tile says so when %s', async (_name, listed, build, expected) => {
    const own = await startServer();
    try {
      const cookie = await staffCookie(own, 'coordinator');
      for (const one of listed) await list(own, cookie, one);
      const examinee = await kiosk(own, 0);
      const socket = await connect(own, examinee);
      socket.send({ type: 'entries', entries: [examinee.opened(build)] });
      await socket.until((m) => m.type === 'ack');
      const { room, sessionId } = examinee.ticket;
      const watching = await roomSocket(own, cookie, { roomId: room.id, sessionId });
      const tileIn = (message: ServerToDashboard) =>
        'tiles' in message
          ? message.tiles.find(({ attemptId }) => attemptId === examinee.attemptId)
          : undefined;
      expect(tileIn(await watching.until((m) => m.type === 'snapshot'))?.build).toBe(expected);
      // A change of the list reaches the open plan by itself.
      if (build !== null && expected !== 'allowed') {
        await list(own, cookie, build);
        await watching.until((m) => m.type === 'frame' && tileIn(m)?.build === 'allowed');
      }
      socket.close();
      watching.close();
    } finally {
      await own.close();
    }
  });

  test('names what runs where, and who put a build on it', async () => {
    await ask('coordinator', 'PUT', `/api/builds/${BUILD}`, { label: 'Noviembre 2026' });
    const { allowed, running } = await builds();
    expect(allowed.find(({ build }) => build === BUILD)).toMatchObject({ label: 'Noviembre 2026' });
    expect(running.find(({ build }) => build === BUILD)).toMatchObject({ state: 'allowed' });
    expect(audits('build-allowed').at(-1)?.detail).toContain(BUILD);
    await ask('coordinator', 'DELETE', `/api/builds/${BUILD}`);
    expect((await builds()).running.find(({ build }) => build === BUILD)?.state).toBe(
      'not-allowed',
    );
    expect((await ask('coordinator', 'DELETE', `/api/builds/${BUILD}`)).statusCode).toBe(404);
    expect(audits('build-forbidden')).toHaveLength(1);
  });

  test('is still there after a restart', async () => {
    const own = await startServer();
    try {
      const cookie = await staffCookie(own, 'coordinator');
      await list(own, cookie, OTHER_BUILD);
      const restarted = await own.restart();
      const device = await enrol(restarted, 0);
      const answer = await restarted.app.inject({
        method: 'PUT',
        url: '/api/devices/me/passport',
        headers: { authorization: `Bearer ${device.deviceToken}` },
        payload: passport(),
      });
      expect(answer.json()).toEqual({ build: 'not-allowed' });
      await restarted.close();
    } finally {
      await own.close();
    }
  });
});
