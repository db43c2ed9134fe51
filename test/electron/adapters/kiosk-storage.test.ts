import { generateKeyPairSync } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  KeyStoreLockedError,
  type KioskStorage,
  openKioskStorage,
  type StorageOptions,
} from '#electron/adapters/kiosk-storage.ts';
import { FakeSecrets } from '#test/support/fake/fake-secrets.ts';

let root: string;
let folder: string;
let open: KioskStorage[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atalaya-storage-'));
  folder = join(root, 'data');
  open = [];
  cpSync(mkdtempSync(join(root, 'empty-')), folder, { recursive: true });
});
afterEach(() => {
  for (const storage of open) storage.close();
  rmSync(root, { recursive: true });
});

const start = async (options: Partial<StorageOptions> = {}): Promise<KioskStorage> => {
  for (const storage of open.splice(0)) storage.close();
  const storage = await openKioskStorage({
    folder,
    platform: 'linux',
    secrets: null,
    machineId: 'machine-1',
    patienceMs: 1,
    ...options,
  });
  open.push(storage);
  return storage;
};

const kept = (): readonly string[] =>
  existsSync(join(folder, 'kept')) ? readdirSync(join(folder, 'kept')) : [];

describe('where the keys are kept', () => {
  test.each([
    ['Windows', 'win32', 'unknown', 'dpapi'],
    ['macOS', 'darwin', 'unknown', 'keychain'],
    ['GNOME', 'linux', 'gnome_libsecret', 'libsecret'],
    ['KDE', 'linux', 'kwallet6', 'kwallet'],
    ['Linux without a key store', 'linux', 'basic_text', 'file'],
    ['Linux before it is ready', 'linux', 'unknown', 'file'],
  ] as const)('%s', async (_name, platform, backend, expected) => {
    const secrets = new FakeSecrets();
    secrets.backend = backend;
    const storage = await start({ platform, secrets });
    expect(storage.keyStore).toBe(expected);
    expect(storage.bound).toBe(true);
  });

  test('a key store that says it is there and uses its public password is none', async () => {
    const secrets = new FakeSecrets();
    secrets.basic = true;
    expect((await start({ secrets })).keyStore).toBe('file');
  });

  test('one that cannot encrypt is none', async () => {
    const secrets = new FakeSecrets();
    secrets.available = false;
    expect((await start({ secrets })).keyStore).toBe('file');
  });

  test('without a key store and a machine identifier a copy is not noticed, and it says so', async () => {
    expect(await start({ machineId: null })).toMatchObject({ keyStore: 'file', bound: false });
  });

  test.runIf(process.platform !== 'win32')('the vault is its user’s alone', async () => {
    await start();
    expect(statSync(join(folder, 'device-vault.json')).mode & 0o777).toBe(0o600);
  });

  test('neither the key nor the machine’s identifier is in the folder in the clear', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(
      join(folder, 'device-key.pem'),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
    await start();
    const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
    const vault = readFileSync(join(folder, 'device-vault.json'), 'latin1');
    for (const hidden of [
      seed.toString('base64').slice(4, 36),
      seed.toString('hex'),
      'machine-1',
    ]) {
      expect(vault).not.toContain(hidden);
    }
  });
});

describe('the same device', () => {
  test('a plain key of an earlier build becomes the vault’s, and its file goes', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = join(folder, 'device-key.pem');
    writeFileSync(pem, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const storage = await start({ secrets: new FakeSecrets() });
    expect(await storage.key.publicKey()).toBe(publicKey.export({ format: 'jwk' }).x);
    expect(existsSync(pem)).toBe(false);
  });

  test('a key store that is there later takes the keys over', async () => {
    const before = await (await start()).key.publicKey();
    const secrets = new FakeSecrets();
    const storage = await start({ secrets });
    expect([storage.keyStore, await storage.key.publicKey()]).toEqual(['libsecret', before]);
    const again = await start({ secrets });
    expect(await again.key.publicKey()).toBe(before);
  });

  test('a start changes nothing of a vault that is good', async () => {
    const secrets = new FakeSecrets();
    await start({ secrets });
    const before = readFileSync(join(folder, 'device-vault.json'), 'utf8');
    await start({ secrets });
    expect(readFileSync(join(folder, 'device-vault.json'), 'utf8')).toBe(before);
  });

  test('a key ring that is unlocked a moment later loses nothing', async () => {
    const secrets = new FakeSecrets();
    const before = await (await start({ secrets })).key.publicKey();
    secrets.failures = 2;
    const storage = await start({ secrets });
    expect(storage.setAside).toBeNull();
    expect(await storage.key.publicKey()).toBe(before);
  });

  test('without its key store the program says so and changes nothing', async () => {
    const secrets = new FakeSecrets();
    const before = await (await start({ secrets })).key.publicKey();
    secrets.available = false;
    await expect(start({ secrets })).rejects.toThrow(KeyStoreLockedError);
    expect(kept()).toEqual([]);
    secrets.available = true;
    expect(await (await start({ secrets })).key.publicKey()).toBe(before);
  });

  test('a machine that does not tell who it is for once loses nothing either', async () => {
    const before = await (await start()).key.publicKey();
    await expect(start({ machineId: null })).rejects.toThrow(KeyStoreLockedError);
    expect(await (await start()).key.publicKey()).toBe(before);
  });
});

