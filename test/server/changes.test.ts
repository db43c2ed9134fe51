import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EpisodeId, IncidentId } from '#shared/kernel/ids.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { ROLES, type Role, roleHas } from '#shared/wire/roles.ts';
import { manifestOf, newReleaseKey, signWith } from '#test/support/signed-release.ts';
import {
  enrol,
  kiosk,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from './harness.ts';
import {
  enrolFace,
  enrolmentToken,
  jpegOf,
  outcome,
  submission,
} from './identity/enrolment-data.ts';
import { gatherStaffRoutes } from './staff-routes.ts';

// Every change by staff and its entry in the audit trail are one: when the entry cannot be written, nothing was changed
// and nothing was shown. Driven by the routes that the server declares: a new one without a case here is red.

const gathered = gatherStaffRoutes();
const REASON = 'así lo pide la prueba';
const STILL = jpegOf('still', 2_000);
const HASH = createHash('sha256').update(STILL).digest('hex');
const BUILD = 'b'.repeat(64);
const DAY = 24 * 60 * MINUTE;
const LINUX = { platform: 'linux', arch: 'x64' };

let server: TestServer;
/** Has signed in, with an incident's still; and one whose session nobody has entered. */
let seated: TestKiosk;
/** Three who state the same at once, and what they state. */
let together: readonly TestKiosk[];
const TOGETHER = 'low-light-40' as IncidentId;
let spareDevice: string;
let laterSession: string;
let examId: string;
const cookies = new Map<Role, string>();

const one = (sql: string): string => server.sqlite.prepare(sql).pluck().get() as string;
const inject = (method: StaffMethod, url: string, role: Role, payload?: object) =>
  server.app.inject({
    method,
    url,
    headers: { cookie: cookies.get(role) ?? '' },
    ...(payload === undefined ? {} : { payload }),
  });
type StaffMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

beforeAll(async () => {
  server = await startServer({
    examinees: 12,
    thumbnails: true,
    deps: {
      beforeRoutes: gathered.beforeRoutes,
      limits: { codesPerPerson: 1_000, signInsPerPerson: 1_000 },
    },
  });
  for (const role of ROLES) cookies.set(role, await staffCookie(server, role));
  for (const person of [1, 2]) await enrolFace(server, 0, person);
  await enrolFace(server, 1);
  await enrolFace(server, 6);
  enrolling = await enrolmentToken(server, 4);
  enrolled = await enrolmentToken(server, 6);
  seated = await kiosk(server, 0);
  const headers = { authorization: `Bearer ${seated.token}` };
  await server.app.inject({
    method: 'POST',
    url: `/api/attempts/${seated.attemptId}/entries`,
    headers,
    payload: { entries: [seated.opened()] },
  });
  for (const path of [`evidence/${HASH}`, 'thumbnail']) {
    await server.app.inject({
      method: 'PUT',
      url: `/api/attempts/${seated.attemptId}/${path}`,
      headers: { ...headers, 'content-type': 'image/jpeg' },
      payload: STILL,
    });
  }
  together = await Promise.all([7, 8, 9].map((index) => kiosk(server, index, seated.device)));
  for (const one of together) {
    const episodeId = 'episode-low-light-40' as EpisodeId;
    const incident = {
      id: TOGETHER,
      kind: 'low-light',
      startedT: 40,
      openedT: 40,
      counted: true,
      episodeId,
      facts: {},
    };
    await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${one.attemptId}/entries`,
      headers: { authorization: `Bearer ${one.token}` },
      payload: {
        entries: [
          one.opened(),
          one.next('incident-opened', { incident, evidence: [] }),
          one.next('copy-attempt', { incidentId: TOGETHER, episodeId, number: 1 }),
        ],
      },
    });
  }
  await vi.waitFor(() =>
    expect(one('SELECT count(*) FROM attempts WHERE broken_reason IS NOT NULL')).toBe(3),
  );
  // What is checked beside the ingest is stored by then.
  await vi.waitFor(() =>
    expect(one(`SELECT verified_seq FROM attempts WHERE id = '${seated.attemptId}'`)).toBe(1),
  );
  spareDevice = (await enrol(server, 1, 'PC-02')).deviceId;
  laterSession = one('SELECT id FROM sessions ORDER BY starts_at DESC');
  examId = one('SELECT id FROM exams');
  const manifest = manifestOf('2.0.0', 'Atalaya-2.0.0-linux-x64.deb', Buffer.from('installer'));
  await server.deps.releases.add({
    platform: 'linux',
    arch: 'x64',
    version: '2.0.0',
    signed: signWith(newReleaseKey(), manifest),
    manifest,
    addedAt: server.clock.now(),
    addedBy: 'test',
  });
});
afterAll(() => server.close());

interface Case {
  readonly role: Role;
  /** The address with its parameters filled in. */
  readonly url: () => string;
  readonly payload?: () => object;
}

const coordinator = (url: () => string, payload?: () => object): Case =>
  payload === undefined ? { role: 'coordinator', url } : { role: 'coordinator', url, payload };
const stage = (version: string | null) => () => ({
  ...LINUX,
  scope: 'all',
  scopeId: '',
  version,
  permit: null,
});

/** What changes something, in an order in which each can succeed. */
const CHANGES: Readonly<Record<string, Case>> = {
  'POST /api/devices/codes': coordinator(
    () => '/api/devices/codes',
    () => ({ count: 2, roomId: null, validHours: 24 }),
  ),
  'DELETE /api/devices/codes': coordinator(() => '/api/devices/codes'),
  'POST /api/devices/:deviceId/revoke': coordinator(
    () => `/api/devices/${spareDevice}/revoke`,
    () => ({ reason: REASON }),
  ),
  'PUT /api/builds/:build': coordinator(
    () => `/api/builds/${BUILD}`,
    () => ({ label: 'Noviembre' }),
  ),
  'DELETE /api/builds/:build': coordinator(() => `/api/builds/${BUILD}`),
  'POST /api/releases/stages': coordinator(() => '/api/releases/stages', stage('2.0.0')),
  'POST /api/releases/withdrawals': coordinator(
    () => '/api/releases/withdrawals',
    () => ({ ...LINUX, version: '2.0.0', reason: REASON }),
  ),
  'POST /api/enrolments/:examineeId/room-code': coordinator(
    () => '/api/enrolments/examinee-1/room-code',
  ),
  'POST /api/enrolments/:examineeId/decision': coordinator(
    () => '/api/enrolments/examinee-1/decision',
    () => ({ decision: 'approve', reason: REASON }),
  ),
  'POST /api/enrolments/:examineeId/delete': coordinator(
    () => '/api/enrolments/examinee-2/delete',
    () => ({ reason: REASON }),
  ),
  'POST /api/enrolment-windows': coordinator(
    () => '/api/enrolment-windows',
    () => ({
      venueId: null,
      opensAt: server.clock.now() + DAY,
      closesAt: server.clock.now() + 2 * DAY,
      reason: REASON,
    }),
  ),
  'DELETE /api/enrolment-windows/:id': coordinator(
    () => '/api/enrolment-windows/demo',
    () => ({ reason: REASON }),
  ),
  'POST /api/sessions/:sessionId/identity': coordinator(
    () => `/api/sessions/${laterSession}/identity`,
    () => ({ check: 'face', challenge: false, reason: REASON }),
  ),
  'POST /api/exams/:examId/thumbnails': coordinator(
    () => `/api/exams/${examId}/thumbnails`,
    () => ({ allowed: false, reason: REASON }),
  ),
  'POST /api/attempts/:attemptId/hold': coordinator(
    () => `/api/attempts/${seated.attemptId}/hold`,
    () => ({ held: true, reason: REASON }),
  ),
  'POST /api/retention/:examId': coordinator(
    () => `/api/retention/${examId}`,
    () => ({ claimsClosedAt: null, retentionDays: 90, reason: REASON }),
  ),
  'POST /api/rooms/:roomId/sessions/:sessionId/dismissals': coordinator(
    () => `/api/rooms/room-1/sessions/${seated.ticket.sessionId}/dismissals`,
    () => ({
      key: 'dismissal-of-the-test',
      kind: 'low-light',
      reason: REASON,
      extraMs: 0,
      attempts: together.map(({ attemptId }) => ({ attemptId, incidentId: TOGETHER })),
    }),
  ),
  'POST /api/attempts/:attemptId/commands': coordinator(
    () => `/api/attempts/${seated.attemptId}/commands`,
    () => ({ key: 'order-of-the-test', command: { type: 'pause', reason: REASON } }),
  ),
};

/** What changes nothing and shows what may only be shown with an entry; before the changes above. */
const LOOKS: Readonly<Record<string, Case>> = {
  'GET /api/attempts/:attemptId': coordinator(() => `/api/attempts/${seated.attemptId}`),
  'GET /api/attempts/:attemptId/export': coordinator(
    () => `/api/attempts/${seated.attemptId}/export`,
  ),
  'GET /api/attempts/:attemptId/evidence/:hash': coordinator(
    () => `/api/attempts/${seated.attemptId}/evidence/${HASH}`,
  ),
  'GET /api/attempts/:attemptId/identity/:what': coordinator(
    () => `/api/attempts/${seated.attemptId}/identity/portrait`,
  ),
  'GET /api/attempts/:attemptId/thumbnail': coordinator(
    () => `/api/attempts/${seated.attemptId}/thumbnail`,
  ),
  'GET /api/enrolments/:examineeId/pictures/:picture': coordinator(
    () => '/api/enrolments/examinee-1/pictures/new-portrait',
  ),
  'POST /api/rooms/:roomId/sessions/:sessionId/exit-code': {
    role: 'proctor',
    url: () => `/api/rooms/room-1/sessions/${seated.ticket.sessionId}/exit-code`,
  },
};

/** Lists and overviews: who may see them sees them, without an entry. */
const PLAIN = [
  'GET /api/staff/me',
  'GET /api/rooms',
  'GET /api/devices',
  'GET /api/devices/:deviceId',
  'GET /api/builds',
  'GET /api/releases',
  'GET /api/enrolments',
  'GET /api/identity-settings',
  'GET /api/retention',
  'GET /api/retention/:examId/attempts',
  'GET /api/certificates/:id',
];

/** All that is stored but the trail itself: a digest of each table. */
const stored = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    server.sqlite
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all()
      .map(String)
      .filter((name) => name !== 'audit')
      .map((name) => {
        // What the server notes by itself from time to time is nobody's change.
        const own = name === 'meta' ? "WHERE key NOT IN ('storage-probe', 'certain-time')" : '';
        const rows = JSON.stringify(server.sqlite.prepare(`SELECT * FROM ${name} ${own}`).all());
        return [name, createHash('sha256').update(rows).digest('hex').slice(0, 12)];
      }),
  );
const entries = (): number => Number(one('SELECT count(*) FROM audit'));

/** While it runs, nothing can be written to the trail. */
const withoutTrail = async <T>(work: () => Promise<T>): Promise<T> => {
  server.sqlite.exec(
    "CREATE TEMP TRIGGER no_trail BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no trail'); END",
  );
  try {
    return await work();
  } finally {
    server.sqlite.exec('DROP TRIGGER no_trail');
  }
};

/** While it runs, the database's disk is full: as SQLite says it, whatever is written. */
const onFullDisk = async <T>(work: () => Promise<T>): Promise<T> => {
  const { sqlite } = server;
  sqlite.function('full_disk', () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  });
  const triggers = sqlite
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
    .flatMap((table) =>
      ['INSERT', 'UPDATE', 'DELETE'].map((how) => [`full_${table}_${how}`, how, table]),
    );
  for (const [name, how, table] of triggers) {
    sqlite.exec(
      `CREATE TEMP TRIGGER ${name} BEFORE ${how} ON ${table} BEGIN SELECT full_disk(); END`,
    );
  }
  try {
    return await work();
  } finally {
    for (const [name] of triggers) sqlite.exec(`DROP TRIGGER ${name}`);
  }
};
const isFull = async (work: () => ReturnType<typeof inject>): Promise<void> => {
  const answer = await onFullDisk(work);
  expect([answer.statusCode, outcome(answer)]).toEqual([503, 'storage-failed']);
  expect(answer.headers['retry-after'], 'it says when to come again').toBeDefined();
};

test('each route for staff is a change, a look or a plain view', () => {
  const known = [...Object.keys(CHANGES), ...Object.keys(LOOKS), ...PLAIN];
  expect(gathered.routes.map(({ name }) => name).sort()).toEqual(known.sort());
});

const ask = (name: string, { role, url, payload }: Case) =>
  inject(name.split(' ')[0] as StaffMethod, url(), role, payload?.());

describe.each(Object.entries(LOOKS))('%s', (name, look) => {
  test('is storage-failed on a full disk', () => isFull(() => ask(name, look)));

  test('shows nothing when the look cannot be entered, and enters it when it can', async () => {
    const before = stored();
    const refused = await withoutTrail(() => ask(name, look));
    expect(outcome(refused)).toBe('server-failed');
    expect(stored()).toEqual(before);
    const count = entries();
    expect((await ask(name, look)).statusCode).toBe(200);
    expect(entries()).toBe(count + 1);
    expect(stored()).toEqual(before);
  });
});

describe.each(Object.entries(CHANGES))('%s', (name, change) => {
  test('is storage-failed on a full disk', () => isFull(() => ask(name, change)));

  test('changes nothing without its entry, and with it everything', async () => {
    const before = stored();
    const refused = await withoutTrail(() => ask(name, change));
    expect(outcome(refused)).toBe('server-failed');
    expect(stored()).toEqual(before);
    const count = entries();
    const done = await ask(name, change);
    expect([done.statusCode, done.statusCode === 200 ? '' : done.body]).toEqual([200, '']);
    expect(entries()).toBeGreaterThan(count);
    expect(stored()).not.toEqual(before);
  });
});

test('signing in and out is a change too', async () => {
  const { user, password } = server.credentials.staff[0] ?? {};
  const signIn = () =>
    server.app.inject({ method: 'POST', url: '/api/staff/sign-in', payload: { user, password } });
  const before = stored();
  expect(outcome(await withoutTrail(signIn))).toBe('server-failed');
  expect(stored()).toEqual(before);
  const answer = await signIn();
  const [cookie] = answer.cookies;
  const signOut = () =>
    server.app.inject({
      method: 'POST',
      url: '/api/staff/sign-out',
      headers: { cookie: `${cookie?.name}=${cookie?.value}` },
    });
  const signedIn = stored();
  expect(signedIn).not.toEqual(before);
  expect(outcome(await withoutTrail(signOut))).toBe('server-failed');
  expect(stored()).toEqual(signedIn);
  expect((await signOut()).statusCode).toBe(200);
  expect(stored()).toEqual(before);
  expect(one('SELECT action FROM audit ORDER BY id DESC LIMIT 1')).toBe('staff-signed-out');
});

describe('what devices and examinees change is entered in the same way', () => {
  const attempt = (url: string, headers: object, payload: object) => () =>
    server.app.inject({ method: 'POST', url, headers: { ...headers }, payload });

  test('enrolling a device, signing in on it', async () => {
    const name = `PC-${randomUUID().slice(0, 8)}`;
    const publicKey = 'A'.repeat(43);
    const enrolment = attempt(
      '/api/devices/enrol',
      {},
      {
        code: server.credentials.enrolmentCodes[2],
        name,
        publicKey,
      },
    );
    const person = server.credentials.examinees[5];
    const signIn = (token: string) =>
      attempt(
        '/api/examinees/sign-in',
        { authorization: `Bearer ${token}` },
        {
          document: person?.document,
          secret: person?.accessCode,
          deviceTime: server.clock.now(),
        },
      );
    // The codes were ended above.
    server.sqlite.exec('UPDATE enrolment_codes SET expires_at = 9999999999999');
    const before = stored();
    expect(outcome(await withoutTrail(enrolment))).toBe('server-failed');
    expect(stored()).toEqual(before);
    const enrolled = await enrolment();
    expect(enrolled.statusCode).toBe(200);
    const { deviceToken } = enrolled.json() as { deviceToken: string };
    const then = stored();
    expect(outcome(await withoutTrail(signIn(deviceToken)))).toBe('server-failed');
    expect(stored()).toEqual(then);
    expect((await signIn(deviceToken)()).statusCode).toBe(200);
  });
});

/** What devices and examinees send, and staff before they are anybody. */
const OTHERS: Readonly<Record<string, () => ReturnType<typeof inject>>> = {
  'POST /api/staff/sign-in': () => {
    const { user, password } = server.credentials.staff[0] ?? {};
    return send('POST', '/api/staff/sign-in', {}, { user, password });
  },
  'POST /api/staff/sign-out': () =>
    send('POST', '/api/staff/sign-out', { cookie: cookies.get('authority') }),
  'POST /api/staff/sign-out-everywhere': () =>
    send('POST', '/api/staff/sign-out-everywhere', { cookie: cookies.get('authority') }),
  'POST /api/devices/enrol': () => {
    const code = server.credentials.enrolmentCodes[3];
    return send('POST', '/api/devices/enrol', {}, { code, name: 'PC', publicKey: 'B'.repeat(43) });
  },
  'POST /api/examinees/sign-in': () => {
    const person = server.credentials.examinees[0];
    const { accessCode: secret, document } = person ?? {};
    const deviceTime = server.clock.now();
    return send('POST', '/api/examinees/sign-in', device(), { document, secret, deviceTime });
  },
  'POST /api/attempts/:attemptId/entries': () =>
    send('POST', `/api/attempts/${seated.attemptId}/entries`, examinee(), {
      entries: seated.visits(1),
    }),
  'PUT /api/attempts/:attemptId/evidence/:hash': () =>
    server.app.inject({
      method: 'PUT',
      url: `/api/attempts/${seated.attemptId}/evidence/${OTHER_HASH}`,
      headers: { ...examinee(), 'content-type': 'image/jpeg' },
      payload: OTHER_STILL,
    }),
  'PUT /api/devices/me/passport': () => send('PUT', '/api/devices/me/passport', device(), PASSPORT),
  'POST /api/enrolment/sign-in': () => {
    const { accessCode: secret, document } = server.credentials.examinees[3] ?? {};
    return send('POST', '/api/enrolment/sign-in', {}, { document, secret });
  },
  'POST /api/enrolment/submit': () =>
    send(
      'POST',
      '/api/enrolment/submit',
      enrolling,
      submission(server.credentials.examinees[4]?.document ?? '', 5),
    ),
  'POST /api/enrolment/me/delete': () => send('POST', '/api/enrolment/me/delete', enrolled),
};
const PASSPORT = {
  format: 'atalaya-passport-1',
  createdAt: 1,
  device: {
    name: 'PC-01',
    manufacturer: 'LENOVO',
    model: 'L14',
    system: 'linux 6.12',
    architecture: 'x64',
    processor: 'x',
    memoryMb: 8_000,
  },
  host: { kind: 'electron', version: '0.1.0', build: BUILD },
  keyStore: 'libsecret',
  coverage: {},
  requirements: [],
  risks: [],
};
const OTHER_STILL = jpegOf('another still', 2_000);
const OTHER_HASH = createHash('sha256').update(OTHER_STILL).digest('hex');
let enrolling: object;
let enrolled: object;
const device = () => ({ authorization: `Bearer ${seated.device.deviceToken}` });
const examinee = () => ({ authorization: `Bearer ${seated.token}` });
const send = (method: StaffMethod, url: string, headers: object, payload?: object) =>
  server.app.inject({
    method,
    url,
    headers: { ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

/** They keep nothing: small pictures stay in memory, and what comes by frames goes the ways above. */
const KEEP_NOTHING: readonly string[] = [
  'PUT /api/attempts/:attemptId/thumbnail',
  'POST /api/rooms/:roomId/sessions/:sessionId/frames',
  'POST /api/kiosk/frames',
];

describe('on a full disk', () => {
  beforeAll(() => {
    // Codes and dates were ended above.
    server.sqlite.exec('UPDATE enrolment_codes SET expires_at = 9999999999999');
    server.sqlite.exec('UPDATE enrolment_windows SET opens_at = 0, closes_at = 9999999999999');
  });

  test('every route that may write is tried', () => {
    const tried = [...Object.keys(CHANGES), ...Object.keys(LOOKS), ...Object.keys(OTHERS)];
    const left = gathered.writing.filter((name) => !tried.includes(name));
    expect(left.sort()).toEqual([...KEEP_NOTHING].sort());
  });

  test.each(Object.entries(OTHERS))('%s is storage-failed', (_name, ask) => isFull(ask));
});

/** What the right alone is not enough for: these orders are for everywhere. */
const BEYOND_REACH: Partial<Record<Role, readonly string[]>> = {
  'lab-technician': ['POST /api/releases/stages', 'POST /api/releases/withdrawals'],
};

describe('who may', () => {
  test.each(ROLES.map((role) => [role] as const))('%s: what the table says', async (role) => {
    const found: string[] = [];
    const expected: string[] = [];
    for (const { name, method, url, right } of gathered.routes) {
      if (right === null) continue;
      // Whatever is missing otherwise, it is not said to who has no right.
      const { payload } = { ...CHANGES[name], ...LOOKS[name] } as Partial<Case>;
      const place = url
        .replace(':hash', HASH)
        .replace(':build', 'c'.repeat(64))
        .replace(':picture', 'portrait')
        .replace(':what', 'portrait')
        .replace(/:\w+/g, 'nobody');
      const query = url === '/api/enrolments' ? '?search=nobody' : '';
      const answer = await inject(method, place + query, role, payload?.());
      if (outcome(answer) === 'forbidden') found.push(name);
      if (!roleHas(role, right) || BEYOND_REACH[role]?.includes(name)) expected.push(name);
    }
    expect(found).toEqual(expected);
  });

  test('nobody who is not signed in', async () => {
    for (const { name, method, url } of gathered.routes) {
      const { payload } = { ...CHANGES[name], ...LOOKS[name] } as Partial<Case>;
      const place = url
        .replace(':hash', HASH)
        .replace(':build', BUILD)
        .replace(':picture', 'portrait')
        .replace(':what', 'portrait')
        .replace(/:\w+/g, 'nobody');
      const query = url === '/api/enrolments' ? '?search=nobody' : '';
      const answer = await server.app.inject({
        method,
        url: place + query,
        ...(payload === undefined ? {} : { payload: payload() }),
      });
      expect([name, outcome(answer)]).toEqual([name, 'unauthorised']);
    }
  });
});
