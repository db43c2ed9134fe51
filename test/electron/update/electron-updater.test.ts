import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AppUpdater, DebUpdater } from 'electron-updater';
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha512Of, updatesOff } from '#electron/update/compose-updates.ts';
import { electronUpdaterLibrary } from '#electron/update/electron-updater-library.ts';
import { judgeOffer } from '#electron/update/release-trust.ts';
import { createUpdates, type Updates } from '#electron/update/update-watch.ts';
import { releaseFolder } from '#server/fleet/release-files.ts';
import type { SignedText } from '#shared/wire/release.ts';
import { enrol, startServer, type TestServer } from '#test/server/harness.ts';
import { manifestOf, newReleaseKey, permitFor, signWith } from '#test/support/signed-release.ts';

/*
 * The real electron-updater and the real server, on Node. Not from the real Electron: its network stack (Node's
 * own http is in its place), its `app`, and the installer, which is recorded instead of run.
 */

const CURRENT = '1.0.0';
const key = newReleaseKey();
/** A megabyte that compresses badly. */
const installer = Buffer.alloc(1_000_000, 'An installer, more or less. ');

class NodeHttpExecutor extends ElectronHttpExecutor {
  override createRequest(options: object, callback: (response: unknown) => void): never {
    return request(options, callback) as never;
  }
}

class RecordedDebUpdater extends DebUpdater {
  installed: string[] = [];
  protected override doInstall(): boolean {
    if (this.installerPath !== null) this.installed.push(this.installerPath);
    return true;
  }
}

