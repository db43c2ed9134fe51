import type {
  Peripheral,
  PeripheralCategory,
  UsbFunction,
} from '#shared/incident/peripheral-rules.ts';
import { recordsOf, textOf } from './system-tool.ts';

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

/** @param json what `BLUETOOTH_COMMAND` printed. */
export const parseBluetoothProfile = (json: string): readonly Peripheral[] =>
  recordsOf(json)
    .flatMap(({ SPBluetoothDataType }) => recordsOf(JSON.stringify(SPBluetoothDataType ?? [])))
    .flatMap(({ device_connected }) => recordsOf(JSON.stringify(device_connected ?? [])))
    .flatMap((entry) => Object.entries(entry))
    .flatMap(([name, value]): Peripheral[] => {
      const [told] = recordsOf(JSON.stringify(value));
      if (told === undefined) return [];
      const type = textOf(told.device_minorType);
      return [
        {
          bus: 'bluetooth',
          vendor: textOf(told.device_vendorID).replace(/^0x/i, '').toLowerCase(),
          product: textOf(told.device_productID).replace(/^0x/i, '').toLowerCase(),
          unit: textOf(told.device_address),
          name: name.slice(0, 80),
          functions: [],
          fixed: false,
          category: BY_TYPE.find(([fits]) => fits.test(type))?.[1] ?? 'unknown',
        },
      ];
    });
