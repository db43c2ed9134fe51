import type {
  Peripheral,
  PeripheralCategory,
  UsbFunction,
} from '#shared/incident/peripheral-category.ts';
import { failed, type Reading, told } from '#shared/incident/reading.ts';
import { readRecords, recordsIn, textOf } from './system-tool.ts';

/** Every function of every USB device, one block each. */
export const USB_COMMAND = [
  'ioreg',
  '-r',
  '-d',
  '1',
  '-c',
  'IOUSBHostInterface',
  '-l',
  '-w',
  '0',
] as const;
/** The controllers themselves: every Mac has some, whatever hangs on them. */
export const CONTROLLERS_COMMAND = ['ioreg', '-r', '-d', '1', '-c', 'IOUSBHostController'] as const;
export const BLUETOOTH_COMMAND = ['system_profiler', '-json', 'SPBluetoothDataType'] as const;

const numberIn = (block: string, name: string): number =>
  Number(new RegExp(`"${name}" = (\\d+)`).exec(block)?.[1] ?? 0);
const textIn = (block: string, name: string): string =>
  new RegExp(`"${name}" = "([^"]*)"`).exec(block)?.[1] ?? '';
const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

/** @param text what `USB_COMMAND` printed. */
export const parseInterfaces = (text: string): readonly Peripheral[] => {
  const devices = new Map<string, Peripheral>();
  for (const block of text.split(/^[ |]*\+-o /m)) {
    if (!block.includes('"bInterfaceClass"')) continue;
    const vendor = hex4(numberIn(block, 'idVendor'));
    const product = hex4(numberIn(block, 'idProduct'));
    const place = String(numberIn(block, 'locationID'));
    const unit = textIn(block, 'USB Serial Number') || place;
    const one: UsbFunction = [
      numberIn(block, 'bInterfaceClass'),
      numberIn(block, 'bInterfaceSubClass'),
      numberIn(block, 'bInterfaceProtocol'),
    ];
    const key = `${vendor}:${product}:${unit}`;
    const before = devices.get(key);
    const name = [textIn(block, 'USB Vendor Name'), textIn(block, 'USB Product Name')];
    devices.set(key, {
      bus: 'usb',
      vendor,
      product,
      unit,
      place,
      name: name.filter(Boolean).join(' ') || `${vendor}:${product}`,
      functions: [...(before?.functions ?? []), one],
      fixed: false,
    });
  }
  return [...devices.values()];
};

const BY_TYPE: readonly (readonly [RegExp, PeripheralCategory])[] = [
  [/keyboard/i, 'keyboard'],
  [/mouse|trackpad|tablet|gamepad|joystick/i, 'pointer'],
  [/head|speaker|audio|earbud|microphone/i, 'audio'],
  [/phone|watch/i, 'phone'],
  [/camera/i, 'camera'],
];

/** @param json what `BLUETOOTH_COMMAND` printed: devices that are connected; none where there is no radio or it is off. */
export const readBluetoothProfile = (json: string): Reading<readonly Peripheral[]> => {
  const read = readRecords(json);
  if (!('value' in read)) return read;
  const [answer = {}] = read.value;
  if (!('SPBluetoothDataType' in answer)) return failed('tool-unread');
  const connected = recordsIn(answer.SPBluetoothDataType)
    .flatMap(({ device_connected }) => recordsIn(device_connected))
    .flatMap((entry) => Object.entries(entry));
  return told(
    connected.flatMap(([name, value]): Peripheral[] => {
      const [device] = recordsIn(value);
      if (device === undefined) return [];
      const type = textOf(device.device_minorType);
      return [
        {
          bus: 'bluetooth',
          vendor: textOf(device.device_vendorID).replace(/^0x/i, '').toLowerCase(),
          product: textOf(device.device_productID).replace(/^0x/i, '').toLowerCase(),
          unit: textOf(device.device_address),
          name: name.slice(0, 80),
          functions: [],
          fixed: false,
          category: BY_TYPE.find(([fits]) => fits.test(type))?.[1] ?? 'unknown',
        },
      ];
    }),
  );
};
