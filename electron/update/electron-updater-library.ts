import { type AppUpdater, BaseUpdater, CancellationToken } from 'electron-updater';
import { check } from '#shared/kernel/schema.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import { UPDATE_HEADERS, UpdateFeedSchema } from '#shared/wire/release.ts';
import { feedMatches } from './release-trust.ts';
import type { UpdateLibrary } from './update-library.ts';

export interface FeedAddress {
  /** Origin of the central server. */
  readonly server: string;
  readonly platform: string;
  readonly arch: string;
  /** Which releases this machine takes. */
  readonly channel: string;
  readonly room: string | null;
  readonly version: string;
  /** The device's token, asked for before each request; null while the device is not enrolled. */
  readonly token: () => Promise<string | null>;
}

/** electron-updater's own words for "the server has no such file". */
const NOTHING_OFFERED = 'ERR_UPDATER_CHANNEL_FILE_NOT_FOUND';

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/**
 * electron-updater behind the port. Nothing happens by itself: no download before the offer was judged, no
 * installation but when it is told to, no web installer (its parts are not in the signed list).
 */
export const electronUpdaterLibrary = (
  updater: AppUpdater,
  address: FeedAddress,
  log: Log,
): UpdateLibrary => {
  updater.autoDownload = false;
  // Squirrel on macOS installs what it was given when the program ends, and only that way.
  updater.autoInstallOnAppQuit = process.platform === 'darwin';
  updater.autoRunAppAfterInstall = false;
  updater.allowDowngrade = false;
  updater.disableWebInstaller = true;
  updater.disableDifferentialDownload = true;
  updater.logger = {
    info: (message) => log('info', 'updater', { message: String(message).slice(0, 300) }),
    warn: (message) => log('warn', 'updater', { message: String(message).slice(0, 300) }),
    // Every failure is also thrown, and logged by who catches it.
    error: () => undefined,
  };
  // Without a listener an `error` event would end the process.
  updater.on('error', () => undefined);
  updater.setFeedURL({
    provider: 'generic',
    url: new URL(`/api/updates/${address.platform}/${address.arch}/`, address.server).href,
  });

  let token: CancellationToken | null = null;

  const ask = async (): Promise<unknown> => {
    const device = await address.token();
    if (device === null) return null;
    updater.requestHeaders = {
      authorization: `Bearer ${device}`,
      [UPDATE_HEADERS.version]: address.version,
      [UPDATE_HEADERS.channel]: address.channel,
      ...(address.room === null ? {} : { [UPDATE_HEADERS.room]: encodeURIComponent(address.room) }),
    };
    try {
      return (await updater.checkForUpdates())?.updateInfo ?? null;
    } catch (error) {
      if (codeOf(error) === NOTHING_OFFERED) return null;
      throw error;
    }
  };

  return {
    look: ask,
    download: async (manifest, olderAllowed) => {
      const mine = new CancellationToken();
      token = mine;
      updater.allowDowngrade = olderAllowed;
      try {
        // Only now, with the permit, does the library take an older version for an update.
        const feed = check(UpdateFeedSchema, await ask());
        if (!feed.ok || !feedMatches(feed.value, manifest))
          throw new Error('the offer has changed since it was judged');
        if (mine.cancelled) throw new Error('cancelled');
        const [file] = await updater.downloadUpdate(mine);
        if (file === undefined) throw new Error('nothing was downloaded');
        return file;
      } finally {
        token = null;
        updater.allowDowngrade = false;
      }
    },
    cancel: () => token?.cancel(),
    install: () => {
      if (updater instanceof BaseUpdater) return updater.install(true, false);
      return process.platform === 'darwin';
    },
  };
};
