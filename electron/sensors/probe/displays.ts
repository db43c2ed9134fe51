import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import {
  type RunTool,
  reasonOf,
  recordsOf,
  runPowerShell,
  runTool,
  textOf,
} from './system-tool.ts';

/** A screen that shows something now, as the system tells of it; Electron counts desktops, not screens. */
export interface Panel {
  readonly name: string;
  readonly link: 'internal' | 'cable' | 'wireless' | 'virtual';
  /** It shows what another one shows; null where only the number of screens tells. */
  readonly mirrored: boolean | null;
}

export interface DisplayProbe {
  readonly everyMs: number;
  list(signal: AbortSignal): Promise<Result<readonly Panel[], CoverageReason>>;
}

const INTERNAL = /^(card\d+-)?(eDP|LVDS|DSI)/;

/**
 * Outputs that have a picture, with their place on the desktop: `HDMI-1 connected 1920x1080+0+0 …`. Also those
 * that call themselves disconnected: an adapter without the pin that tells shows the picture all the same.
 */
const ACTIVE_OUTPUT = /^(\S+) (?:dis)?connected (?:primary )?(\d+x\d+\+\d+\+\d+)/gm;

/** @param text `xrandr --current`, which asks the server and not the monitors. */
export const parseXrandr = (text: string): readonly Panel[] => {
  const outputs = [...text.matchAll(ACTIVE_OUTPUT)].map(([, name = '', place = '']) => ({
    name,
    origin: place.replace(/^\d+x\d+/, ''),
  }));
  return outputs.map(({ name, origin }) => ({
    name,
    link: INTERNAL.test(name) ? 'internal' : 'cable',
    // Mirrors may differ in size; what they share is the corner.
    mirrored: outputs.filter((other) => other.origin === origin).length > 1,
  }));
};

/** Connectors of the kernel that carry a picture. @param sys `/sys`, or a copy of it in a test. */
const readConnectors = async (sys: string): Promise<readonly Panel[] | null> => {
  const folder = join(sys, 'class/drm');
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => /^card\d+-/.test(name))
    .toSorted();
  if (names.length === 0) return null;
  const read = (name: string, file: string) =>
    readFile(join(folder, name, file), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const found = names.map(async (name): Promise<readonly Panel[]> => {
    const [status, enabled] = await Promise.all([read(name, 'status'), read(name, 'enabled')]);
    if (status !== 'connected' || enabled !== 'enabled') return [];
    return [{ name, link: INTERNAL.test(name) ? 'internal' : 'cable', mirrored: null }];
  });
  return (await Promise.all(found)).flat();
};

const DISPLAYS_SCRIPT =
  'ConvertTo-Json -Compress @(Get-CimInstance -Namespace root/wmi -ClassName WmiMonitorConnectionParams | Select-Object InstanceName, Active, VideoOutputTechnology)';

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

/** @param json what `DISPLAYS_SCRIPT` printed. */
export const parseMonitors = (json: string): readonly Panel[] =>
  recordsOf(json)
    .filter(({ Active }) => Active === true)
    .map(({ InstanceName, VideoOutputTechnology }) => ({
      // `DISPLAY\BOE0A2A\4&1234&0&UID8388688_0`: the model is enough.
      name: textOf(InstanceName).split('\\')[1] ?? '',
      link: LINKS[String(VideoOutputTechnology)] ?? 'cable',
      mirrored: null,
    }));

const DISPLAYS_COMMAND = ['system_profiler', '-json', 'SPDisplaysDataType'] as const;

/** @param json what `DISPLAYS_COMMAND` printed. */
export const parseDisplayProfile = (json: string): readonly Panel[] =>
  recordsOf(json)
    .flatMap(({ SPDisplaysDataType }) => recordsOf(JSON.stringify(SPDisplaysDataType ?? [])))
    .flatMap(({ spdisplays_ndrvs }) => recordsOf(JSON.stringify(spdisplays_ndrvs ?? [])))
    .filter(({ spdisplays_online }) => spdisplays_online !== 'spdisplays_no')
    .map((screen) => {
      const connection = textOf(screen.spdisplays_connection_type);
      const link =
        connection === 'spdisplays_airplay'
          ? 'wireless'
          : screen.spdisplays_virtualdevice === 'spdisplays_yes'
            ? 'virtual'
            : connection === 'spdisplays_internal'
              ? 'internal'
              : 'cable';
      const mirrored = screen.spdisplays_mirror === 'spdisplays_on';
      return { name: textOf(screen._name), link, mirrored };
    });

const linux = (run: RunTool, sys: string, x11: boolean): DisplayProbe => ({
  // The screen events of the X server ask in between.
  everyMs: 10_000,
  list: async (signal) => {
    const connectors = await readConnectors(sys);
    if (!x11) return connectors === null ? fail('wayland') : ok(connectors);
    const printed = await run('xrandr', ['--current'], signal);
    if (printed.ok) return ok(parseXrandr(printed.value));
    return connectors === null ? fail(reasonOf(printed.error)) : ok(connectors);
  },
});

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
  if (platform === 'win32')
    return {
      // Dear to ask; the screen's own events ask in between.
      everyMs: 60_000,
      list: async (signal) => {
        const printed = await runPowerShell(run, DISPLAYS_SCRIPT, signal);
        return printed.ok ? ok(parseMonitors(printed.value)) : fail(reasonOf(printed.error));
      },
    };
  if (platform === 'darwin') {
    const [file, ...args] = DISPLAYS_COMMAND;
    return {
      everyMs: 60_000,
      list: async (signal) => {
        const printed = await run(file, args, signal);
        return printed.ok ? ok(parseDisplayProfile(printed.value)) : fail(reasonOf(printed.error));
      },
    };
  }
  return null;
};