describe('a data folder that does not belong here', () => {
  const used = async (options: Partial<StorageOptions>): Promise<string> => {
    const storage = await start(options);
    await storage.store.set('device', { deviceToken: 'secret-token' });
    return storage.key.publicKey();
  };

  test.each([
    ['copied to a machine without a key store', { machineId: 'machine-2' }, 'other-machine'],
    [
      'copied to a machine with one',
      { machineId: 'machine-2', secrets: new FakeSecrets() },
      'other-machine',
    ],
  ] as const)('%s', async (_name, elsewhere, why) => {
    const before = await used({});
    const storage = await start(elsewhere);
    expect(storage.setAside?.why).toBe(why);
    expect(await storage.key.publicKey()).not.toBe(before);
    expect(await storage.store.get('device')).toBeUndefined();
  });

  test('a disk that was cloned with its key ring is another machine all the same', async () => {
    const secrets = new FakeSecrets();
    await used({ secrets });
    expect((await start({ secrets, machineId: 'machine-2' })).setAside?.why).toBe('other-machine');
  });

  test.each([
    ['another user’s key store', { secrets: new FakeSecrets() }, 'does-not-open'],
    [
      'another machine’s, on one that does not tell who it is',
      { secrets: new FakeSecrets(), machineId: null },
      'does-not-open',
    ],
  ] as const)('%s', async (_name, elsewhere, why) => {
    await used({ secrets: new FakeSecrets() });
    expect((await start(elsewhere)).setAside?.why).toBe(why);
  });

  test.each([
    ['no JSON', () => '{'],
    ['another format', (text: string) => text.replace('vault-1', 'vault-9')],
    ['cut secrets', (text: string) => text.replace(/"secrets":"[^"]{20}/, '"secrets":"')],
  ])('a vault that was edited: %s', async (_name, edit) => {
    await used({});
    const vault = join(folder, 'device-vault.json');
    writeFileSync(vault, edit(readFileSync(vault, 'utf8')));
    expect((await start()).setAside).not.toBeNull();
  });

  test('a database without its vault', async () => {
    await used({});
    for (const storage of open.splice(0)) storage.close();
    rmSync(join(folder, 'device-vault.json'));
    const storage = await start();
    expect(storage.setAside?.why).toBe('foreign-database');
    expect(await storage.store.get('device')).toBeUndefined();
  });

  test('another device’s database beside this device’s vault', async () => {
    await used({});
    for (const storage of open.splice(0)) storage.close();
    const other = join(root, 'other');
    cpSync(folder, other, { recursive: true });
    rmSync(folder, { recursive: true });
    cpSync(mkdtempSync(join(root, 'empty-')), folder, { recursive: true });
    await start();
    for (const storage of open.splice(0)) storage.close();
    cpSync(join(other, 'kiosk.db'), join(folder, 'kiosk.db'));
    expect((await start()).setAside?.why).toBe('foreign-database');
  });

  test('nothing of it is lost: the kept files open where they belong', async () => {
    const before = await used({});
    const storage = await start({ machineId: 'machine-2' });
    const keptFolder = storage.setAside?.folder ?? '';
    expect(kept()).toHaveLength(1);
    const again = await start({ folder: keptFolder });
    expect(await again.key.publicKey()).toBe(before);
    expect(await again.store.get('device')).toEqual({ deviceToken: 'secret-token' });
  });

  test('the new identity stays: the next start sets nothing aside', async () => {
    await used({});
    const second = await (await start({ machineId: 'machine-2' })).key.publicKey();
    const third = await start({ machineId: 'machine-2' });
    expect(third.setAside).toBeNull();
    expect(await third.key.publicKey()).toBe(second);
  });
});

test('a vault that cannot be read is an error, not a new identity', async () => {
  await start();
  for (const storage of open.splice(0)) storage.close();
  rmSync(join(folder, 'device-vault.json'));
  mkdirSync(join(folder, 'device-vault.json'));
  await expect(start()).rejects.toThrow('EISDIR');
  expect(kept()).toEqual([]);
});
