import type { EnrolledDevice } from '#server/people/ports.ts';
import type { AuditTrail, ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { UpdateFeed } from '#shared/wire/release.ts';
import {
  type ReleaseFiles,
  type ReleaseStore,
  type ReleaseTarget,
  STAGE_SCOPES,
  type Stage,
  type StoredRelease,
} from './release-ports.ts';

export interface UpdatesDeps {
  readonly releases: ReleaseStore;
  readonly releaseFiles: ReleaseFiles;
  readonly trail: AuditTrail;
  readonly clock: ServerClock;
}

/** What a kiosk says of itself when it asks. */
export interface Asking extends ReleaseTarget {
  readonly device: EnrolledDevice;
  /** What it runs. */
  readonly version: string;
  readonly channel: string;
  /** Where its configuration says that it stands, id or name. */
  readonly room: string | null;
}

export interface Updates {
  /** What electron-updater reads; `not-found` when nothing is offered. */
  feed(asking: Asking): Promise<Result<UpdateFeed, Problem>>;
  /** A file of the release that is offered to the device, and of no other. */
  file(
    asking: Asking,
    name: string,
  ): Promise<Result<{ readonly path: string; readonly bytes: number }, Problem>>;
}

/** Name of the feed that electron-updater asks for, by system and processor. */
export const feedName = ({ platform, arch }: ReleaseTarget): string => {
  if (platform === 'win32') return 'latest.yml';
  if (platform === 'darwin') return 'latest-mac.yml';
  return arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${arch}.yml`;
};

/** Files that electron-updater installs, the one that names the release first. */
const INSTALLABLE: Readonly<Record<ReleaseTarget['platform'], readonly string[]>> = {
  win32: ['.exe'],
  darwin: ['.zip'],
  linux: ['.AppImage', '.deb'],
};

const feedOf = (release: StoredRelease, stage: Stage): UpdateFeed | null => {
  const files = INSTALLABLE[release.platform].flatMap((ending) =>
    release.manifest.files.filter(({ name }) => name.endsWith(ending)),
  );
  const [first] = files;
  if (first === undefined) return null;
  return {
    version: release.version,
    releaseDate: new Date(release.manifest.createdAt).toISOString(),
    files: files.map(({ name, bytes, sha512 }) => ({
      url: name,
      sha512,
      size: bytes,
      ...(release.platform === 'win32' ? { isAdminRightsRequired: true } : {}),
    })),
    path: first.name,
    sha512: first.sha512,
    atalaya: { manifest: release.signed, rollback: stage.permit },
  };
};

/**
 * Which release a device is offered: the one of the narrowest stage that it is in (device, room, venue, channel,
 * all) and that was not withdrawn. The kiosk judges by itself whether it takes it.
 */
export const updates = (deps: UpdatesDeps): Updates => {
  const { releases, releaseFiles, trail, clock } = deps;

  const offered = async (
    asking: Asking,
  ): Promise<{ readonly release: StoredRelease; readonly stage: Stage } | null> => {
    const [list, stages, place] = await Promise.all([
      releases.list(),
      releases.stages(),
      releases.placeOf(asking.device.id, asking.room),
    ]);
    const mine: Readonly<Record<Stage['scope'], string | null>> = {
      device: asking.device.id,
      room: place?.roomId ?? null,
      venue: place?.venueId ?? null,
      channel: asking.channel,
      all: '',
    };
    const same = (one: ReleaseTarget): boolean =>
      one.platform === asking.platform && one.arch === asking.arch;
    for (const scope of STAGE_SCOPES) {
      const stage = stages.find(
        (one) => same(one) && one.scope === scope && one.scopeId === mine[scope],
      );
      const release = list.find(
        (one) => same(one) && one.version === stage?.version && one.withdrawn === null,
      );
      if (stage !== undefined && release !== undefined) return { release, stage };
    }
    return null;
  };

  return {
    feed: async (asking) => {
      const offer = await offered(asking);
      const feed = offer === null ? null : feedOf(offer.release, offer.stage);
      const { platform, arch, version } = asking;
      await releases.note({
        deviceId: asking.device.id,
        platform,
        arch,
        version,
        offered: feed?.version ?? null,
        askedAt: clock.now(),
      });
      return feed === null ? refuse('not-found') : ok(feed);
    },

    file: async (asking, name) => {
      const offer = await offered(asking);
      const file = offer?.release.manifest.files.find((one) => one.name === name);
      if (offer === null || file === undefined) return refuse('not-found');
      const { release } = offer;
      const path = await releaseFiles.find(release, release.version, name, file.bytes);
      if (path === null) return refuse('storage-failed', 'the file of the release is not there');
      await trail.audit({
        at: clock.now(),
        actor: asking.device.id,
        action: 'update-downloaded',
        subject: `${release.platform}-${release.arch} ${release.version}`,
        detail: { file: name, from: asking.version },
      });
      return ok({ path, bytes: file.bytes });
    },
  };
};
