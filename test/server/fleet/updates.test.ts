import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { releaseFolder } from '#server/fleet/release-files.ts';
import { type ReleaseManifest, UPDATE_HEADERS, type UpdateFeed } from '#shared/wire/release.ts';
import type { Role } from '#shared/wire/roles.ts';
import {
  enrol,
  kiosk,
  staffCookie,
  startServer,
  type TestDevice,
  type TestServer,
} from '#test/server/harness.ts';
import { manifestOf, newReleaseKey, permitFor, signWith } from '#test/support/signed-release.ts';

const key = newReleaseKey();
const LINUX = { platform: 'linux', arch: 'x64' } as const;
const contentOf = (version: string): Buffer => Buffer.from(`installer of ${version}`);
const fileOf = (version: string): string => `Atalaya-${version}-linux-x64.deb`;

let server: TestServer;
let device: TestDevice;
beforeEach(async () => {
  server = await startServer({ examinees: 31 });
  device = await enrol(server, 5, 'PC-06');
});
afterEach(() => server.close());

const publish = async (
  version: string,
  changes: Partial<ReleaseManifest> = {},
  onDisk = true,
): Promise<void> => {
  const manifest = manifestOf(version, fileOf(version), contentOf(version), changes);
  const added = await server.deps.releases.add({
    platform: manifest.platform,
    arch: manifest.arch,
    version,
    signed: signWith(key, manifest),
    manifest,
    addedAt: server.clock.now(),
    addedBy: 'test',
  });
  expect(added).toBe(true);
  if (!onDisk) return;
  const root = join(server.folder, 'releases');
  const file = join(releaseFolder(root, manifest, version), fileOf(version));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contentOf(version));
};

const ask = (
  file: string,
  { from = device, ...headers }: { from?: TestDevice } & Record<string, unknown> = {},
) =>
  server.app.inject({
    url: `/api/updates/linux/x64/${file}`,
    headers: {
      authorization: `Bearer ${from.deviceToken}`,
      [UPDATE_HEADERS.version]: '1.0.0',
      ...(headers as Record<string, string>),
    },
  });
const offeredTo = async (options: Parameters<typeof ask>[1] = {}): Promise<string | null> => {
  const answer = await ask('latest-linux.yml', options);
  return answer.statusCode === 404 ? null : (answer.json() as UpdateFeed).version;
};

const order = async (role: Role, url: string, payload: Record<string, unknown>) =>
  (
    await server.app.inject({
      method: 'POST',
      url,
      headers: { cookie: await staffCookie(server, role) },
      payload,
    })
  ).statusCode;
const stage = (
  version: string | null,
  scope: string,
  scopeId: string,
  { role = 'coordinator' as Role, permit = null as unknown } = {},
) => order(role, '/api/releases/stages', { ...LINUX, scope, scopeId, version, permit });
const withdraw = (version: string, role: Role = 'coordinator') =>
  order(role, '/api/releases/withdrawals', { ...LINUX, version, reason: 'defecto' });
const audit = () =>
  server.sqlite
    .prepare<[], { actor: string; action: string; subject: string }>(
      "SELECT actor, action, subject FROM audit WHERE action LIKE 'release%' OR action LIKE 'update%' ORDER BY id",
    )
    .all();

const places = (): { rooms: { id: string; name: string; venue_id: string }[] } => ({
  rooms: server.sqlite
    .prepare<[], { id: string; name: string; venue_id: string }>(
      'SELECT id, name, venue_id FROM rooms ORDER BY id',
    )
    .all(),
});

