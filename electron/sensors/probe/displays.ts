import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EMPTY,
  failed,
  notSupported,
  partial,
  type Reading,
  told,
} from '#shared/incident/reading.ts';
import {
  type RunTool,
  readRecords,
  recordsIn,
  refusedClass,
  runPowerShell,
  runTool,
  type ToolRecord,
  textOf,
  unreadTool,
} from './system-tool.ts';

/** A screen that shows something now, as the system tells of it; Electron counts desktops, not screens. */
export interface Panel {
  readonly name: string;
  /** `unknown`: the driver does not say. */
  readonly link: 'internal' | 'cable' | 'wireless' | 'virtual' | 'unknown';
  /** It shows what another one shows; null where only the number of screens tells. */
  readonly mirrored: boolean | null;
}

export interface DisplayProbe {
  readonly everyMs: number;
  /**
   * What is told in whole are the outputs themselves, which correct the count of desktops: RandR's monitors are
   * made by whoever wants (`xrandr --setmonitor`), two outputs under one name or two names over one.
   */
  readonly exact: boolean;
  list(signal: AbortSignal): Promise<Reading<readonly Panel[]>>;
}

const INTERNAL = /^(card\d+-)?(eDP|LVDS|DSI)/;

/**
 * Outputs that have a picture, with their place on the desktop: `HDMI-1 connected 1920x1080+0+0 …`. Also those
 * that call themselves disconnected: an adapter without the pin that tells shows the picture all the same.
 */
const ACTIVE_OUTPUT = /^(\S+) (?:dis)?connected (?:primary )?(\d+x\d+\+\d+\+\d+)/gm;

/**
 * @param text `xrandr --current`, which asks the server and not the monitors.
 * @returns `empty` when no output has a picture, which the one who asks contradicts.
 */
export const parseXrandr = (text: string): Reading<readonly Panel[]> => {
  const outputs = [...text.matchAll(ACTIVE_OUTPUT)].map(([, name = '', place = '']) => ({
    name,
    origin: place.replace(/^\d+x\d+/, ''),
  }));
  if (outputs.length === 0) return /^Screen \d+:/m.test(text) ? EMPTY : failed('tool-unread');
  return told(
    outputs.map(({ name, origin }) => ({
      name,
      link: INTERNAL.test(name) ? 'internal' : 'cable',
      // Mirrors may differ in size; what they share is the corner.
      mirrored: outputs.filter((other) => other.origin === origin).length > 1,
    })),
  );
};

/**
 * Connectors of the kernel that carry a picture: `not-supported` where its graphics driver has none, as in
 * containers and with some makers' own drivers. @param sys `/sys`, or a copy of it in a test.
 */
const readConnectors = async (sys: string): Promise<Reading<readonly Panel[]>> => {
  const folder = join(sys, 'class/drm');
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => /^card\d+-/.test(name))
    .toSorted();
  if (names.length === 0) return notSupported('not-supported');
  const read = (name: string, file: string) =>
    readFile(join(folder, name, file), 'utf8').then(
      (text) => text.trim(),
      () => null,
    );
  const found = await Promise.all(
    names.map(async (name) => {
      const [status, enabled] = await Promise.all([read(name, 'status'), read(name, 'enabled')]);
      return { name, lit: status === 'connected' && enabled === 'enabled', status, enabled };
    }),
  );
  const panels = found
    .filter(({ lit }) => lit)
    .map(({ name }): Panel => {
      return { name, link: INTERNAL.test(name) ? 'internal' : 'cable', mirrored: null };
    });
  // `unknown` is what an adapter without the pin that tells says of itself.
  const unsure = found.some(
    ({ status, enabled }) =>
      status === null ||
      (status !== 'disconnected' && enabled === null) ||
      (status === 'unknown' && enabled === 'enabled'),
  );
  if (panels.length === 0) return unsure ? failed('tool-unread') : EMPTY;
  return partial(panels, unsure ? 'not-supported' : null);
};

/** The class is missing or unsupported under some drivers (the basic one, remote desktops): then it says so in words. */
const DISPLAYS_SCRIPT =
  '$r = @{}; try { $r.monitors = @(Get-CimInstance -Namespace root/wmi -ClassName WmiMonitorConnectionParams -ErrorAction Stop | Select-Object InstanceName, Active, VideoOutputTechnology) } catch { $r.refused = "$($_.Exception.NativeErrorCode)" }; ConvertTo-Json -Compress -Depth 3 $r';

/** D3DKMDT_VIDEO_OUTPUT_TECHNOLOGY: 6, 11, 13 and 2^31 are inside, 15 is Miracast, 17 a driver without a screen. */
const LINKS: Readonly<Record<string, Panel['link']>> = {
  '6': 'internal',
  '11': 'internal',
  '13': 'internal',
  '2147483648': 'internal',
  '-2147483648': 'internal',
  '15': 'wireless',
  '17': 'virtual',
};

/** Connections that a driver names; others it leaves open (-1 other, -2 not set up). */
const isNamed = (technology: unknown): boolean =>
  typeof technology === 'number' &&
  (String(technology) in LINKS || (technology >= 0 && technology < 0x8000_0000));

