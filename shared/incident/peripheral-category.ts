/** What a device is for, as far as the examination is concerned. */
export const PERIPHERAL_CATEGORIES = [
  'hub',
  'keyboard',
  'pointer',
  'camera',
  'video-capture',
  'audio',
  'storage',
  'card',
  'phone',
  'network',
  'display-adapter',
  'radio',
  'identity',
  'printer',
  'serial',
  'unknown',
] as const;
export type PeripheralCategory = (typeof PERIPHERAL_CATEGORIES)[number];

/** One function of a device, as USB numbers them: class, subclass, protocol. */
export type UsbFunction = readonly [number, number, number];

/** A device as the system tells of it. */
export interface Peripheral {
  readonly bus: 'usb' | 'bluetooth' | 'card' | 'system';
  /** USB vendor and product in hexadecimal, four digits each; empty where there are none. */
  readonly vendor: string;
  readonly product: string;
  /** What tells two of a model apart: serial number, else the port. Stays on this machine. */
  readonly unit: string;
  /** The port that it hangs on, where the system tells. Stays on this machine. */
  readonly place?: string;
  readonly name: string;
  readonly functions: readonly UsbFunction[];
  /** The system says that it cannot be taken out. */
  readonly fixed: boolean;
  /** For storage: whether something is in it. Absent where the system does not say. */
  readonly medium?: boolean;
  /** What the system calls it, where there are no USB classes (Bluetooth, cards). */
  readonly category?: PeripheralCategory;
}

/** HDMI grabbers pass for cameras; their names and their commonest chips (MacroSilicon) do not. */
const CAPTURE_NAME =
  /capture|grabber|hdmi|cam ?link|video ?converter|live ?gamer|\b4?hd?60 ?[sxpr]?\b|4k60/i;
const CAPTURE: ReadonlySet<string> = new Set([
  ...['534d:0021', '534d:2109', '534d:2130', '345f:2109', '345f:2130', '345f:2131'],
]);
/** Makers of grabbers who make webcams and tuners too (Elgato, AVerMedia, YUAN, MacroSilicon): their number alone decides nothing. */
const CAPTURE_MAKERS: ReadonlySet<string> = new Set(['0fd9', '07ca', '1164', '534d', '345f']);
/** Displays over USB: DisplayLink, Magic Control. */
const DISPLAY: ReadonlySet<string> = new Set(['17e9', '0711']);
/** Phones that show themselves with a class of their own alone (charging, tethering). */
const PHONE_NAME = /android|iphone|ipad|galaxy|pixel|redmi|xiaomi|huawei|motorola|oneplus|\bmtp\b/i;

/** Whether a device is among ids: `vvvv` or `vvvv:*` for a maker, `vvvv:pppp` for a model. */
export const lists = ({ vendor, product }: Peripheral, ids: ReadonlySet<string>): boolean =>
  vendor !== '' && (ids.has(vendor) || ids.has(`${vendor}:*`) || ids.has(`${vendor}:${product}`));

/** Most telling function first: a keyboard with a hidden disk is a disk. */
const BY_FUNCTION: readonly (readonly [PeripheralCategory, (f: UsbFunction) => boolean])[] = [
  ['storage', ([cls]) => cls === 0x08],
  // MTP, PTP; Apple's multiplexer and Android's debugging are vendors' own classes with fixed numbers.
  ['phone', ([cls]) => cls === 0x06],
  ['phone', ([cls, sub, protocol]) => cls === 0xff && sub === 0xfe && protocol === 0x02],
  ['phone', ([cls, sub, protocol]) => cls === 0xff && sub === 0x42 && protocol === 0x01],
  // RNDIS (a phone that shares its network among them), Ethernet, NCM, MBIM.
  ['network', ([cls, sub, protocol]) => cls === 0xe0 && sub === 0x01 && protocol === 0x03],
  ['network', ([cls, sub, protocol]) => cls === 0xef && sub === 0x04 && protocol === 0x01],
  ['network', ([cls, sub]) => cls === 0x02 && [0x06, 0x0c, 0x0d, 0x0e].includes(sub)],
  ['camera', ([cls]) => cls === 0x0e],
  ['audio', ([cls]) => cls === 0x01],
  ['keyboard', ([cls, sub, protocol]) => cls === 0x03 && sub === 0x01 && protocol === 0x01],
  ['radio', ([cls]) => cls === 0xe0],
  ['identity', ([cls]) => cls === 0x0b],
  ['printer', ([cls]) => cls === 0x07],
  ['pointer', ([cls, sub, protocol]) => cls === 0x03 && sub === 0x01 && protocol === 0x02],
  ['serial', ([cls]) => cls === 0x02 || cls === 0x0a],
  // HID without a boot protocol: touch screens, remotes of lamps, control keys of headsets.
  ['pointer', ([cls]) => cls === 0x03],
  ['hub', ([cls]) => cls === 0x09 || cls === 0x11],
];

/** What a device is. Judged by what it can do, not by what it calls itself, except where only the name tells. */
export const categoryOf = (device: Peripheral): PeripheralCategory => {
  if (device.category !== undefined) return device.category;
  if (lists(device, DISPLAY)) return 'display-adapter';
  const category = BY_FUNCTION.find(([, fits]) => device.functions.some(fits))?.[0] ?? 'unknown';
  if (category === 'camera' && (lists(device, CAPTURE) || CAPTURE_NAME.test(device.name)))
    return 'video-capture';
  if (category === 'unknown' && PHONE_NAME.test(device.name)) return 'phone';
  return category;
};

/** A camera of somebody who makes grabbers as well, with no word which of them it is. */
export const mayBeCapture = (device: Peripheral, category: PeripheralCategory): boolean =>
  category === 'camera' && lists(device, CAPTURE_MAKERS) && !/cam\b|camera/i.test(device.name);

/** Mobile broadband inside laptops speaks MBIM (02.0e); telephones share their network in other ways. */
export const isModem = ({ functions }: Peripheral): boolean =>
  functions.some(([cls, sub]) => cls === 0x02 && sub === 0x0e) &&
  !functions.some(([cls, sub, protocol]) => cls === 0xe0 && sub === 0x01 && protocol === 0x03);
