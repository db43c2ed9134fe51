import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import type { DevicesResponse } from '#shared/wire/devices.ts';
import type { Retention } from '#shared/wire/enrolment.ts';
import type { Role } from '#shared/wire/roles.ts';
import { outcomeOf } from '#test/ledgers/outcome.ts';
import { DATABASES, type DatabaseFixture, databaseOf } from '#test/ledgers/stored.ts';
import {
  connect,
  enrol,
  kiosk,
  roomSocket,
  staffCookie,
  startServer,
  type TestServer,
} from '#test/server/harness.ts';
import { testClock } from '#test/server/test-clock.ts';

const ROLES: readonly Role[] = [
  'proctor',
  'supervisor',
  'coordinator',
  'lab-technician',
  'exam-author',
  'career-director',
  'authority',
];

/** Where a kiosk or an enrolment page asks, and what is only a socket: other tokens than staff's. */
const NOT_STAFFS = [/^\/api\/enrolment\//, /\/form$/, /^\/api\/updates\//, /socket$/, /entries$/];
/** What the fixture has none of: pictures that are in memory only. */
const NOTHING_THERE = [/\/thumbnail$/];

describe.each(DATABASES)('the database of %s, opened by this build', (release) => {
  let server: TestServer;
  let fixture: DatabaseFixture;
  const routes: string[] = [];
  const cookies = new Map<Role, string>();

  beforeAll(async () => {
    const { folder, fixture: found } = await databaseOf(release);
    fixture = found;
    server = await startServer({
      folder,
      credentials: fixture,
      clock: testClock(fixture.at),
      deps: {
        beforeRoutes: async (app) => {
          app.addHook('onRoute', ({ method, url }) => {
            if ([method].flat().includes('GET') && url.startsWith('/api/')) routes.push(url);
          });
        },
      },
    });
    for (const role of ROLES) cookies.set(role, await staffCookie(server, role));
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    if (server !== undefined) await rm(server.folder, { recursive: true, force: true });
  });

  const ask = async (role: Role, url: string) => {
    const answer = await server.app.inject({ url, headers: { cookie: cookies.get(role) ?? '' } });
    expect(answer.statusCode, `${role} ${url} ${answer.body.slice(0, 200)}`).toBeLessThan(500);
    return answer;
  };
  const detail = async (attemptId: string): Promise<AttemptDetail> =>
    (await ask('coordinator', `/api/attempts/${attemptId}`)).json();

  test('every address that staff read answers, with what is there', async () => {
    const { sqlite } = server;
    const all = (sql: string): string[] => sqlite.prepare(sql).pluck().all() as string[];
    const { devices } = (await ask('coordinator', '/api/devices')).json() as DevicesResponse;
    const { certificates } = (await ask('coordinator', '/api/retention')).json() as Retention;
    const stills = sqlite
      .prepare<[], { attempt_id: string; hash: string }>('SELECT attempt_id, hash FROM stills')
      .all()
      .filter(({ attempt_id }) => Object.values(fixture.states).includes(attempt_id));
    const values: Readonly<Record<string, readonly string[]>> = {
      attemptId: Object.values(fixture.states),
      hash: [],
      what: ['portrait', 'document'],
      deviceId: devices.map(({ id }) => id),
      examineeId: all('SELECT DISTINCT examinee_id FROM enrolments'),
      picture: ['portrait', 'document'],
      examId: all('SELECT id FROM exams'),
      id: certificates.map(({ id }) => id),
      sessionId: [fixture.session],
      roomId: ['room-1'],
    };
    const urlsOf = (route: string): string[] => {
      if (route.includes('/evidence/:hash'))
        return stills.map(({ attempt_id, hash }) => `/api/attempts/${attempt_id}/evidence/${hash}`);
      if (route === '/api/enrolments')
        return ['/api/enrolments?state=waiting', '/api/enrolments?search=mar'];
      return [...route.matchAll(/:(\w+)/g)].reduce<string[]>(
        (urls, [param, name = '']) =>
          urls.flatMap((url) =>
            (values[name] ?? []).map((value) => url.replace(param, encodeURIComponent(value))),
          ),
        [route],
      );
    };
    expect(routes.length).toBeGreaterThan(15);
    const staffs = routes.filter(
      (route) => ![...NOT_STAFFS, ...NOTHING_THERE].some((other) => other.test(route)),
    );
    for (const route of staffs) {
      const urls = urlsOf(route);
      expect(urls, route).not.toEqual([]);
      let answered = 0;
      for (const url of urls) {
        for (const role of ROLES) if ((await ask(role, url)).statusCode === 200) answered += 1;
      }
      expect(answered, route).toBeGreaterThan(0);
    }
  }, 120_000);

  test('each attempt is in the state in which it was left', async () => {
    const phases: Record<string, string> = {};
    for (const [name, attemptId] of Object.entries(fixture.states)) {
      const { tile } = await detail(attemptId);
      phases[name] =
        `${tile.phase}${tile.closedBy === null ? '' : ` ${tile.closedBy}`} ${tile.chain}`;
    }
    expect(phases).toEqual({
      'device-check': 'device-check ok',
      rules: 'rules ok',
      framing: 'framing ok',
      waiting: 'waiting ok',
      'in-progress-camera-exempt': 'in-progress ok',
      'in-progress': 'in-progress ok',
      paused: 'paused ok',
      released: 'paused ok',
      'room-scan-asked': 'paused ok',
      'closed-by-examinee': 'closed examinee ok',
      'closed-by-copy-attempts': 'closed copy-attempts ok',
      reopened: 'in-progress ok',
      'closed-by-proctor': 'closed proctor ok',
      restarted: 'in-progress ok',
      'offline-with-open-order': 'in-progress ok',
      'with-rejected-order': 'in-progress ok',
      'identity-needs-person': 'identity ok',
      'identity-decided': 'in-progress ok',
      'identity-refused': 'identity ok',
      broken: 'device-check broken',
      'signed-in-only': 'expected ok',
      'extra-time': 'rules ok',
      'with-delivered-order': 'device-check ok',
      'closed-by-time': 'closed time ok',
    });
  });

  test('what it exports stands before this build’s verifier', async () => {
    for (const [name, attemptId] of Object.entries(fixture.states)) {
      if (name === 'signed-in-only') continue;
      const bundle = (await ask('coordinator', `/api/attempts/${attemptId}/export`)).json();
      const { said } = await outcomeOf(bundle);
      expect(said.firstBroken, name).toBeNull();
    }
  });

  test('the room’s feed shows it', async () => {
    const room = await roomSocket(server, cookies.get('proctor') ?? '', {
      roomId: 'room-1',
      sessionId: fixture.session,
    });
    const snapshot = await room.until((m) => m.type === 'snapshot');
    if (snapshot.type !== 'snapshot') throw new Error('unreachable');
    expect(snapshot.tiles.length).toBeGreaterThan(20);
    room.close();
  });

  test('work goes on: an order, a new device, a new examinee with questions and a ledger', async () => {
    server.clock.set(fixture.at - 30 * 60_000);
    const order = await server.app.inject({
      method: 'POST',
      url: `/api/attempts/${fixture.states['in-progress']}/commands`,
      headers: { cookie: cookies.get('proctor') ?? '' },
      payload: { key: 'order-after-the-update', command: { type: 'message', text: 'Siga' } },
    });
    expect(order.statusCode).toBe(200);
    const last = fixture.enrolmentCodes.length - 1;
    const examinee = await kiosk(server, 26, await enrol(server, last, 'PC-50'));
    const form = await server.app.inject({
      url: `/api/attempts/${examinee.attemptId}/form`,
      headers: { authorization: `Bearer ${examinee.token}` },
    });
    expect((form.json() as { questions: unknown[] }).questions).toHaveLength(10);
    const socket = await connect(server, examinee);
    socket.send({ type: 'entries', entries: [examinee.opened(), ...examinee.visits(2)] });
    await socket.until((m) => m.type === 'ack' && m.seq === 3);
    socket.close();
    expect((await detail(examinee.attemptId)).tile.chain).toBe('ok');
  });
});
