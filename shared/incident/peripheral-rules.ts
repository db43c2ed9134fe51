import Type, { type Static } from 'typebox';

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

const DeviceIdSchema = Type.String({ pattern: '^[0-9a-f]{4}:([0-9a-f]{4}|\\*)$' });

/** What technology staff say about the devices of their machines. `vvvv:pppp` in hexadecimal, `vvvv:*` for a whole vendor. */
export const PeripheralRulesSchema = Type.Object(
  {
    /** Models that belong to the machines: the room's headsets, a network adapter, a card reader. */
    own: Type.Array(DeviceIdSchema, { maxItems: 200 }),
    /** Models of assistive devices besides the known vendors: never held against anybody (accommodations). */
    assistive: Type.Array(DeviceIdSchema, { maxItems: 200 }),
    /** Categories that this institution lets through, as `audio` for a listening exam. */
    categories: Type.Array(
      Type.Unsafe<PeripheralCategory>(
        Type.Union(PERIPHERAL_CATEGORIES.map((category) => Type.Literal(category))),
      ),
      { maxItems: PERIPHERAL_CATEGORIES.length },
    ),
  },
  { additionalProperties: false },
);
export type PeripheralRules = Static<typeof PeripheralRulesSchema>;
export const DEFAULT_PERIPHERAL_RULES: PeripheralRules = { own: [], assistive: [], categories: [] };

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
  readonly name: string;
  readonly functions: readonly UsbFunction[];
  /** The system says that it cannot be taken out. */
  readonly fixed: boolean;
  /** For storage: whether something is in it. Absent where the system does not say. */
  readonly medium?: boolean;
  /** What the system calls it, where there are no USB classes (Bluetooth, cards). */
  readonly category?: PeripheralCategory;
}

/** The same device in two listings, also after it was plugged out and in again. */
export const peripheralKey = ({ bus, vendor, product, unit }: Peripheral): string =>
  `${bus}:${vendor}:${product}:${unit}`;

/** The same model and place, whatever its serial: what the inventory of built-in parts goes by. */
const modelKey = ({ bus, vendor, product }: Peripheral): string => `${bus}:${vendor}:${product}`;

/** HDMI grabbers pass for cameras; their names and their commonest chips (MacroSilicon, Elgato, AVerMedia, YUAN) do not. */
const CAPTURE_NAME = /capture|grabber|hdmi|cam ?link|video ?converter/i;
const CAPTURE: ReadonlySet<string> = new Set(['534d', '345f', '0fd9', '07ca', '1164']);
/** Displays over USB: DisplayLink, Magic Control. */
const DISPLAY: ReadonlySet<string> = new Set(['17e9', '0711']);
/** Phones that show themselves with a class of their own alone (charging, tethering). */
const PHONE_NAME = /android|iphone|ipad|galaxy|pixel|redmi|xiaomi|huawei|motorola|oneplus|\bmtp\b/i;

/**
 * Assistive devices: makers of nothing else, and models. Braille displays are those that BRLTTY lists
 * (Freedom Scientific, HumanWare, Baum, Handy Tech, Alva, HIMS, Papenmeier, Hedo, Metec, EuroBraille,
 * Inceptor, Canute, Orbit), eye trackers Tobii's. The others go into the settings.
 */
const ASSISTIVE: ReadonlySet<string> = new Set([
  ...['0f4e', '1c71', '0904', '1fe4', '0798', '06b0', '2104'],
  ...['045e:930a', '045e:930b', '0403:f208', '0403:de58', '0403:de59', '0452:0100', '0483:a1d3'],
  ...['0403:fe70', '0403:fe71', '0403:fe72', '0403:fe73', '0403:fe74', '0403:fe75', '0403:fe76'],
  ...['0403:fe77', '0921:1200', '1148:0301', '1209:abc0', '16c0:05e1'],
  ...['c251:1122', 'c251:1124', 'c251:1126', 'c251:1128'],
]);

const lists = ({ vendor, product }: Peripheral, ids: ReadonlySet<string>): boolean =>
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

/**
 * Which categories can be parts of a machine and are learnt at its first start. Not among them: what
 * whoever installs has in their hand at that moment (the installation's stick, a phone, a cable).
 */
const LEARNT: ReadonlySet<PeripheralCategory> = new Set([
  'hub',
  'keyboard',
  'pointer',
  'camera',
  'audio',
  'radio',
  'identity',
  'serial',
  'unknown',
]);

