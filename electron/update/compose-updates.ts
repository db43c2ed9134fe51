import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import { builtInReleaseKeys, judgeOffer } from './release-trust.ts';
import type { UpdateLibrary } from './update-library.ts';
import { createUpdates, type Updates } from './update-watch.ts';

/** base64 SHA-512 of a file, read in pieces: installers have a hundred megabytes. */
export const sha512Of = async (file: string): Promise<string> => {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
};

/** Why this machine does not update itself; null when it does. */
export type UpdatesOff = 'switched-off' | 'not-packaged' | 'no-keys' | 'managed-install';

export interface UpdatesContext {
  readonly packaged: boolean;
  readonly version: string;
  readonly server: string;
  readonly room: string | null;
  /** `none` switches updates off. */
  readonly channel: string;
  readonly executable: string;
  readonly token: () => Promise<string | null>;
  readonly busy: () => boolean;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/**
 * Whether this kiosk updates itself. An MSI belongs to the fleet's own management, and electron-updater would put a
 * second program beside it; only the other installer leaves its uninstaller in the folder.
 */
export const updatesOff = (
  context: Pick<UpdatesContext, 'packaged' | 'channel' | 'executable'>,
  keys: readonly string[] = builtInReleaseKeys(),
  platform: NodeJS.Platform = process.platform,
): UpdatesOff | null => {
  if (context.channel === 'none') return 'switched-off';
  if (!context.packaged) return 'not-packaged';
  if (keys.length === 0) return 'no-keys';
  const uninstaller = join(dirname(context.executable), 'Uninstall Atalaya.exe');
  if (platform === 'win32' && !existsSync(uninstaller)) return 'managed-install';
  return null;
};

/** A library that takes a tenth of a second to load is loaded when the start is over, ms. */
const LOAD_MS = 5_000;

/** A library that is loaded by its first use, or when `load` is called. */
const lazyLibrary = (make: () => Promise<UpdateLibrary>) => {
  let loading: Promise<UpdateLibrary> | null = null;
  let loaded: UpdateLibrary | null = null;
  const load = async (): Promise<UpdateLibrary> => {
    loading ??= make();
    loaded = await loading;
    return loaded;
  };
  const library: UpdateLibrary = {
    look: async () => (await load()).look(),
    download: async (manifest, olderAllowed) => (await load()).download(manifest, olderAllowed),
    cancel: () => loaded?.cancel(),
    install: () => loaded?.install() ?? false,
  };
  return { library, load };
};

/** Starts the kiosk's updates on the real electron-updater. @returns null when this machine does not update itself. */
export const startUpdates = (context: UpdatesContext): Updates | null => {
  const { platform, arch } = process;
  const off = updatesOff(context);
  const known =
    (platform === 'linux' || platform === 'win32' || platform === 'darwin') &&
    (arch === 'x64' || arch === 'arm64');
  context.log('info', 'updates', { off, known });
  if (off !== null || !known) return null;
  const { server, channel, room, version, token, log, scheduler } = context;
  const { library, load } = lazyLibrary(async () => {
    // Which of the library's classes it is depends on how this program was installed.
    const [{ autoUpdater }, { electronUpdaterLibrary }] = await Promise.all([
      import('electron-updater'),
      import('./electron-updater-library.ts'),
    ]);
    const address = { server, platform, arch, channel, room, version, token };
    return electronUpdaterLibrary(autoUpdater, address, log);
  });
  const stopLoading = scheduler.after(LOAD_MS, () => {
    load().then(
      () => log('info', 'updater is loaded'),
      (error: unknown) => log('error', 'no updater', { error: String(error).slice(0, 300) }),
    );
  });
  const updates = createUpdates({
    library,
    judge: (offered) =>
      judgeOffer(offered, {
        keys: builtInReleaseKeys(),
        current: version,
        platform,
        arch,
        now: Date.now(),
      }),
    busy: context.busy,
    hashFile: sha512Of,
    scheduler,
    spread: Math.random(),
    log,
  });
  return {
    ...updates,
    stop: () => {
      stopLoading();
      updates.stop();
    },
  };
};
