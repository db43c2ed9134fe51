import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll, extractFile, getRawHeader, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuildIdentity } from '#shared/wire/build-identity.ts';
import { type Desktop, startDesktop } from '#test/support/desktop.ts';
import { words } from '#test/support/exam/kiosk-words.ts';
import { PRODUCT } from '#test/support/exam/product-build.ts';
import { startPackaged, writeStandInElectron } from '#test/support/packaged-electron.ts';
import { see } from '#test/support/see.ts';
import { newReleaseKey } from '#test/support/signed-release.ts';
import { thisTarget } from '#tools/bundle/native-addons.ts';
import { type ServerProcess, startServer } from '#tools/demo/server-process.ts';
import { contentHash } from '#tools/packaging/content-hash.ts';
import { findElectron } from '#tools/packaging/electron-folder.ts';
import { addedBytes, agreedFiles, packagedFiles } from '#tools/packaging/package-files.ts';
import { type Packaged, packageKiosk } from '#tools/packaging/package-kiosk.ts';

/*
 * Packages the kiosk with the real electron-builder, in a folder that takes the place of Electron (the stand-in),
 * looks into what came out, and starts it. What only the real Electron shows: that it obeys the fuses, and that it
 * checks the archive.
 */

/** The target of the project for the packaged Linux folder, without Electron's own files. */
const MOST_BYTES = 60_000_000;
const key = newReleaseKey();
let folder: string;
let made: Packaged;
let archive: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-dist-'));
  const electronDist = join(folder, 'electron');
  writeStandInElectron(electronDist);
  made = await packageKiosk({
    target: thisTarget(),
    pages: PRODUCT.pages,
    out: join(folder, 'out'),
    releaseKeys: [key.publicKey],
    dirOnly: true,
    electronDist,
  });
  archive = join(made.folder, 'resources/app.asar');
});
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const inside = (file: string): string => extractFile(archive, file).toString();