/** The inventory of the machine's own parts, to keep: what is in it at its first start, models only. */
export const learnOwn = (present: readonly Peripheral[]): readonly string[] => [
  ...new Set(
    present
      .filter((device) => device.fixed || LEARNT.has(categoryOf(device)))
      .filter(({ bus }) => bus !== 'bluetooth')
      .map(modelKey),
  ),
];

/** What the sensor remembers of its machine and of the last device check. */
export interface PeripheralMemory {
  /** From `learnOwn`. */
  readonly own: readonly string[];
  /** Keys of what was there at the accepted device check; null before the first one. */
  readonly accepted: readonly string[] | null;
  /** How many of each replaceable category there were then. */
  readonly counts: Readonly<Partial<Record<PeripheralCategory, number>>>;
}

/** A device that must not be there, and why. */
export interface RefusedPeripheral {
  readonly device: Peripheral;
  readonly category: PeripheralCategory;
  /** `second`: another one of what the machine already has; `new`: of a category that is not allowed, or was not there at the check. */
  readonly why: 'new' | 'second';
}

/** What breaks and is replaced in the middle of exams, one for one. */
const REPLACEABLE: ReadonlySet<PeripheralCategory> = new Set(['keyboard', 'camera']);

const tally = (
  present: readonly Peripheral[],
): Readonly<Partial<Record<PeripheralCategory, number>>> => {
  const counts: Partial<Record<PeripheralCategory, number>> = {};
  for (const device of present) {
    const category = categoryOf(device);
    counts[category] = (counts[category] ?? 0) + 1;
  }
  return counts;
};

/** What to remember of a device check that nothing failed. */
export const acceptPeripherals = (
  present: readonly Peripheral[],
): Pick<PeripheralMemory, 'accepted' | 'counts'> => ({
  // What was empty was accepted as empty.
  accepted: present.filter(({ medium }) => medium !== false).map(peripheralKey),
  counts: tally(present),
});

/**
 * Art. 29q: which devices must not be there. The one place that decides it. In order:
 * 1. The machine's own parts pass: what the system calls fixed, what was learnt at the first start, what
 *    staff listed. Hubs pass; what hangs on them is looked at by itself.
 * 2. Assistive devices pass, always (Art. 22, accommodations).
 * 3. Mice and other pointers pass, also new ones: they hold, show and say nothing, and they break.
 * 4. An empty card reader or drive holds nothing and passes.
 * 5. What was there when the device check was accepted passes, plugged out and in again as well.
 * 6. Before that: a camera passes (the exam wants one, and the camera's own check judges its picture), and
 *    so does a keyboard where there is no other (a replaced one in a lab). A keyboard beside another one is
 *    how a second person, or a device that types, would answer.
 * 7. After it: a keyboard or camera in the place of one that is gone passes: staff replaced it. What a
 *    replaced keyboard types is watched by its speed.
 * 8. Everything else must go: storage, cards, phones, network adapters, video capture, displays over USB,
 *    audio (Art. 27h; allowed by category for listening exams), and what does not say what it is.
 */
export const judgePeripherals = (
  present: readonly Peripheral[],
  memory: PeripheralMemory,
  rules: PeripheralRules,
): readonly RefusedPeripheral[] => {
  const { accepted } = memory;
  const own = new Set(memory.own);
  const known = new Set(accepted ?? []);
  const listed = new Set([...rules.own, ...rules.assistive]);
  const now = tally(present);
  return present.flatMap((device): RefusedPeripheral[] => {
    const category = categoryOf(device);
    // A built-in card reader is the machine's own; the card in it is not.
    const reader = category === 'storage' && device.medium !== undefined;
    const builtIn = !reader && (device.fixed || own.has(modelKey(device)));
    const passes =
      builtIn ||
      lists(device, listed) ||
      lists(device, ASSISTIVE) ||
      rules.categories.includes(category) ||
      category === 'hub' ||
      category === 'pointer' ||
      (category === 'storage' && device.medium === false) ||
      known.has(peripheralKey(device));
    if (passes) return [];
    const howMany = now[category] ?? 0;
    if (accepted === null) {
      if (category === 'camera' || (category === 'keyboard' && howMany === 1)) return [];
    } else if (REPLACEABLE.has(category) && howMany <= (memory.counts[category] ?? 0)) return [];
    return [{ device, category, why: REPLACEABLE.has(category) ? 'second' : 'new' }];
  });
};