describe('what a device is offered', () => {
  test('nothing until somebody decides so', async () => {
    await publish('1.1.0');
    expect(await offeredTo()).toBeNull();
  });

  test('the feed says what electron-updater reads and what was signed', async () => {
    await publish('1.1.0');
    expect(await stage('1.1.0', 'all', '')).toBe(200);
    const answer = await ask('latest-linux.yml');
    expect(answer.headers['content-type']).toContain('yaml');
    const manifest = manifestOf('1.1.0', fileOf('1.1.0'), contentOf('1.1.0'));
    const [file] = manifest.files;
    expect(answer.json()).toEqual({
      version: '1.1.0',
      releaseDate: new Date(manifest.createdAt).toISOString(),
      files: [{ url: file?.name, sha512: file?.sha512, size: file?.bytes }],
      path: file?.name,
      sha512: file?.sha512,
      atalaya: { manifest: signWith(key, manifest), rollback: null },
    });
  });

  test('the narrowest stage counts: device, room, venue, channel, all', async () => {
    const seat = await kiosk(server, 0);
    const from = seat.device;
    const { roomId, venueId } = (await server.deps.releases.placeOf(
      from.deviceId as never,
      null,
    )) ?? {
      roomId: '',
      venueId: '',
    };
    expect(roomId).not.toBe('');
    const steps: [string, string][] = [
      ['all', ''],
      ['channel', 'stable'],
      ['venue', venueId],
      ['room', roomId],
      ['device', from.deviceId],
    ];
    for (const [i, [scope, id]] of steps.entries()) {
      const version = `1.${i + 1}.0`;
      await publish(version);
      expect(await stage(version, scope, id)).toBe(200);
      expect(await offeredTo({ from }), scope).toBe(version);
    }
    // Another device, never used: only the channel and the stage for all reach it.
    expect(await offeredTo()).toBe('1.2.0');
    expect(await offeredTo({ [UPDATE_HEADERS.channel]: 'trial' })).toBe('1.1.0');
    // A stage that is taken away uncovers the wider one.
    expect(await stage(null, 'device', from.deviceId)).toBe(200);
    expect(await offeredTo({ from })).toBe('1.4.0');
  });

  test('the room that its configuration names counts before it was ever used', async () => {
    const [room] = places().rooms;
    await publish('1.1.0');
    await stage('1.1.0', 'room', room?.id ?? '');
    expect(await offeredTo()).toBeNull();
    const name = encodeURIComponent(room?.name ?? '');
    expect(await offeredTo({ [UPDATE_HEADERS.room]: name })).toBe('1.1.0');
    expect(await offeredTo({ [UPDATE_HEADERS.room]: room?.id })).toBe('1.1.0');
    expect(await offeredTo({ [UPDATE_HEADERS.room]: 'no-such-room' })).toBeNull();
    expect(await offeredTo({ [UPDATE_HEADERS.room]: '%E0%A4%A' })).toBeNull();
  });

  test('not the release of another processor, and the feed only under its own name', async () => {
    await publish('1.1.0', { arch: 'arm64' });
    await publish('1.0.1');
    await stage('1.0.1', 'all', '');
    expect(await offeredTo()).toBe('1.0.1');
    expect((await ask('latest.yml')).statusCode).toBe(404);
    expect((await ask('latest-linux-arm64.yml')).statusCode).toBe(404);
  });

  test('a withdrawn release is offered to nobody, and the wider stage counts again', async () => {
    await publish('1.1.0');
    await publish('1.2.0');
    await stage('1.1.0', 'all', '');
    await stage('1.2.0', 'device', device.deviceId);
    expect(await offeredTo()).toBe('1.2.0');
    expect(await withdraw('1.2.0')).toBe(200);
    expect(await offeredTo()).toBe('1.1.0');
    expect((await ask(fileOf('1.2.0'))).statusCode).toBe(404);
    expect(await withdraw('1.2.0')).toBe(404);
    expect(await stage('1.2.0', 'all', '')).toBe(409);
  });

  test('a stage that goes back carries the signed permit', async () => {
    await publish('0.9.0');
    const permit = signWith(key, permitFor(['1.0.0'], '0.9.0'));
    expect(await stage('0.9.0', 'all', '', { permit })).toBe(200);
    const feed = (await ask('latest-linux.yml')).json() as UpdateFeed;
    expect(feed.atalaya.rollback).toEqual(permit);
  });

  test.each([
    ['another version', permitFor(['1.0.0'], '0.8.0')],
    ['another system', permitFor(['1.0.0'], '0.9.0', { platform: 'win32' })],
    ['nothing', { a: 1 }],
  ])('a permit for %s is refused at once', async (_name, permit) => {
    await publish('0.9.0');
    expect(await stage('0.9.0', 'all', '', { permit: signWith(key, permit) })).toBe(400);
  });
});

describe('the files', () => {
  test('of the release that the device is offered, whole; each download is on record', async () => {
    await publish('1.1.0');
    await stage('1.1.0', 'all', '');
    const answer = await ask(fileOf('1.1.0'));
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload).toEqual(contentOf('1.1.0'));
    expect(answer.headers['content-length']).toBe(String(contentOf('1.1.0').length));
    expect(audit().at(-1)).toEqual({
      actor: device.deviceId,
      action: 'update-downloaded',
      subject: 'linux-x64 1.1.0',
    });
  });

  test.each([
    ['a release that it is not offered', fileOf('1.2.0')],
    ['a name that is not in the release', 'release.json'],
    ['the database', '..%2f..%2f..%2fatalaya.sqlite'],
    ['the database, by a link', '%2e%2e%2fatalaya.sqlite'],
  ])('%s is not given out', async (_name, file) => {
    await publish('1.1.0');
    await publish('1.2.0');
    await stage('1.1.0', 'all', '');
    expect([400, 404]).toContain((await ask(file)).statusCode);
  });

  test('a file that is not on the disk any more is said to be missing', async () => {
    await publish('1.1.0', {}, false);
    await stage('1.1.0', 'all', '');
    expect((await ask(fileOf('1.1.0'))).statusCode).toBe(503);
  });

  test('nobody but an enrolled device', async () => {
    await publish('1.1.0');
    await stage('1.1.0', 'all', '');
    const url = '/api/updates/linux/x64/latest-linux.yml';
    expect((await server.app.inject({ url })).statusCode).toBe(401);
    const authorization = `Bearer ${'x'.repeat(43)}`;
    expect((await server.app.inject({ url, headers: { authorization } })).statusCode).toBe(401);
  });
});

