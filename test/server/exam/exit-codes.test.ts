import { pbkdf2Sync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT_CODE_ITERATIONS } from '#server/exam/exit-codes.ts';
import { EXIT_CODE_ALPHABET, exitCodeText } from '#shared/exam/exit-code.ts';
import type { Role } from '#shared/wire/roles.ts';
import {
  kiosk,
  staffCookie,
  startServer,
  type TestKiosk,
  type TestServer,
} from '#test/server/harness.ts';

let server: TestServer;
let here: TestKiosk;
let there: TestKiosk;

beforeAll(async () => {
  // 31 examinees: the last one sits in the second room.
  server = await startServer({ examinees: 31 });
  here = await kiosk(server, 0);
  there = await kiosk(server, 30, here.device);
});
afterAll(() => server.close());

const show = async (
  role: Role,
  { ticket }: Pick<TestKiosk, 'ticket'>,
  roomId: string = ticket.room.id,
  on = server,
) =>
  on.app.inject({
    method: 'POST',
    url: `/api/rooms/${roomId}/sessions/${ticket.sessionId}/exit-code`,
    headers: { cookie: await staffCookie(on, role) },
  });
const codeOf = async (role: Role, examinee: TestKiosk, on = server): Promise<string> =>
  ((await show(role, examinee, examinee.ticket.room.id, on)).json() as { code: string }).code;

/** What a kiosk does without a network. */
const opens = (typed: string, { staffExit }: TestKiosk['ticket']): boolean => {
  if (staffExit === null) return false;
  const { salt, hash, iterations } = staffExit;
  const tried = pbkdf2Sync(exitCodeText(typed), Buffer.from(salt, 'hex'), iterations, 32, 'sha256');
  return tried.toString('hex') === hash;
};

describe('the exit code of a session', () => {
  test('can be read aloud and opens every machine of the session, however it is typed', async () => {
    const code = await codeOf('proctor', here);
    const letter = `[${EXIT_CODE_ALPHABET}]`;
    expect(code).toMatch(new RegExp(`^${letter}{4}-${letter}{4}$`));
    for (const typed of [code, code.toLowerCase(), ` ${code.replace('-', ' ')} `]) {
      expect(opens(typed, here.ticket)).toBe(true);
    }
    const neighbour = await kiosk(server, 1);
    expect(neighbour.ticket.staffExit).toEqual(here.ticket.staffExit);
  });

  test('does not open another session’s machine', async () => {
    const code = await codeOf('supervisor', here);
    expect(opens(code, there.ticket)).toBe(false);
    expect(opens(await codeOf('supervisor', there), there.ticket)).toBe(true);
    expect(there.ticket.staffExit?.salt).not.toBe(here.ticket.staffExit?.salt);
  });

  test('is the same for everybody who may see it, and after a restart of the server', async () => {
    const own = await startServer();
    const examinee = await kiosk(own, 0);
    const before = await codeOf('proctor', examinee, own);
    const restarted = await own.restart();
    expect(await codeOf('lab-technician', examinee, restarted)).toBe(before);
    await restarted.close();
  });

  test('is another one on another server: its secret is its own', async () => {
    const own = await startServer();
    const examinee = await kiosk(own, 0);
    const copy = { ...examinee.ticket, sessionId: here.ticket.sessionId };
    expect(opens(await codeOf('proctor', examinee, own), copy)).toBe(true);
    expect(opens(await codeOf('proctor', here), copy)).toBe(false);
    await own.close();
  });

  test('is nowhere in the database', async () => {
    const code = exitCodeText(await codeOf('proctor', here));
    for (const table of ['meta', 'sessions', 'audit', 'attempts']) {
      const dump = JSON.stringify(server.sqlite.prepare(`SELECT * FROM ${table}`).all());
      expect(dump).not.toContain(code);
    }
  });

  test('costs a guesser what it should', () => {
    expect(EXIT_CODE_ITERATIONS).toBeGreaterThanOrEqual(600_000);
  });
});

describe('who sees it', () => {
  test.each<[Role, number, number]>([
    ['proctor', 200, 404],
    ['supervisor', 200, 200],
    ['lab-technician', 200, 200],
    ['coordinator', 403, 403],
    ['exam-author', 403, 403],
    ['career-director', 403, 403],
    ['authority', 403, 403],
  ])('%s', async (role, inHere, inThere) => {
    expect([(await show(role, here)).statusCode, (await show(role, there)).statusCode]).toEqual([
      inHere,
      inThere,
    ]);
  });

  test('a session of another room is not found under this one', async () => {
    expect((await show('supervisor', there, here.ticket.room.id)).statusCode).toBe(404);
  });

  test('every look is on record with who, and none of what was refused', async () => {
    const count = () =>
      server.sqlite
        .prepare<[], { actor: string; subject: string; detail: string }>(
          "SELECT actor, subject, detail FROM audit WHERE action = 'exit-code-shown'",
        )
        .all();
    const before = count().length;
    const code = await codeOf('proctor', here);
    await show('authority', here);
    await show('proctor', there);
    const rows = count().slice(before);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ subject: here.ticket.sessionId });
    expect(JSON.stringify(rows)).not.toContain(exitCodeText(code));
  });

  test('asking on and on is slowed down, each person by themselves', async () => {
    const own = await startServer({ deps: { limits: { codesPerPerson: 3 } } });
    const { ticket } = await kiosk(own, 0);
    const url = `/api/rooms/${ticket.room.id}/sessions/${ticket.sessionId}/exit-code`;
    const ask = async (cookie: string): Promise<number> =>
      (await own.app.inject({ method: 'POST', url, headers: { cookie } })).statusCode;
    const cookie = await staffCookie(own, 'proctor');
    const answers: number[] = [];
    for (let i = 0; i < 5; i += 1) answers.push(await ask(cookie));
    expect(answers).toEqual([200, 200, 200, 429, 429]);
    expect(await ask(await staffCookie(own, 'supervisor'))).toBe(200);
    await own.close();
  });
});