/** @param json what `DISPLAYS_SCRIPT` printed. */
export const parseMonitors = (json: string): Reading<readonly Panel[]> => {
  const read = readRecords(json);
  if (!('value' in read)) return read;
  const [answer] = read.value;
  const refused = textOf(answer?.refused);
  if (refused !== '') return refusedClass(refused);
  if (answer === undefined || !('monitors' in answer)) return failed('tool-unread');
  const active = recordsIn(answer.monitors).filter(({ Active }) => Active !== false);
  if (active.length === 0) return EMPTY;
  const panels = active.map(({ InstanceName, VideoOutputTechnology }): Panel => {
    const link = LINKS[String(VideoOutputTechnology)];
    return {
      // `DISPLAY\BOE0A2A\4&1234&0&UID8388688_0`: the model is enough.
      name: textOf(InstanceName).split('\\')[1] ?? '',
      link: link ?? (isNamed(VideoOutputTechnology) ? 'cable' : 'unknown'),
      mirrored: null,
    };
  });
  const unsure = active.some(({ Active }) => Active !== true);
  const open = unsure || panels.some(({ link }) => link === 'unknown');
  return partial(panels, open ? 'not-supported' : null);
};

const DISPLAYS_COMMAND = ['system_profiler', '-json', 'SPDisplaysDataType'] as const;

const linkOf = (screen: ToolRecord): Panel['link'] => {
  const connection = textOf(screen.spdisplays_connection_type);
  if (connection === 'spdisplays_airplay') return 'wireless';
  if (screen.spdisplays_virtualdevice === 'spdisplays_yes') return 'virtual';
  return connection === 'spdisplays_internal' ? 'internal' : 'cable';
};

/** @param json what `DISPLAYS_COMMAND` printed. A graphics adapter without a lit screen (lid closed) is listed all the same. */
export const parseDisplayProfile = (json: string): Reading<readonly Panel[]> => {
  const read = readRecords(json);
  if (!('value' in read)) return read;
  const [answer] = read.value;
  if (answer === undefined || !('SPDisplaysDataType' in answer)) return failed('tool-unread');
  const screens = recordsIn(answer.SPDisplaysDataType)
    .flatMap(({ spdisplays_ndrvs }) => recordsIn(spdisplays_ndrvs))
    .filter(({ spdisplays_online }) => spdisplays_online !== 'spdisplays_no');
  if (screens.length === 0) return EMPTY;
  const panels = screens.map((screen): Panel => {
    const mirror = screen.spdisplays_mirror;
    const mirrored = typeof mirror === 'string' ? mirror === 'spdisplays_on' : null;
    return { name: textOf(screen._name), link: linkOf(screen), mirrored };
  });
  // More than one screen, and not a word whether they show the same.
  const open = panels.length > 1 && panels.some(({ mirrored }) => mirrored === null);
  return partial(panels, open ? 'tool-unread' : null);
};

/** The server answers at once; one that hangs must not keep what Electron counts from being told, ms. */
const XRANDR_MS = 2_000;

const linux = (run: RunTool, sys: string, x11: boolean): DisplayProbe => ({
  // The screen events of the X server ask in between.
  everyMs: 10_000,
  exact: x11,
  list: async (signal) => {
    const kernel = await readConnectors(sys);
    if (!x11) {
      // What a compositor makes of the connectors it keeps to itself: only their number tells.
      return kernel.state === 'not-supported' ? notSupported('wayland') : kernel;
    }
    const limited = AbortSignal.any([signal, AbortSignal.timeout(XRANDR_MS)]);
    const printed = await run('xrandr', ['--current'], limited);
    const read = printed.ok ? parseXrandr(printed.value) : unreadTool(printed.error);
    if ('value' in read || !('value' in kernel)) return read;
    return partial(kernel.value, read.reason);
  },
});

const ofTool = async (
  printed: ReturnType<RunTool>,
  read: (text: string) => Reading<readonly Panel[]>,
): Promise<Reading<readonly Panel[]>> => {
  const answer = await printed;
  return answer.ok ? read(answer.value) : unreadTool(answer.error);
};

/**
 * How a platform tells of its screens; null where there is no way.
 * @param options.x11 Linux: whether the desktop is X11; Wayland tells nobody of its outputs' places.
 */
export const displayProbe = (
  platform: NodeJS.Platform,
  options: { readonly run?: RunTool; readonly sys?: string; readonly x11?: boolean } = {},
): DisplayProbe | null => {
  const { run = runTool, sys = '/sys', x11 = true } = options;
  if (platform === 'linux') return linux(run, sys, x11);
  // Dear to ask; the screen's own events ask in between.
  const common = { everyMs: 60_000, exact: false } as const;
  if (platform === 'win32')
    return {
      ...common,
      list: (signal) => ofTool(runPowerShell(run, DISPLAYS_SCRIPT, signal), parseMonitors),
    };
  if (platform === 'darwin') {
    const [file, ...args] = DISPLAYS_COMMAND;
    return { ...common, list: (signal) => ofTool(run(file, args, signal), parseDisplayProfile) };
  }
  return null;
};