describe('what is packaged', () => {
  test('is what is on the list, and nothing else', () => {
    // A change that is meant: npm run dist -- --write-file-list
    expect(packagedFiles(made.folder)).toEqual(agreedFiles());
  });

  test('holds no source, map, test, key or data', () => {
    const names = listPackage(archive, { isPack: false });
    expect(names.filter((name) => /\.(map|ts|tsx|pem|key|env|db|sqlite|log)$/.test(name))).toEqual(
      [],
    );
    expect(names.filter((name) => /node_modules|test|demo/.test(name))).toEqual([]);
    for (const name of names.filter((one) => /\.(js|cjs|css|html|json)$/.test(one))) {
      const text = inside(name.slice(1));
      expect(/^\s*\/[/*][#@] sourceMappingURL=/m.test(text), name).toBe(false);
      expect(/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text), name).toBe(false);
      // The machine that it was built on.
      expect(text.includes(process.cwd()), name).toBe(false);
    }
  });

  test('holds the libraries as they are for users, not for developers', () => {
    const scripts = listPackage(archive, { isPack: false }).filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(3);
    const talking = scripts.filter((name) =>
      inside(name.slice(1)).includes('Each child in a list'),
    );
    expect(talking).toEqual([]);
  });

  test('only compiled code lies outside the archive, each file with its hash in the archive', () => {
    const outside = readdirSync(`${archive}.unpacked`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(outside.length).toBeGreaterThan(0);
    for (const file of outside) expect(file).toMatch(/dist\/electron\/native\/[\w-]+\.node$/);
    const code = ['main.js', 'native-watch.cjs'].map((name) => inside(`dist/electron/${name}`));
    const checks = code.join('').match(/is not the file that this program was built with/g);
    expect(checks).toHaveLength(outside.length);
    // By these variables the libraries' own loaders would take any file.
    expect(code.join('')).not.toMatch(/NAPI_RS_NATIVE_LIBRARY_PATH|_PREBUILD'/);
  });

  test('every file in the archive has its hash in the header', () => {
    interface Node {
      readonly files?: Readonly<Record<string, Node>>;
      readonly integrity?: { readonly algorithm: string };
    }
    const leaves = (node: Node): readonly Node[] =>
      node.files === undefined ? [node] : Object.values(node.files).flatMap(leaves);
    const all = leaves(getRawHeader(archive).header as Node);
    expect(all.length).toBe(agreedFiles().length);
    for (const { integrity } of all) expect(integrity?.algorithm).toBe('SHA256');
  });

  test('is under the size that was promised', () => {
    const bytes = addedBytes(made.folder);
    console.log(`packaged, without Electron's own files: ${(bytes / 1e6).toFixed(1)} MB`);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  test('trusts the release key that it was built with and no other', () => {
    expect(inside('dist/electron/main.js')).toContain(key.publicKey);
  });

  test('keeps the languages of its users only', () => {
    const locales = readdirSync(join(made.folder, 'locales')).sort();
    expect(locales).toEqual(['en-US.pak', 'es-419.pak', 'es.pak']);
  });

  test('has its fuses as they should be', async () => {
    const wire = await getCurrentFuseWire(join(made.folder, 'atalaya'));
    const state = (fuse: FuseV1Options) => FuseState[wire[fuse] ?? FuseState.REMOVED];
    expect({
      runAsNode: state(FuseV1Options.RunAsNode),
      cookies: state(FuseV1Options.EnableCookieEncryption),
      nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: state(FuseV1Options.EnableNodeCliInspectArguments),
      integrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      asarOnly: state(FuseV1Options.OnlyLoadAppFromAsar),
      snapshot: state(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
      fileRights: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: 'DISABLE',
      cookies: 'ENABLE',
      nodeOptions: 'DISABLE',
      inspect: 'DISABLE',
      integrity: 'ENABLE',
      asarOnly: 'ENABLE',
      snapshot: 'DISABLE',
      fileRights: 'DISABLE',
    });
  });
});

describe('the identity of the build', () => {
  test('is the hash of what is really inside', () => {
    const identity = JSON.parse(inside('dist/electron/build-identity.json')) as BuildIdentity;
    expect(identity).toEqual(made.identity);
    expect(identity).toMatchObject({ kind: 'packaged', ...thisTarget() });
    const extracted = join(folder, 'extracted');
    extractAll(archive, extracted);
    expect(contentHash(extracted)).toBe(identity.hash);
    writeFileSync(join(extracted, 'dist/electron/main.js'), 'other');
    expect(contentHash(extracted)).not.toBe(identity.hash);
  });
});

describe('the packaged program', () => {
  let desktop: Desktop;
  let server: ServerProcess;
  beforeAll(async () => {
    mkdirSync(join(folder, 'data'));
    [desktop, server] = await Promise.all([
      startDesktop(),
      startServer(join(folder, 'data'), PRODUCT.pages),
    ]);
  });
  afterAll(async () => {
    await server?.stop();
    await desktop?.stop();
  });

  test('starts, enrols and comes to its sign-in screen', async () => {
    const userData = mkdtempSync(join(folder, 'user-'));
    writeFileSync(join(userData, 'kiosk.json'), JSON.stringify({ server: server.origin }));
    const [code] = server.credentials.enrolmentCodes;
    const program = join(made.folder, 'atalaya');
    const kiosk = await startPackaged(program, userData, desktop, [`--enrol=${code}`]);
    try {
      await see(kiosk.page.getByLabel(words.signIn.document)).toBeVisible({ timeout: 30_000 });
      const log = (): string => readFileSync(join(userData, 'kiosk.log'), 'utf8');
      // It is an installed one with a key: it updates itself, with the library that is in its bundle.
      expect(log()).toContain('"off":null');
      await expect.poll(log, { timeout: 20_000 }).toContain('updater is loaded');
    } finally {
      await kiosk.stop();
    }
  });

  test('does not load compiled code that was exchanged', async () => {
    const userData = mkdtempSync(join(folder, 'user-'));
    writeFileSync(join(userData, 'kiosk.json'), JSON.stringify({ server: server.origin }));
    const native = join(`${archive}.unpacked`, 'dist/electron/native/better-sqlite3.node');
    const good = readFileSync(native);
    const changed = Buffer.from(good);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    writeFileSync(native, changed);
    try {
      await expect(startPackaged(join(made.folder, 'atalaya'), userData, desktop)).rejects.toThrow(
        'native/better-sqlite3.node is not the file that this program was built with',
      );
    } finally {
      writeFileSync(native, good);
    }
  });
});

describe('without Electron', () => {
  test('a sentence says what is missing and what to do', () => {
    const found = findElectron(thisTarget(), join(folder, 'nowhere'));
    expect(found).toEqual({ missing: expect.stringContaining('no está el programa electron') });
  });
});
