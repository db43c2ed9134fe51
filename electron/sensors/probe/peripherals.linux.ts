import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import type {
  Peripheral,
  PeripheralCategory,
  UsbFunction,
} from '#shared/incident/peripheral-category.ts';
import { partial, type Reading, told } from '#shared/incident/reading.ts';
import { type RunTool, reasonOf, unreadTool } from './system-tool.ts';

/** More devices than this are asked of nobody's radio. */
const MOST_KNOWN = 20;

const lines = async (...path: string[]): Promise<string> => {
  try {
    return (await readFile(join(...path), 'utf8')).trim();
  } catch {
    return '';
  }
};
const entries = async (...path: string[]): Promise<readonly string[]> => {
  try {
    return await readdir(join(...path));
  } catch {
    return [];
  }
};
const hex = (text: string): number => Number.parseInt(text, 16) || 0;

/** Names in `/sys/bus/usb/devices`: `1-4.2` is a device, `1-4:1.0` one of its functions, `usb1` a root hub. */
const IS_DEVICE = /^\d+-[\d.]+$/;
const IS_FUNCTION = /^(\d+-[\d.]+):\d+\.\d+$/;

/** Block devices with the real path of what they hang on, and whether a medium is in. */
const readBlocks = async (
  sys: string,
): Promise<readonly { readonly path: string; readonly medium: boolean }[]> =>
  Promise.all(
    (await entries(sys, 'block')).map(async (name) => ({
      path: await realpath(join(sys, 'block', name)).catch(() => ''),
      medium: Number(await lines(sys, 'block', name, 'size')) > 0,
    })),
  );

/**
 * What hangs on USB, as the kernel tells it.
 * @param sys `/sys`, or a copy of it in a test.
 * @returns null where this machine has no USB at all.
 */
export const readUsb = async (sys: string): Promise<readonly Peripheral[] | null> => {
  const folder = join(sys, 'bus/usb/devices');
  const names = await entries(folder);
  if (names.length === 0) return null;
  const blocks = await readBlocks(sys);
  const devices = names
    .filter((name) => IS_DEVICE.test(name))
    .map(async (name): Promise<Peripheral> => {
      const own = names.filter((other) => IS_FUNCTION.exec(other)?.[1] === name);
      const read = (file: string) => lines(folder, name, file);
      const [vendor, product, serial, title, maker, removable, kind] = await Promise.all(
        [
          'idVendor',
          'idProduct',
          'serial',
          'product',
          'manufacturer',
          'removable',
          'bDeviceClass',
        ].map(read),
      );
      const functions = await Promise.all(
        own.map(async (one): Promise<UsbFunction> => {
          const [cls, sub, protocol] = await Promise.all(
            ['bInterfaceClass', 'bInterfaceSubClass', 'bInterfaceProtocol'].map((file) =>
              lines(folder, one, file),
            ),
          );
          return [hex(cls ?? ''), hex(sub ?? ''), hex(protocol ?? '')];
        }),
      );
      // A device that was just plugged in has no functions yet: its own class is all that is known.
      const told = functions.length > 0 ? functions : [[hex(kind ?? ''), 0, 0] as const];
      const disks = blocks.filter(({ path }) => path.includes(`/${name}/`));
      return {
        bus: 'usb',
        vendor: vendor ?? '',
        product: product ?? '',
        unit: serial === undefined || serial === '' ? name : serial,
        place: name,
        name: [maker, title].filter(Boolean).join(' ') || `${vendor}:${product}`,
        functions: told,
        fixed: removable === 'fixed',
        ...(disks.length > 0 ? { medium: disks.some(({ medium }) => medium) } : {}),
      };
    });
  return Promise.all(devices);
};

