import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { DemoCredentials } from '#server/demo/demo.ts';
import { type ServerProcess, startServerProcess } from '#test/fault/server-process.ts';
import { newKey } from '#test/server/harness.ts';
import { layRoomData } from '#test/support/exam/room-data.ts';

interface Ended {
  readonly code: number | null;
  readonly lines: readonly Record<string, unknown>[];
  readonly said: string;
}

/** Runs the server's program with a command until it ends. */
const command = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['server/main.ts', '--log', 'error', ...args]);
    let out = '';
    let said = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('close', (code) => {
      const lines = out.split('\n').filter((line) => line.startsWith('{'));
      resolve({ code, said, lines: lines.map((line) => JSON.parse(line)) });
    });
  });

/** Each has a secret whose hash takes its time. */
const EXAMINEES = 8;

let folder: string;
let server: ServerProcess;
let credentials: DemoCredentials;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-commands-'));
  credentials = await layRoomData(folder, { examinees: EXAMINEES });
  // As on a machine of its own: what a server compiled is kept in its data folder, not where tests keep theirs.
  vi.stubEnv('NODE_COMPILE_CACHE', undefined);
  server = await startServerProcess(folder);
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const enrol = (code: unknown): Promise<Response> =>
  fetch(`${server.url}/api/devices/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, name: 'PC', publicKey: newKey().publicKey }),
  });

test('codes made beside a running server open it at once, each once', async () => {
  const { code, lines } = await command('codes', '3', '--data', folder);
  expect(code).toBe(0);
  const codes = lines[0]?.enrolmentCodes as readonly string[];
  expect(lines).toEqual([{ event: 'codes', enrolmentCodes: codes }]);
  expect(new Set(codes).size).toBe(3);
  expect((await enrol(codes[0])).status).toBe(200);
  expect((await enrol(codes[0])).status).not.toBe(200);
  expect((await enrol(codes[1])).status).toBe(200);
}, 60_000);

test('an access list replaces every code and is for this user only', async () => {
  const { code, lines } = await command('access-list', '--data', folder);
  expect(code).toBe(0);
  const file = join(folder, 'access-list.csv');
  expect(lines).toEqual([{ event: 'access-list', file, examinees: EXAMINEES }]);
  const rows = (await readFile(file, 'utf8')).trim().split('\n');
  expect(rows[0]).toBe('aula;puesto;documento;nombre;clave');
  expect(rows).toHaveLength(EXAMINEES + 1);
  expect((await stat(file)).mode & 0o077).toBe(0);
  const [, , document, , secret] = rows[1]?.split(';') ?? [];
  const old = credentials.examinees.find((person) => person.document === document);
  const made = (await command('codes', '1', '--data', folder)).lines[0]?.enrolmentCodes;
  const device = await (await enrol((made as readonly string[])[0])).json();
  const signIn = async (given: string | undefined): Promise<number> => {
    const answer = await fetch(`${server.url}/api/examinees/sign-in`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${device.deviceToken}`,
      },
      body: JSON.stringify({ document, secret: given, deviceTime: Date.now() }),
    });
    return answer.status;
  };
  expect(await signIn(old?.accessCode)).toBe(401);
  expect(await signIn(secret)).not.toBe(401);
  expect((await readdir(folder)).filter((name) => name.includes('access-list'))).toEqual([
    'access-list.csv',
  ]);
}, 60_000);

test('a venue gets another time zone, on record, and only one that is there', async () => {
  const set = (venue: string) => command('time-zone', venue, 'Pacific/Galapagos', '--data', folder);
  expect((await set('venue-1')).lines).toEqual([
    { event: 'time-zone', venueId: 'venue-1', timeZone: 'Pacific/Galapagos' },
  ]);
  expect(await set('venue-77')).toMatchObject({
    code: 1,
    lines: [],
    said: 'No existe la sede «venue-77».\n',
  });
}, 60_000);

test('the institution is named beside a running server, and whoever asks hears it', async () => {
  const named = async () => (await fetch(`${server.url}/api/institution`)).json();
  expect(await named()).toEqual({ name: 'Universidad de demostración' });
  const name = 'Universidad Estatal de Milagro';
  expect((await command('institution', `  ${name} `, '--data', folder)).lines).toEqual([
    { event: 'institution', name },
  ]);
  expect(await named()).toEqual({ name });
}, 60_000);

test('a new key is refused while a server runs, and taken when none does', async () => {
  const refused = await command('new-key', '--data', folder);
  expect(refused).toMatchObject({ code: 1, lines: [] });
  expect(refused.said).toContain(`trabaja con ${folder}: deténgalo primero`);
  await server.stop();
  // Its own key fits: there is nothing to forget.
  expect((await command('new-key', '--data', folder)).lines).toEqual([
    { event: 'new-key', changed: false, enrolmentsDeleted: 0 },
  ]);
  await rm(join(folder, 'server.key'));
  const without = await command('codes', '1', '--data', folder);
  expect(without).toMatchObject({ code: 1, lines: [] });
  expect(without.said).toContain('dé una vez la orden new-key');
  expect((await command('new-key', '--data', folder)).lines).toEqual([
    { event: 'new-key', changed: true, enrolmentsDeleted: 0 },
  ]);
  server = await startServerProcess(folder);
  expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
  // Another one on the same folder is refused; one that was killed keeps nobody out.
  const second = await command('--port', '0', '--data', folder);
  expect(second).toMatchObject({ code: 1, lines: [] });
  expect(second.said).toBe(`Un servidor trabaja con ${folder}: deténgalo primero.\n`);
  await server.kill();
  server = await startServerProcess(folder);
}, 60_000);

test('a command in a folder without a database makes none', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'atalaya-empty-'));
  const { code, said } = await command('codes', '1', '--data', empty);
  expect({ code, said }).toEqual({
    code: 1,
    said: `En ${empty} no hay base de datos; indique su carpeta con --data.\n`,
  });
  expect(await readdir(empty)).toEqual([]);
  expect((await command('code', '1')).code).toBe(2);
  await rm(empty, { recursive: true });
});

test('a server keeps its compiled code for the next start, for this user alone; a command begins no folder', async () => {
  const cache = join(folder, 'code-cache');
  await expect.poll(async () => (await readdir(cache)).length).toBeGreaterThan(0);
  expect((await stat(cache)).mode & 0o077).toBe(0);
  const other = join(folder, 'other');
  expect((await command('codes', '1', '--data', other)).code).not.toBe(0);
  await expect(stat(other)).rejects.toThrow();
}, 60_000);
