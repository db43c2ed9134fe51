import {
  matchRule,
  type ProgramPlatform,
  type ProgramRule,
  type ProgramRules,
} from '#shared/incident/program-rules.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import { createTwinFinder } from './probe/installed-twins.ts';
import { machineProbe } from './probe/machine-facts.ts';
import { createPowerShellHost } from './probe/powershell-host.ts';
import { PROGRAMS_PRELUDE, WINDOWS_PRELUDE } from './probe/powershell-scripts.ts';
import type { ProcessTable } from './probe/process-table.ts';
import { darwinProcessTable } from './probe/processes.darwin.ts';
import { linuxProcessTable } from './probe/processes.linux.ts';
import { windowsProcessTable } from './probe/processes.windows.ts';
import { programLists } from './probe/program-lists.ts';
import { linuxRemoteProbe } from './probe/remote.linux.ts';
import { darwinRemoteProbe, windowsRemoteProbe } from './probe/remote.other.ts';
import type { RemoteProbe } from './probe/remote-probe.ts';
import { remoteTools } from './probe/remote-tools.ts';
import { runTool } from './probe/system-tool.ts';
import type { WindowTable } from './probe/window-table.ts';
import { withWindows } from './probe/windowed-programs.ts';
import { darwinWindowTable } from './probe/windows.darwin.ts';
import { windowsWindowTable } from './probe/windows.windows.ts';
import { x11WindowTable } from './probe/windows.x11.ts';
import { oncePerProgram } from './program-matcher.ts';
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

/** What one system has for these sensors, and how often it may be asked for the price of its tools. */
interface Tables {
  readonly platform: ProgramPlatform;
  readonly processes: ProcessTable;
  readonly windows: WindowTable | null;
  readonly windowLimits: Limits;
  readonly remote: RemoteProbe;
  readonly programsEveryMs: number;
  readonly windowsEveryMs: number;
  readonly remoteEveryMs: number;
}

/** Which windows of others a Linux desktop shows, and what it keeps to itself. */
export const linuxWindows = (
  environment: ProgramParts['environment'],
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

const onLinux = (
  { environment }: ProgramParts,
  rules: readonly ProgramRule[],
  titles: boolean,
): Tables => {
  const { table, limits } = linuxWindows(environment, titles);
  return {
    platform: 'linux',
    processes: linuxProcessTable({
      desktop: environment,
      originOf: createTwinFinder(rules, environment),
    }),
    windows: table,
    windowLimits: limits,
    remote: linuxRemoteProbe(environment),
    programsEveryMs: 2_000,
    windowsEveryMs: 5_000,
    remoteEveryMs: 4_000,
  };
};

const onWindows = ({ pid }: ProgramParts, titles: boolean): Tables => {
  const host = createPowerShellHost({ prelude: [...PROGRAMS_PRELUDE, ...WINDOWS_PRELUDE] });
  return {
    platform: 'windows',
    processes: windowsProcessTable(host, runTool),
    windows: windowsWindowTable(host, titles),
    windowLimits: {},
    remote: windowsRemoteProbe(host, runTool, pid),
    // A listing costs a tenth of a second of PowerShell.
    programsEveryMs: 4_000,
    windowsEveryMs: 2_000,
    remoteEveryMs: 10_000,
  };
};

const onDarwin = (): Tables => ({
  platform: 'darwin',
  processes: darwinProcessTable(runTool),
  windows: darwinWindowTable(runTool),
  windowLimits: {},
  remote: darwinRemoteProbe(runTool),
  programsEveryMs: 4_000,
  windowsEveryMs: 8_000,
  remoteEveryMs: 8_000,
});

const tablesOf = (
  parts: ProgramParts,
  rules: readonly ProgramRule[],
  titles: boolean,
): Tables | null => {
  if (parts.platform === 'linux') return onLinux(parts, rules, titles);
  if (parts.platform === 'win32') return onWindows(parts, titles);
  return parts.platform === 'darwin' ? onDarwin() : null;
};

/** The sensors of other programs: processes, windows, remote control, and the machine below. */
export const programSensors = (parts: ProgramParts): readonly Sensor[] => {
  const rules = parts.rules ?? {};
  const machine = virtualMachineSensor(machineProbe(parts.platform));
  const lists = programLists(rules);
  const tools = remoteTools(rules.permitted ?? []);
  const titles = rules.windowTitles ?? false;
  const tables = tablesOf(parts, [...lists.forbidden, ...tools.map(({ rule }) => rule)], titles);
  // A system that nobody built this for: its kinds are shown as not watched.
  if (tables === null) return [machine];
  const { platform } = tables;
  const hiding = [...lists.forbidden, ...tools.map(({ rule }) => rule)].filter(
    ({ waitsHidden }) => waitsHidden === true,
  );
  const processes =
    tables.windows === null
      ? tables.processes
      : withWindows(
          tables.processes,
          tables.windows,
          oncePerProgram((program) => matchRule(program, hiding, platform) !== null),
        );
  const common = { lists, platform, ownPid: parts.pid } as const;
  const windows = windowsSensor({
    ...common,
    windows: tables.windows,
    processes: tables.processes,
    limits: tables.windowLimits,
    titles,
    everyMs: tables.windowsEveryMs,
  });
  return [
    programsSensor({
      ...common,
      table: processes,
      openWindows: windows.openNow,
      everyMs: tables.programsEveryMs,
    }),
    windows,
    remoteSessionSensor({
      ...common,
      processes,
      probe: tables.remote,
      tools,
      waitingBlocks: rules.remoteListenersBlock ?? false,
      everyMs: tables.remoteEveryMs,
    }),
    machine,
  ];
};
