import { describe, expect, test } from 'vitest';
import { judgeOffer } from '#electron/update/release-trust.ts';
import type { UpdateLibrary } from '#electron/update/update-library.ts';
import { createUpdates } from '#electron/update/update-watch.ts';
import type { ReleaseManifest } from '#shared/wire/release.ts';
import {
  feedFor,
  manifestOf,
  newReleaseKey,
  sha512,
  signWith,
} from '#test/support/signed-release.ts';

const key = newReleaseKey();
const installer = Buffer.from('an installer');
const release = (version: string): ReleaseManifest => manifestOf(version, 'a.deb', installer);
const feed = (version: string) => feedFor(release(version), signWith(key, release(version)));

/** The machine state around a real `createUpdates`; the library is told what to answer. */
const setUp = () => {
  const world = {
    busy: false,
    offered: feed('2.0.0') as unknown,
    onDisk: sha512(installer),
    calls: [] as string[],
    log: [] as string[],
    downloading: Promise.withResolvers<string>(),
  };
  const timers: { ms: number; task: () => void; every: boolean }[] = [];
  const library: UpdateLibrary = {
    look: async () => {
      world.calls.push('look');
      if (world.offered instanceof Error) throw world.offered;
      return world.offered;
    },
    download: async ({ version }, older) => {
      world.calls.push(`download ${version}${older ? ' older' : ''}`);
      return world.downloading.promise;
    },
    cancel: () => {
      world.calls.push('cancel');
      world.downloading.reject(new Error('cancelled'));
    },
    install: () => {
      world.calls.push('install');
      return true;
    },
  };
  const updates = createUpdates({
    library,
    judge: (offered) =>
      judgeOffer(offered, {
        keys: [key.publicKey],
        current: '1.0.0',
        platform: 'linux',
        arch: 'x64',
        now: 0,
      }),
    busy: () => world.busy,
    hashFile: async () => {
      if (world.onDisk === '') throw new Error('ENOENT');
      return world.onDisk;
    },
    scheduler: {
      after: (ms, task) => {
        timers.push({ ms, task, every: false });
        return () => undefined;
      },
      every: (ms, task) => {
        timers.push({ ms, task, every: true });
        return () => undefined;
      },
    },
    spread: 0.5,
    log: (_level, message) => world.log.push(message),
  });
  return { world, updates, timers };
};

const readyUpdate = async () => {
  const set = setUp();
  set.world.downloading.resolve('/cache/a.deb');
  await set.updates.check();
  return set;
};

describe('when the kiosk updates itself', () => {
  test('it looks a minute after the start and then twice an hour, not all kiosks at once', () => {
    const { timers } = setUp();
    timers[0]?.task();
    expect(timers.map(({ ms, every }) => [ms, every])).toEqual([
      [90_000, false],
      [1_950_000, true],
    ]);
  });

  test('downloaded while nobody is signed in, installed at the end', async () => {
    const { world, updates } = await readyUpdate();
    expect(updates.state()).toMatchObject({ phase: 'ready', version: '2.0.0' });
    expect(world.calls).toEqual(['look', 'download 2.0.0']);
    expect(await updates.installAtQuit()).toBe(true);
    expect(world.calls.at(-1)).toBe('install');
  });

  test('nothing is asked while somebody is signed in', async () => {
    const { world, updates } = setUp();
    world.busy = true;
    await updates.check();
    expect(world.calls).toEqual([]);
  });

  test('somebody signs in while the server is asked: nothing is downloaded', async () => {
    const { world, updates } = setUp();
    const looked = updates.check();
    world.busy = true;
    await looked;
    expect(world.calls).toEqual(['look']);
    expect(updates.state().phase).toBe('idle');
  });

  test('somebody signs in during the download: it is let go, and begins anew when the machine is free', async () => {
    const { world, updates } = setUp();
    const looked = updates.check();
    await expect.poll(() => updates.state().phase).toBe('downloading');
    world.busy = true;
    updates.sessionChanged();
    await looked;
    expect(world.calls).toEqual(['look', 'download 2.0.0', 'cancel']);
    expect(updates.state().phase).toBe('idle');
    expect(await updates.installAtQuit()).toBe(false);

    world.busy = false;
    world.downloading = Promise.withResolvers();
    world.downloading.resolve('/cache/a.deb');
    await updates.check();
    expect(updates.state().phase).toBe('ready');
  });

  test('a session that ends the program is not the time to install', async () => {
    const { world, updates } = await readyUpdate();
    world.busy = true;
    expect(await updates.installAtQuit()).toBe(false);
    expect(world.calls).not.toContain('install');
  });

  test('two looks at once are one', async () => {
    const { world, updates } = setUp();
    world.offered = null;
    await Promise.all([updates.check(), updates.check()]);
    expect(world.calls).toEqual(['look']);
  });
});

describe('what is not installed', () => {
  test('a release that is not signed', async () => {
    const { world, updates } = setUp();
    world.offered = { ...feed('2.0.0'), atalaya: undefined };
    await updates.check();
    expect(updates.state()).toEqual({ phase: 'refused', reason: 'malformed' });
    expect(world.calls).toEqual(['look']);
    expect(world.log).toContain('offered update refused');
  });

  test('a file that was changed after the download', async () => {
    const { world, updates } = await readyUpdate();
    world.onDisk = sha512(Buffer.from('something else'));
    expect(await updates.installAtQuit()).toBe(false);
    expect(world.calls).not.toContain('install');
    expect(world.log).toContain('downloaded update was changed; not installed');
  });

  test('a file that is gone', async () => {
    const { world, updates } = await readyUpdate();
    world.onDisk = '';
    expect(await updates.installAtQuit()).toBe(false);
    expect(world.calls).not.toContain('install');
  });

  test('a release that was withdrawn after the download', async () => {
    const { world, updates } = await readyUpdate();
    world.offered = null;
    await updates.check();
    expect(await updates.installAtQuit()).toBe(false);
  });

  test('but a server that cannot be asked withdraws nothing', async () => {
    const { world, updates } = await readyUpdate();
    world.offered = new Error('offline');
    await updates.check();
    expect(await updates.installAtQuit()).toBe(true);
  });

  test('the release that replaced it is downloaded instead', async () => {
    const { world, updates } = await readyUpdate();
    world.offered = feed('2.0.1');
    await updates.check();
    expect(world.calls.at(-1)).toBe('download 2.0.1');
    expect(updates.state()).toMatchObject({ phase: 'ready', version: '2.0.1' });
  });

  test('what is ready is not downloaded again', async () => {
    const { world, updates } = await readyUpdate();
    await updates.check();
    expect(world.calls).toEqual(['look', 'download 2.0.0', 'look']);
    expect(updates.state().phase).toBe('ready');
  });
});
