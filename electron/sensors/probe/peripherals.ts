import { readFile } from 'node:fs/promises';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import type { Peripheral } from '#shared/incident/peripheral-category.ts';
import type { PeripheralBus } from '#shared/incident/peripheral-rules.ts';
import { EMPTY, notSupported, partial, type Reading, told } from '#shared/incident/reading.ts';
import {
  BLUETOOTH_COMMAND,
  CONTROLLERS_COMMAND,
  parseInterfaces,
  readBluetoothProfile,
  USB_COMMAND,
} from './peripherals.darwin.ts';
import { parseBuiltInKeyboards, readBluetooth, readCards, readUsb } from './peripherals.linux.ts';
import { PERIPHERALS_SCRIPT, readPnp } from './peripherals.windows.ts';
import { type RunTool, runPowerShell, runTool, unreadTool } from './system-tool.ts';

/** Everything that hangs on the machine, as far as the system tells. */
export interface PeripheralListing {
  readonly present: readonly Peripheral[];
  /** Buses that could not be listed this time, or never are. */
  readonly unheard: readonly PeripheralBus[];
}

/** How a platform lists its devices. */
export interface PeripheralProbe {
  /** How often it is worth looking, ms: reading the kernel's files costs nothing, starting PowerShell does. */
  readonly everyMs: number;
  list(signal: AbortSignal): Promise<Reading<PeripheralListing>>;
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

/** What is listed, beside Bluetooth as it was heard. */
const withRadio = (
  present: readonly Peripheral[],
  radio: Reading<readonly Peripheral[]>,
): Reading<PeripheralListing> => {
  if (radio.state === 'told') return told({ present: [...present, ...radio.value], unheard: [] });
  const heard = 'value' in radio ? radio.value : [];
  const listing = { present: [...present, ...heard], unheard: ['bluetooth'] as const };
  return partial(listing, radio.reason);
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
        readFile(`${proc}/bus/input/devices`, 'utf8').catch(() => null),
      ]);
      if (usb === null) return notSupported('platform');
      const listed = withRadio(
        [...usb, ...cards, ...(input === null ? [] : parseBuiltInKeyboards(input))],
        radio,
      );
      // Without the list of inputs nobody knows of a built-in keyboard: the first on USB may be a second one.
      if (input !== null || !('value' in listed)) return listed;
      const { present, unheard } = listed.value;
      return partial({ present, unheard: [...unheard, 'system'] }, 'tool-blocked');
    },
  };
};

const windowsProbe = (run: RunTool): PeripheralProbe => ({
  // A start of PowerShell is half a second of a core; the USB library tells of what is plugged in between.
  everyMs: 60_000,
  list: async (signal) => {
    const printed = await runPowerShell(run, PERIPHERALS_SCRIPT, signal);
    if (!printed.ok) return unreadTool(printed.error);
    const read = readPnp(printed.value);
    if (!('value' in read)) return read;
    // What is connected over Bluetooth is not to be had from Windows without a driver of one's own.
    const reason: CoverageReason = read.state === 'partial' ? read.reason : 'platform';
    return partial({ present: read.value, unheard: ['bluetooth'] }, reason);
  },
});

const darwinProbe = (run: RunTool, now: () => number): PeripheralProbe => {
  const [profiler, ...profilerArgs] = BLUETOOTH_COMMAND;
  const [ioreg, ...ioregArgs] = USB_COMMAND;
  const bluetooth = seldom(
    BLUETOOTH_EVERY_MS.darwin,
    async (signal): Promise<Reading<readonly Peripheral[]>> => {
      const printed = await run(profiler, profilerArgs, signal);
      return printed.ok ? readBluetoothProfile(printed.value) : unreadTool(printed.error);
    },
    now,
  );
  /** Nothing on USB is so on machines whose own parts hang elsewhere, and is silence where the class has another name. */
  const hasControllers = async (signal: AbortSignal): Promise<boolean> => {
    const [file, ...args] = CONTROLLERS_COMMAND;
    const printed = await run(file, args, signal);
    return printed.ok && /IOUSBHostController|XHCI|"UsbHostController/i.test(printed.value);
  };
  return {
    everyMs: 10_000,
    list: async (signal) => {
      const [usb, radio] = await Promise.all([run(ioreg, ioregArgs, signal), bluetooth(signal)]);
      if (!usb.ok) return unreadTool(usb.error);
      const present = parseInterfaces(usb.value);
      if (present.length === 0 && !(await hasControllers(signal))) return EMPTY;
      return withRadio(present, radio);
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
