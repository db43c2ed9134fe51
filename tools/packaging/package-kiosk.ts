import { mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Arch, build, type Configuration, Platform } from 'electron-builder';
import sharp from 'sharp';
import type { BuildIdentity } from '#shared/wire/build-identity.ts';
import type { Target } from '#tools/bundle/native-addons.ts';
import { stageApp } from './app-folder.ts';
import { electronVersion } from './electron-folder.ts';
import { ensureNatives } from './natives.ts';

const root = join(import.meta.dirname, '../..');
const PLATFORM = { linux: Platform.LINUX, win32: Platform.WINDOWS, darwin: Platform.MAC } as const;
/** The folder that electron-builder makes of each target, before any installer. */
const UNPACKED = { linux: 'linux', win32: 'win', darwin: 'mac' } as const;

export interface PackageOptions {
  readonly target: Target;
  /** Folder of the built pages. */
  readonly pages: string;
  /** Where the result goes, in a folder for each target. */
  readonly out: string;
  readonly releaseKeys: readonly string[];
  /** Only the folder with the program, no installer: works without a network. */
  readonly dirOnly: boolean;
  /** A folder with an unpacked Electron; without it electron-builder downloads the right one. */
  readonly electronDist: string | null;
  /** For a test on a machine that cannot sign or edit programs of another system. */
  readonly override?: Configuration;
}

export interface Packaged {
  readonly identity: BuildIdentity;
  /** The folder with the program. */
  readonly folder: string;
  /** Installers; none with `dirOnly`. */
  readonly artifacts: readonly string[];
}

/** The mark as the square picture that electron-builder makes each system's icon of. */
const drawIcon = async (): Promise<void> => {
  const file = join(root, 'out/icons/icon.png');
  mkdirSync(dirname(file), { recursive: true });
  const size = 1024;
  const margin = size / 16;
  const mark = await sharp(join(root, 'assets/icons/mark.svg'), { density: 2_400 })
    .resize(size - 2 * margin, size - 2 * margin)
    .toBuffer();
  await sharp({ create: { width: size, height: size, channels: 4, background: '#0000' } })
    .composite([{ input: mark, left: margin, top: margin }])
    .png()
    .toFile(file);
};

/** Packages the kiosk for one system and processor. @throws whatever electron-builder cannot do, as an Error. */
export const packageKiosk = async (options: PackageOptions): Promise<Packaged> => {
  const { target, dirOnly, electronDist } = options;
  const name = `${target.platform}-${target.arch}`;
  const out = resolve(options.out, name);
  const app = resolve(options.out, `app-${name}`);
  ensureNatives(target);
  await drawIcon();
  const identity = await stageApp(options.pages, app, target, options.releaseKeys);
  const platform = PLATFORM[target.platform];
  const artifacts = await build({
    projectDir: root,
    targets: platform.createTarget(dirOnly ? 'dir' : null, Arch[target.arch]),
    publish: 'never',
    config: {
      extends: join(root, 'electron-builder.yml'),
      ...options.override,
      directories: { app: relative(root, app), output: out, buildResources: 'build' },
      electronVersion: electronVersion(),
      ...(electronDist === null ? {} : { electronDist }),
      // The app's folder is complete: there are no packages to look for.
      beforeBuild: async () => false,
    },
  });
  const suffix = target.arch === 'x64' ? '' : `-${target.arch}`;
  const unpacked = UNPACKED[target.platform];
  const folder = join(
    out,
    target.platform === 'darwin' ? `${unpacked}${suffix}` : `${unpacked}${suffix}-unpacked`,
  );
  return { identity, folder, artifacts: artifacts.filter((file) => !file.endsWith('.blockmap')) };
};