/** Memory cards in readers that do not hang on USB. Soldered memory (`MMC`) and network cards (`SDIO`) are not cards. */
export const readCards = async (sys: string): Promise<readonly Peripheral[]> => {
  const folder = join(sys, 'bus/mmc/devices');
  const found = (await entries(folder)).map(async (name): Promise<readonly Peripheral[]> => {
    if ((await lines(folder, name, 'type')) !== 'SD') return [];
    return [
      {
        bus: 'card',
        vendor: '',
        product: '',
        unit: (await lines(folder, name, 'serial')) || name,
        name: `SD ${await lines(folder, name, 'name')}`.trim(),
        functions: [],
        fixed: false,
        category: 'card',
      },
    ];
  });
  return (await Promise.all(found)).flat();
};

/**
 * Keyboards inside the machine, which do not hang on USB or Bluetooth.
 * @param text `/proc/bus/input/devices`.
 */
export const parseBuiltInKeyboards = (text: string): readonly Peripheral[] =>
  text.split(/\n\s*\n/).flatMap((block): Peripheral[] => {
    const bus = /^I: Bus=([0-9a-f]{4})/m.exec(block)?.[1];
    const name = /^N: Name="(.*)"/m.exec(block)?.[1] ?? '';
    // 0011 is the keyboard controller, 0018 I2C; EV 120013 are keys that repeat and have lamps.
    const keyboard = /^B: EV=120013$/m.test(block) && (bus === '0011' || bus === '0018');
    return keyboard
      ? [
          {
            bus: 'system',
            vendor: '',
            product: '',
            unit: name,
            name,
            functions: [],
            fixed: true,
            category: 'keyboard',
          },
        ]
      : [];
  });

const BY_ICON: Readonly<Record<string, PeripheralCategory>> = {
  'audio-card': 'audio',
  'audio-headphones': 'audio',
  'audio-headset': 'audio',
  'camera-photo': 'camera',
  'camera-video': 'camera',
  'input-gaming': 'pointer',
  'input-keyboard': 'keyboard',
  'input-mouse': 'pointer',
  'input-tablet': 'pointer',
  modem: 'network',
  'network-wireless': 'network',
  phone: 'phone',
  printer: 'printer',
};

/** @param text `bluetoothctl info` of one device. */
export const parseBluetooth = (text: string): Peripheral | null => {
  const address = /^Device ([0-9A-F:]{17})/m.exec(text)?.[1];
  if (address === undefined || !/^\s*Connected: yes$/m.test(text)) return null;
  const icon = /^\s*Icon: (\S+)$/m.exec(text)?.[1] ?? '';
  const model = /^\s*Modalias: usb:v([0-9A-F]{4})p([0-9A-F]{4})/im.exec(text);
  return {
    bus: 'bluetooth',
    vendor: model?.[1]?.toLowerCase() ?? '',
    product: model?.[2]?.toLowerCase() ?? '',
    unit: address,
    name: /^\s*Name: (.+)$/m.exec(text)?.[1] ?? 'Bluetooth',
    functions: [],
    fixed: false,
    category: BY_ICON[icon] ?? 'unknown',
  };
};

/**
 * Connected Bluetooth devices; none without a radio, which is not a failure. In part when one of the known devices
 * does not answer: it may be the one that is connected.
 */
export const readBluetooth = async (
  run: RunTool,
  sys: string,
  signal: AbortSignal,
): Promise<Reading<readonly Peripheral[]>> => {
  if ((await entries(sys, 'class/bluetooth')).length === 0) return told([]);
  // `devices Connected` is younger than the distributions in use; asking each known device is not.
  const listed = await run('bluetoothctl', ['devices'], signal);
  if (!listed.ok) return unreadTool(listed.error);
  const addresses = [...listed.value.matchAll(/^Device ([0-9A-F:]{17}) /gm)].map(([, one]) => one);
  const found: Peripheral[] = [];
  let lack: CoverageReason | null = addresses.length > MOST_KNOWN ? 'tool-unread' : null;
  for (const address of addresses.slice(0, MOST_KNOWN)) {
    const answer = await run('bluetoothctl', ['info', address ?? ''], signal);
    if (!answer.ok) lack ??= reasonOf(answer.error);
    const device = answer.ok ? parseBluetooth(answer.value) : null;
    if (device !== null) found.push(device);
  }
  return partial(found, lack);
};
