import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judgeOffer } from '#electron/update/release-trust.ts';
import { releases } from '#server/fleet/releases.ts';
import { updates } from '#server/fleet/updates.ts';
import type { DeviceId } from '#shared/kernel/ids.ts';
import type { BuildIdentity } from '#shared/wire/build-identity.ts';
import { enrol, startServer, type TestServer } from '#test/server/harness.ts';
import { readReleaseKeys } from '#tools/packaging/release-keys.ts';
import {
  addRelease,
  makeKeys,
  SIGNED_FILE,
  signPermit,
  signRelease,
} from '#tools/release-commands.ts';

const NOW = 1_700_000_000_000;
const identity: BuildIdentity = {
  version: '1.5.0',
  kind: 'packaged',
  platform: 'linux',
  arch: 'x64',
  commit: null,
  clean: false,
  hash: 'ab'.repeat(32),
};
const DEB = 'Atalaya-1.5.0-linux-x64.deb';

let folder: string;
let privateKey: string;
let keysFile: string;
let out: string;
let server: TestServer;

/** What `npm run dist` leaves: the installers, and beside them the program that is in them. */
const makeDist = async (): Promise<void> => {
  const app = join(folder, 'app');
  mkdirSync(join(app, 'dist/electron'), { recursive: true });
  writeFileSync(join(app, 'dist/electron/build-identity.json'), JSON.stringify(identity));
  mkdirSync(join(out, 'linux-unpacked/resources'), { recursive: true });
  await createPackage(app, join(out, 'linux-unpacked/resources/app.asar'));
  writeFileSync(join(out, DEB), 'the installer');
  writeFileSync(join(out, 'builder-debug.yml'), '');
};
const add = () =>
  addRelease(
    server.deps.releases,
    (release) => releases(server.deps).add({ commandLine: 'test' }, release),
    out,
    join(server.folder, 'releases'),
    readReleaseKeys(keysFile),
  );

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-release-'));
  privateKey = join(folder, 'release.pem');
  keysFile = join(folder, 'release-keys.json');
  out = join(folder, 'linux-x64');
  mkdirSync(out);
  await makeDist();
  makeKeys(privateKey, keysFile);
  server = await startServer();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('from the key to the kiosk', () => {
  test('what is signed and added is offered, and a kiosk with the public key takes it', async () => {
    const manifest = signRelease(out, privateKey, NOW);
    expect(manifest.files.map(({ name, bytes }) => [name, bytes])).toEqual([[DEB, 13]]);
    expect(manifest).toMatchObject({ version: '1.5.0', buildHash: identity.hash });
    await add();
    const stage = { platform: 'linux', arch: 'x64', version: '1.5.0' } as const;
    const everybody = {
      scope: 'all',
      scopeId: '',
      permit: null,
      setAt: NOW,
      setBy: 'test',
    } as const;
    await server.deps.releases.setStage({ ...stage, ...everybody });
    const { deviceId } = await enrol(server);
    const asking = {
      device: { id: deviceId as DeviceId, name: 'PC', publicKey: '' },
      platform: 'linux',
      arch: 'x64',
      version: '1.4.0',
      channel: 'stable',
      room: null,
    } as const;
    const offers = updates(server.deps);
    const feed = await offers.feed(asking);
    if (!feed.ok) throw new Error(feed.error.code);
    const verdict = judgeOffer(feed.value, {
      keys: readReleaseKeys(keysFile),
      current: '1.4.0',
      platform: 'linux',
      arch: 'x64',
      now: NOW,
    });
    expect(verdict).toEqual({ ok: true, value: { manifest, downgrade: false } });
    const file = await offers.file(asking, DEB);
    if (!file.ok) throw new Error(file.error.code);
    expect(readFileSync(file.value.path, 'utf8')).toBe('the installer');
  });

  test('a permit names both versions and its end', () => {
    const order = { platform: 'linux', arch: 'x64', from: ['1.5.0'], to: '1.4.0' } as const;
    const permit = signPermit({ ...order, reason: 'defecto', days: 2 }, privateKey, NOW);
    expect(JSON.parse(permit.text)).toEqual({
      format: 'atalaya-rollback/1',
      ...order,
      reason: 'defecto',
      issuedAt: NOW,
      expiresAt: NOW + 2 * 86_400_000,
    });
    const wrong = { ...order, from: [], reason: 'x', days: 1 };
    expect(() => signPermit(wrong, privateKey, NOW)).toThrow('permiso');
  });
});