describe('who decides', () => {
  test.each<[Role, number, number]>([
    ['coordinator', 200, 200],
    ['lab-technician', 403, 403],
    ['proctor', 403, 403],
    ['supervisor', 403, 403],
    ['authority', 403, 403],
  ])('%s: for everybody %i, withdrawal %i', async (role, staging, withdrawing) => {
    await publish('1.1.0');
    expect(await stage('1.1.0', 'all', '', { role })).toBe(staging);
    expect(await withdraw('1.1.0', role)).toBe(withdrawing);
  });

  test('a laboratory technician stages in the own venue only', async () => {
    await publish('1.1.0');
    const [technician] = server.credentials.staff.filter(({ role }) => role === 'lab-technician');
    const own = server.sqlite
      .prepare<[string], { venue_id: string }>('SELECT venue_id FROM staff WHERE user = ?')
      .get(technician?.user ?? '')?.venue_id;
    server.sqlite.exec("INSERT INTO venues (id, name) VALUES ('venue-far', 'Otra sede')");
    server.sqlite.exec(
      "INSERT INTO rooms (id, venue_id, name, seat_map) VALUES ('room-far', 'venue-far', 'Aula lejana', '{}')",
    );
    const role = 'lab-technician' as const;
    const here = places().rooms.find(({ venue_id }) => venue_id === own);
    expect(await stage('1.1.0', 'room', here?.id ?? '', { role })).toBe(200);
    expect(await stage('1.1.0', 'venue', own ?? '', { role })).toBe(200);
    expect(await stage('1.1.0', 'room', 'room-far', { role })).toBe(403);
    expect(await stage('1.1.0', 'venue', 'venue-far', { role })).toBe(403);
    expect(await stage('1.1.0', 'channel', 'stable', { role })).toBe(403);
    expect(await stage(null, 'room', 'room-far', { role })).toBe(403);
  });

  test('the overview shows releases, stages and what each device runs, to technology staff only', async () => {
    await publish('1.1.0');
    await stage('1.1.0', 'all', '');
    await offeredTo();
    const overview = async (role: Role) =>
      server.app.inject({
        url: '/api/releases',
        headers: { cookie: await staffCookie(server, role) },
      });
    expect((await overview('proctor')).statusCode).toBe(403);
    expect((await overview('lab-technician')).json()).toMatchObject({
      releases: [{ ...LINUX, version: '1.1.0', withdrawn: null }],
      stages: [{ ...LINUX, scope: 'all', version: '1.1.0', rollback: false }],
      devices: [{ ...LINUX, name: 'PC-06', version: '1.0.0', offered: '1.1.0' }],
    });
  });

  test('every decision is on record with who made it', async () => {
    await publish('1.1.0');
    await stage('1.1.0', 'all', '');
    await stage(null, 'all', '');
    await withdraw('1.1.0');
    const actions = audit();
    expect(actions.map(({ action }) => action)).toEqual([
      'release-staged',
      'release-unstaged',
      'release-withdrawn',
    ]);
    for (const { actor } of actions) expect(actor).toMatch(/^staff-/);
  });

  test.each([
    ['a release that is not there', '9.9.9', 'all', '', 404],
    ['all with a name', '1.1.0', 'all', 'x', 400],
    ['a room without one', '1.1.0', 'room', '', 400],
    ['an unknown scope', '1.1.0', 'planet', 'x', 400],
    ['a version that is none', '../1', 'all', '', 400],
    ['nothing to take away', null, 'all', '', 404],
  ])('%s is refused', async (_name, version, scope, id, status) => {
    await publish('1.1.0');
    expect(await stage(version, scope, id)).toBe(status);
  });

  test('a release is never replaced', async () => {
    await publish('1.1.0');
    const manifest = manifestOf('1.1.0', 'other.deb', Buffer.from('other'));
    const again = {
      ...LINUX,
      version: '1.1.0',
      signed: signWith(key, manifest),
      manifest,
      addedAt: 0,
      addedBy: 'test',
    };
    expect(await server.deps.releases.add(again)).toBe(false);
    const [stored] = await server.deps.releases.list();
    expect(stored?.manifest.files[0]?.name).toBe(fileOf('1.1.0'));
  });
});
