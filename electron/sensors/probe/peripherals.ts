import { readFile } from 'node:fs/promises';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import type { Peripheral } from '#shared/incident/peripheral-rules.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import {
  BLUETOOTH_COMMAND,
  parseBluetoothProfile,
  parseInterfaces,
  USB_COMMAND,
} from './peripherals.darwin.ts';
import { parseBuiltInKeyboards, readBluetooth, readCards, readUsb } from './peripherals.linux.ts';
import { PERIPHERALS_SCRIPT, parsePnp } from './peripherals.windows.ts';
import { type RunTool, reasonOf, runPowerShell, runTool } from './system-tool.ts';

/** Everything that hangs on the machine, as far as the system tells. */
export interface PeripheralListing {
  readonly present: readonly Peripheral[];
  /** Why it is not all; null when it is. */
  readonly missing: CoverageReason | null;
}

/** How a platform lists its devices. */
export interface PeripheralProbe {
  /** How often it is worth looking, ms: reading the kernel's files costs nothing, starting PowerShell does. */
  readonly everyMs: number;
  list(signal: AbortSignal): Promise<Result<PeripheralListing, CoverageReason>>;
}

/** Bluetooth takes several tools or a slow one, and is asked less often than USB, ms. */
const BLUETOOTH_EVERY_MS = { linux: 15_000, darwin: 60_000 } as const;

/** Asks again only when the last answer is old. */
const seldom = <T>(
  everyMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
  now: () => number,
) => {
  let last: { readonly atMs: number; readonly value: T } | null = null;
  return async (signal: AbortSignal): Promise<T> => {
    if (last !== null && now() - last.atMs < everyMs) return last.value;
    last = { atMs: now(), value: await ask(signal) };
    return last.value;
  };
};

const linuxProbe = (
  run: RunTool,
  sys: string,
  proc: string,
  now: () => number,
): PeripheralProbe => {
  const bluetooth = seldom(
    BLUETOOTH_EVERY_MS.linux,
    (signal) => readBluetooth(run, sys, signal),
    now,
  );
  return {
    everyMs: 2_000,
    list: async (signal) => {
      const [usb, cards, radio, input] = await Promise.all([
        readUsb(sys),
        readCards(sys),
        bluetooth(signal),
        readFile(`${proc}/bus/input/devices`, 'utf8').catch(() => ''),
      ]);
      if (usb === null) return fail('platform');
      const missing = typeof radio === 'string' ? reasonOf(radio) : null;
      const wireless = typeof radio === 'string' ? [] : radio;
      return ok({
        present: [...usb, ...cards, ...wireless, ...parseBuiltInKeyboards(input)],
        missing,
      });
    },
  };
};

const windowsProbe = (run: RunTool): PeripheralProbe => ({
  // A start of PowerShell is half a second of a core; the USB library tells of what is plugged in between.
  everyMs: 60_000,
  list: async (signal) => {
    const printed = await runPowerShell(run, PERIPHERALS_SCRIPT, signal);
    if (!printed.ok) return fail(reasonOf(printed.error));
    // What is connected over Bluetooth is not to be had from Windows without a driver of one's own.
    return ok({ present: parsePnp(printed.value), missing: 'platform' });
  },
});

const darwinProbe = (run: RunTool, now: () => number): PeripheralProbe => {
  const [profiler, ...profilerArgs] = BLUETOOTH_COMMAND;
  const [ioreg, ...ioregArgs] = USB_COMMAND;
  const bluetooth = seldom(
    BLUETOOTH_EVERY_MS.darwin,
    (signal) => run(profiler, profilerArgs, signal),
    now,
  );
  return {
    everyMs: 10_000,
    list: async (signal) => {
      const [usb, radio] = await Promise.all([run(ioreg, ioregArgs, signal), bluetooth(signal)]);
      if (!usb.ok) return fail(reasonOf(usb.error));
      const wireless = radio.ok ? parseBluetoothProfile(radio.value) : [];
      const missing = radio.ok ? null : reasonOf(radio.error);
      return ok({ present: [...parseInterfaces(usb.value), ...wireless], missing });
    },
  };
};

/**
 * The listing of a platform; null where there is none.
 * @param options.sys `/sys`, or a copy of it in a test; so `proc`.
 */
export const peripheralProbe = (
  platform: NodeJS.Platform,
  options: {
    readonly run?: RunTool;
    readonly sys?: string;
    readonly proc?: string;
    readonly now?: () => number;
  } = {},
): PeripheralProbe | null => {
  const { run = runTool, sys = '/sys', proc = '/proc', now = () => performance.now() } = options;
  if (platform === 'linux') return linuxProbe(run, sys, proc, now);
  if (platform === 'win32') return windowsProbe(run);
  if (platform === 'darwin') return darwinProbe(run, now);
  return null;
};