describe('the command', () => {
  const command = (...args: string[]) =>
    spawnSync(process.execPath, ['tools/release.ts', ...args], {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
    });

  test('adds, stages and lists where the data of the server is', () => {
    signRelease(out, privateKey, NOW);
    const at = ['--data', server.folder, '--keys', keysFile];
    const target = ['--platform', 'linux', '--arch', 'x64'];
    expect(command('add', out, ...at).stdout).toContain('todavía no se ofrece a nadie');
    expect(command('stage', '1.5.0', ...target, '--channel', 'piloto', ...at).status).toBe(0);
    const { stdout, stderr } = command('list', ...at);
    expect(stderr).toBe('');
    expect(stdout).toContain('linux-x64  1.5.0');
    expect(stdout).toContain('channel piloto');
  });

  test.each([
    [['stage', '1.5.0', '--platform', 'linux', '--arch', 'x64'], 'indique uno'],
    [['stage', '1.5.0', '--platform', 'beos', '--arch', 'x64', '--all'], '--platform'],
    [['fly'], 'no hay una orden'],
    [['list', '--colour'], '--colour'],
  ])('%j says what is wrong and how it goes', (args, text) => {
    const { status, stderr } = command(
      ...args,
      ...(args.includes('--colour') ? [] : ['--data', server.folder]),
    );
    expect(status).toBe(args.some((word) => word === '--colour') ? 2 : 1);
    expect(stderr).toContain(text);
    expect(stderr).toContain('npm run release -- ORDEN');
  });
});

describe('the server does not take', () => {
  beforeEach(() => void signRelease(out, privateKey, NOW));

  test('an installer that was changed after signing', async () => {
    writeFileSync(join(out, DEB), 'THE INSTALLER');
    await expect(add()).rejects.toThrow(`${DEB} no es el archivo que se firmó`);
    expect(await server.deps.releases.list()).toEqual([]);
  });

  test('a signature of a key that it does not know', async () => {
    writeFileSync(keysFile, JSON.stringify(['A'.repeat(43)]));
    await expect(add()).rejects.toThrow('la firma no es de ninguna clave');
  });

  test('a manifest that was changed after signing', async () => {
    const file = join(out, SIGNED_FILE);
    writeFileSync(file, readFileSync(file, 'utf8').replace('1.5.0', '9.9.9'));
    await expect(add()).rejects.toThrow('la firma no es de ninguna clave');
  });

  test('another release under the same version; the same one again it does', async () => {
    await add();
    await add();
    expect(await server.deps.releases.list()).toHaveLength(1);
    writeFileSync(join(out, DEB), 'another installer');
    signRelease(out, privateKey, NOW + 1);
    await expect(add()).rejects.toThrow('suba el número');
  });
});

describe('keys', () => {
  test('the private file is never overwritten, and a second public key is added to the first', () => {
    const before = readFileSync(privateKey, 'utf8');
    expect(() => makeKeys(privateKey, keysFile)).toThrow('EEXIST');
    expect(readFileSync(privateKey, 'utf8')).toBe(before);
    makeKeys(join(folder, 'second.pem'), keysFile);
    expect(readReleaseKeys(keysFile)).toHaveLength(2);
  });

  test('no file, no keys; a file with anything else is an error', () => {
    expect(readReleaseKeys(join(folder, 'none.json'))).toEqual([]);
    writeFileSync(keysFile, '["short"]');
    expect(() => readReleaseKeys(keysFile)).toThrow(keysFile);
  });

  test('a folder without the program is not signed', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(() => signRelease(empty, privateKey, NOW)).toThrow('no es una carpeta de npm run dist');
  });
});