let server: TestServer;
let folder: string;
let between: Server | null = null;
beforeEach(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'atalaya-updater-'));
});
afterEach(async () => {
  between?.closeAllConnections();
  between?.close();
  between = null;
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const offer = async (
  version: string,
  { signer = key, permit = null as SignedText | null, onDisk = installer } = {},
): Promise<void> => {
  const name = `Atalaya-${version}-linux-x64.deb`;
  const manifest = manifestOf(version, name, installer);
  const { platform, arch } = manifest;
  const by = { addedAt: 0, addedBy: 'test' };
  const signed = signWith(signer, manifest);
  await server.deps.releases.add({ platform, arch, version, signed, manifest, ...by });
  const who = { setAt: 0, setBy: 'test' };
  const all = { scope: 'all', scopeId: '' } as const;
  await server.deps.releases.setStage({ platform, arch, ...all, version, permit, ...who });
  const file = join(releaseFolder(join(server.folder, 'releases'), manifest, version), name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, onDisk);
};

interface Kiosk {
  readonly updates: Updates;
  readonly updater: RecordedDebUpdater;
  busy: boolean;
  readonly log: string[];
}

const kiosk = async ({ enrolled = true, origin = '' } = {}): Promise<Kiosk> => {
  const token = enrolled ? (await enrol(server)).deviceToken : null;
  const config = join(folder, 'app-update.yml');
  writeFileSync(config, 'provider: generic\nurl: https://localhost\nupdaterCacheDirName: cache\n');
  const updater = new RecordedDebUpdater(null, {
    version: CURRENT,
    name: 'Atalaya',
    isPackaged: true,
    appUpdateConfigPath: config,
    userDataPath: folder,
    baseCachePath: folder,
    whenReady: async () => undefined,
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: () => undefined,
  });
  Object.assign(updater, { httpExecutor: new NodeHttpExecutor() });
  const log: string[] = [];
  const made: Kiosk = {
    updater,
    log,
    busy: false,
    updates: createUpdates({
      library: electronUpdaterLibrary(
        updater as AppUpdater,
        {
          server: origin === '' ? await server.url() : origin,
          platform: 'linux',
          arch: 'x64',
          channel: 'stable',
          room: 'Aula de pruebas ñ',
          version: CURRENT,
          token: async () => token,
        },
        (level, message, facts) => log.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`),
      ),
      judge: (offered) =>
        judgeOffer(offered, {
          keys: [key.publicKey],
          current: CURRENT,
          platform: 'linux',
          arch: 'x64',
          now: 1_800_000_000_000,
        }),
      busy: () => made.busy,
      hashFile: sha512Of,
      scheduler: { after: () => () => undefined, every: () => () => undefined },
      spread: 0,
      log: (level, message) => log.push(`${level} ${message}`),
    }),
  };
  return made;
};

/** Passes everything on, but stops in the middle of a file. */
const stallingCable = async (): Promise<string> => {
  const to = await server.url();
  between = createServer((incoming, answer) => {
    const url = new URL(incoming.url ?? '/', to);
    // The test's end cuts what still hangs on either side.
    const cut = (): unknown => answer.destroy();
    request(url, { headers: incoming.headers }, (from) => {
      from.on('error', cut);
      answer.writeHead(from.statusCode ?? 500, from.headers);
      if (url.pathname.endsWith('.yml')) from.pipe(answer);
      else from.once('data', (chunk: Buffer) => answer.write(chunk));
    })
      .on('error', cut)
      .end();
  });
  await new Promise<void>((resolve) => between?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
};

describe('a kiosk and its server', () => {
  test('a newer release is downloaded, checked and given to the installer', async () => {
    await offer('1.1.0');
    const { updates, updater } = await kiosk();
    await updates.check();
    expect(updates.state()).toMatchObject({ phase: 'ready', version: '1.1.0' });
    expect(updater.installed).toEqual([]);
    expect(await updates.installAtQuit()).toBe(true);
    expect(updater.installed).toHaveLength(1);
    expect(readFileSync(updater.installed[0] ?? '')).toEqual(installer);
    const seen = await server.deps.releases.seen();
    expect(seen).toMatchObject([{ name: 'PC-01', version: CURRENT, offered: '1.1.0' }]);
  });

  test('nothing is offered: nothing happens', async () => {
    const { updates, log } = await kiosk();
    await updates.check();
    expect(updates.state().phase).toBe('idle');
    expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  test('a device that is not enrolled does not ask', async () => {
    await offer('1.1.0');
    const { updates } = await kiosk({ enrolled: false });
    await updates.check();
    expect(updates.state().phase).toBe('idle');
    expect(await server.deps.releases.seen()).toEqual([]);
  });

  test('a file that was changed on the server fails its hash', async () => {
    const changed = Buffer.from(installer);
    changed[500_000] = 0;
    await offer('1.1.0', { onDisk: changed });
    const { updates, log } = await kiosk();
    await updates.check();
    expect(updates.state().phase).toBe('idle');
    expect(log.join('\n')).toContain('checksum mismatch');
    expect(await updates.installAtQuit()).toBe(false);
  });

  test('a release that somebody else signed is not even downloaded', async () => {
    await offer('1.1.0', { signer: newReleaseKey() });
    const { updates } = await kiosk();
    await updates.check();
    expect(updates.state()).toEqual({ phase: 'refused', reason: 'bad-signature' });
    const downloads = server.sqlite
      .prepare<[], { n: number }>(
        "SELECT count(*) AS n FROM audit WHERE action = 'update-downloaded'",
      )
      .get();
    expect(downloads?.n).toBe(0);
  });

  test('the file that waits for the end is changed: not installed', async () => {
    await offer('1.1.0');
    const { updates, updater } = await kiosk();
    await updates.check();
    const state = updates.state();
    if (state.phase !== 'ready') throw new Error('not ready');
    writeFileSync(state.file, 'something else');
    expect(await updates.installAtQuit()).toBe(false);
    expect(updater.installed).toEqual([]);
  });

  test('an older release: not without a permit, with one yes, and then never by itself again', async () => {
    await offer('0.9.0');
    const first = await kiosk();
    await first.updates.check();
    expect(first.updates.state()).toEqual({ phase: 'refused', reason: 'older' });

    const [release] = await server.deps.releases.list();
    if (release === undefined) throw new Error('no release');
    const permit = signWith(key, permitFor([CURRENT], '0.9.0'));
    const { platform, arch, version } = release;
    const stage = { platform, arch, scope: 'all', scopeId: '', version } as const;
    await server.deps.releases.setStage({ ...stage, permit, setAt: 0, setBy: 'test' });
    await first.updates.check();
    expect(first.updates.state()).toMatchObject({ phase: 'ready', version: '0.9.0' });
    expect(await first.updates.installAtQuit()).toBe(true);
    expect(readFileSync(first.updater.installed[0] ?? '')).toEqual(installer);
    expect(first.updater.allowDowngrade).toBe(false);
  });

  test('somebody signs in in the middle of the download: it ends, and nothing is installed', async () => {
    await offer('1.1.0');
    const made = await kiosk({ origin: await stallingCable() });
    const checked = made.updates.check();
    await expect.poll(() => made.updates.state().phase).toBe('downloading');
    made.busy = true;
    made.updates.sessionChanged();
    await checked;
    expect(made.updates.state().phase).toBe('idle');
    made.busy = false;
    expect(await made.updates.installAtQuit()).toBe(false);
  });
});

describe('a kiosk that does not update itself', () => {
  const keys = [key.publicKey];
  const executable = '/opt/Atalaya/atalaya';
  test.each([
    ['an installed one with keys does', { packaged: true, channel: 'stable' }, keys, 'linux', null],
    ['switched off', { packaged: true, channel: 'none' }, keys, 'linux', 'switched-off'],
    ['in development', { packaged: false, channel: 'stable' }, keys, 'linux', 'not-packaged'],
    ['built without keys', { packaged: true, channel: 'stable' }, [], 'linux', 'no-keys'],
    ['installed by MSI', { packaged: true, channel: 'stable' }, keys, 'win32', 'managed-install'],
  ] as const)('%s', (_name, context, trusted, platform, reason) => {
    expect(updatesOff({ ...context, executable }, trusted, platform)).toBe(reason);
  });

  test('installed on Windows by the installer that can be updated', () => {
    writeFileSync(join(folder, 'Uninstall Atalaya.exe'), '');
    const context = { packaged: true, channel: 'stable', executable: join(folder, 'Atalaya.exe') };
    expect(updatesOff(context, keys, 'win32')).toBeNull();
  });
});
