import type { ProgramRules } from '#shared/incident/program-rules.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import { createTwinFinder } from './probe/installed-twins.ts';
import { machineProbe } from './probe/machine-facts.ts';
import { linuxProcessTable } from './probe/processes.linux.ts';
import { programLists } from './probe/program-lists.ts';
import { linuxRemoteProbe } from './probe/remote.linux.ts';
import { remoteTools } from './probe/remote-tools.ts';
import type { WindowTable } from './probe/window-table.ts';
import { x11WindowTable } from './probe/windows.x11.ts';
import { programsSensor } from './programs.sensor.ts';
import { remoteSessionSensor } from './remote-session.sensor.ts';
import { virtualMachineSensor } from './virtual-machine.sensor.ts';
import { windowsSensor } from './windows.sensor.ts';

export interface ProgramParts {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The kiosk's main process. */
  readonly pid: number;
  /** What the institution changes about the lists; null for nothing. */
  readonly rules: ProgramRules | null;
}

/** Which windows of others a Linux desktop shows, and what it keeps to itself. */
export const linuxWindows = (
  environment: Readonly<Record<string, string | undefined>>,
  titles: boolean,
): { readonly table: WindowTable | null; readonly limits: Limits } => {
  const {
    DISPLAY: display,
    XAUTHORITY: authority,
    WAYLAND_DISPLAY,
    XDG_SESSION_TYPE,
  } = environment;
  const wayland = (WAYLAND_DISPLAY ?? '') !== '' || XDG_SESSION_TYPE === 'wayland';
  const shows = display !== undefined && display !== '';
  return {
    table: shows
      ? x11WindowTable({ display, titles, ...(authority === undefined ? {} : { authority }) })
      : null,
    // Under Wayland an X display shows the programs that still speak X, and no others.
    limits: wayland
      ? { 'forbidden-app': { reason: 'wayland', partly: shows } }
      : shows
        ? {}
        : { 'forbidden-app': { reason: 'platform', partly: false } },
  };
};

/** The sensors of other programs: processes, windows, remote control, and the machine below. */
export const programSensors = (parts: ProgramParts): readonly Sensor[] => {
  const { environment, pid: ownPid } = parts;
  const rules = parts.rules ?? {};
  const machine = virtualMachineSensor(machineProbe(parts.platform));
  if (parts.platform !== 'linux') return [machine];
  const lists = programLists(rules);
  const platform = 'linux';
  const tools = remoteTools(rules.permitted ?? []);
  const processes = linuxProcessTable({
    desktop: environment,
    originOf: createTwinFinder([...lists.forbidden, ...tools.map(({ rule }) => rule)], environment),
  });
  const titles = rules.windowTitles ?? false;
  const { table, limits } = linuxWindows(environment, titles);
  const windows = windowsSensor({
    windows: table,
    processes,
    lists,
    platform,
    ownPid,
    limits,
    titles,
  });
  return [
    programsSensor({
      table: processes,
      lists,
      platform,
      ownPid,
      openWindows: windows.openNow,
    }),
    windows,
    remoteSessionSensor({
      processes,
      probe: linuxRemoteProbe(environment),
      tools,
      lists,
      platform,
      ownPid,
      waitingBlocks: rules.remoteListenersBlock ?? false,
    }),
    machine,
  ];
};
