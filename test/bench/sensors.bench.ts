import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserWindow, Clipboard, PowerMonitor, Screen } from 'electron';
import { nodeClock } from '#electron/adapters/node-clock.ts';
import { machineSensors } from '#electron/sensors/machine-sensors.ts';
import { createTwinFinder } from '#electron/sensors/probe/installed-twins.ts';
import { linuxProcessTable } from '#electron/sensors/probe/processes.linux.ts';
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import { x11WindowTable } from '#electron/sensors/probe/windows.x11.ts';
import { programSensors } from '#electron/sensors/program-sensors.ts';
import { forbiddenIn } from '#electron/sensors/programs.sensor.ts';
import { toldOf } from '#shared/incident/reading.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { type Desktop, missingPackages, startDesktop } from '#test/support/desktop.ts';
import type { BenchRow } from './bench-row.ts';

const LOOKS = 50;
/** How long nothing happens; the issue asks for five minutes: ATALAYA_BENCH_SECONDS=300. */
const SECONDS = Number(process.env.ATALAYA_BENCH_SECONDS ?? 30);
/** For the first looks, which read what is then remembered, ms. */
const WARM_UP_MS = 5_000;
const TICK_MS = 10;

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const timed = async (work: () => Promise<unknown>): Promise<number[]> => {
  const times: number[] = [];
  for (let i = 0; i < LOOKS; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
};

/** Processor time of this process and of the tools that it ran, ms. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const [cutime, cstime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  return (user + system) / 1_000 + (Number(cutime) + Number(cstime)) * TICK_MS;
};

/** The parts of Electron that the machine's sensors hold, of a machine on which nothing happens. */
const quietMachine = (desktop: Desktop, folder: string) => {
  const part = (members: object): unknown => Object.assign(new EventEmitter(), members);
  const webContents = part({ session: { resolveProxy: async () => 'DIRECT' } });
  return machineSensors({
    window: part({ webContents, isDestroyed: () => false, isFocused: () => true }) as BrowserWindow,
    screen: part({ getAllDisplays: () => [{ id: 1 }] }) as Screen,
    clipboard: part({ has: () => false, clear: () => undefined }) as Clipboard,
    powerMonitor: part({}) as PowerMonitor,
    clock: nodeClock,
    fork: () => ({ onMessage: () => undefined, onExit: () => undefined, end: () => undefined }),
    platform: process.platform,
    environment: { ...process.env, ...desktop.env },
    folder,
    server: 'https://localhost',
    peripherals: null,
    locked: () => true,
    mayHook: () => true,
  });
};

const shareWhenIdle = async (sensors: readonly Sensor[]): Promise<number> => {
  for (const sensor of sensors) {
    sensor.start(() => undefined, { limited: () => undefined, alive: () => undefined });
  }
  await sleep(WARM_UP_MS);
  const before = processorMs();
  const began = performance.now();
  await sleep(SECONDS * 1_000);
  const share = ((processorMs() - before) / (performance.now() - began)) * 100;
  for (const sensor of sensors) sensor.stop();
  return share;
};

/** What watching costs: one scan of processes, one list of windows, and all sensors while nothing happens. */
export const run = async (): Promise<readonly BenchRow[]> => {
  if (process.platform !== 'linux' || missingPackages().length > 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-bench-'));
  const desktop = await startDesktop();
  // The program's own tools see the desktop through these.
  Object.assign(process.env, desktop.env);
  try {
    const lists = programLists({});
    const table = linuxProcessTable({
      desktop: desktop.env,
      originOf: createTwinFinder(lists.forbidden, process.env),
    });
    const never = new AbortController().signal;
    const options = { lists, platform: 'linux', ownPid: process.pid } as const;
    const began = performance.now();
    const programs = toldOf(await table.list(never)) ?? [];
    const first = performance.now() - began;
    const scans = await timed(async () =>
      forbiddenIn(toldOf(await table.list(never)) ?? [], options),
    );
    const windows = x11WindowTable({ display: desktop.display, titles: false });
    const windowLists = await timed(() => windows.list(never));
    windows.close();
    const machine = quietMachine(desktop, folder);
    const others = programSensors({
      platform: 'linux',
      environment: { ...process.env, ...desktop.env },
      pid: process.pid,
      rules: null,
    });
    const share = await shareWhenIdle([...machine.sensors, ...others]);
    machine.stop();
    const scan = middle(scans);
    return [
      { name: `first process scan (${programs.length} processes)`, value: first, unit: 'ms' },
      {
        name: 'process scan with the lists, median',
        value: scan,
        unit: 'ms',
        goal: 'under 60 ms',
        ok: scan < 60,
      },
      { name: 'process scan, slowest of 50', value: Math.max(...scans), unit: 'ms' },
      { name: 'windows of the display, median', value: middle(windowLists), unit: 'ms' },
      {
        name: `sensors together while nothing happens, ${SECONDS} s (tools included, native watchers not)`,
        value: share,
        unit: '% of a core',
        goal: 'under 3 %',
        ok: share < 3,
      },
    ];
  } finally {
    await desktop.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
