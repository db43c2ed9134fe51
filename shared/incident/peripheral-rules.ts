import Type, { type Static } from 'typebox';
import {
  categoryOf,
  isModem,
  lists,
  mayBeCapture,
  PERIPHERAL_CATEGORIES,
  type Peripheral,
  type PeripheralCategory,
} from './peripheral-category.ts';

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

/** The same device in two listings, also after it was plugged out and in again. */
export const peripheralKey = ({ bus, vendor, product, unit }: Peripheral): string =>
  `${bus}:${vendor}:${product}:${unit}`;

/** The same model and place, whatever its serial: what the inventory of built-in parts goes by. */
const modelKey = ({ bus, vendor, product }: Peripheral): string => `${bus}:${vendor}:${product}`;

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

const isPart = (device: Peripheral): boolean =>
  device.bus !== 'bluetooth' && (device.fixed || LEARNT.has(categoryOf(device)) || isModem(device));

/** Where a part sits, what it is, and whose: it may come back there under another number (firmware, a driver). */
const placeKey = (device: Peripheral): string | null =>
  device.place === undefined || device.place === ''
    ? null
    : `${device.bus}@${device.place}:${categoryOf(device)}:${device.vendor}`;

/** The inventory of the machine's own parts, to keep: what is in it at its first start, models and places, no units. */
export const learnOwn = (
  present: readonly Peripheral[],
): Pick<PeripheralMemory, 'own' | 'places'> => {
  const parts = present.filter(isPart);
  return {
    own: [...new Set(parts.map(modelKey))],
    places: [...new Set(parts.flatMap((device) => placeKey(device) ?? []))],
  };
};

export type PeripheralBus = Peripheral['bus'];

/** What the sensor remembers of its machine and of the last device check. */
export interface PeripheralMemory {
  /** From `learnOwn`. */
  readonly own: readonly string[];
  readonly places: readonly string[];
  /**
   * Whether `own` is all: a first listing that named nothing, or nothing at all, is no inventory. Without one a
   * device that may be a part of the machine is for people, and blocks nobody.
   */
  readonly complete: boolean;
  /** Keys of what was there at the accepted device check; null before the first one. */
  readonly accepted: readonly string[] | null;
  /** Categories and vendors of what was accepted, as `radio:8087`. */
  readonly kinds: readonly string[];
  /** How many of each replaceable category there were then. */
  readonly counts: Readonly<Partial<Record<PeripheralCategory, number>>>;
  /** Buses that could not be listed then: what hangs on them may have been there all the time. */
  readonly unheard: readonly PeripheralBus[];
}

export const NO_PERIPHERALS_KNOWN: PeripheralMemory = {
  own: [],
  places: [],
  complete: false,
  accepted: null,
  kinds: [],
  counts: {},
  unheard: [],
};

/** A device that must not be there, or that nobody can tell about, and why. */
export interface RefusedPeripheral {
  readonly device: Peripheral;
  readonly category: PeripheralCategory;
  /**
   * `second`: another one of what the machine already has; `new`: of a category that is not allowed, or was not
   * there at the check. The others are doubts: `replaced`, one came for one that is gone; `unlearnt`, it may be a
   * part of the machine; `unheard`, its bus could not be listed at the check; `maker`, a webcam or a grabber.
   */
  readonly why: 'new' | 'second' | 'replaced' | 'unlearnt' | 'unheard' | 'maker';
  /** False for a doubt: for people to look at. It never blocks a start and is no act of anybody. */
  readonly sure: boolean;
}

/** What breaks and is replaced in the middle of exams, one for one; radios also come back by themselves. */
const REPLACEABLE: ReadonlySet<PeripheralCategory> = new Set(['keyboard', 'camera', 'radio']);

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

/**
 * What to remember of a device check that nothing failed.
 * @param unheard buses that the listing could not hear.
 */
export const acceptPeripherals = (
  present: readonly Peripheral[],
  unheard: readonly PeripheralBus[] = [],
): Pick<PeripheralMemory, 'accepted' | 'kinds' | 'counts' | 'unheard'> => ({
  // What was empty was accepted as empty.
  accepted: present.filter(({ medium }) => medium !== false).map(peripheralKey),
  kinds: [...new Set(present.map((device) => `${categoryOf(device)}:${device.vendor}`))],
  counts: tally(present),
  unheard,
});

/**
 * Art. 29q: which devices must not be there. The one place that decides it, on every host. In order:
 * 1. The machine's own parts pass: what the system calls fixed, what was learnt at the first start, what
 *    staff listed, and what sits in the place of such a part with the same maker (a radio whose firmware was
 *    loaded, a camera after an update: the machine changed, nobody acted). Hubs pass; what hangs on them is looked
 *    at by itself.
 * 2. Assistive devices pass, always (Art. 22, accommodations).
 * 3. Mice and other pointers pass, also new ones: they hold, show and say nothing, and they break.
 * 4. An empty card reader or drive holds nothing and passes.
 * 5. What was there when the device check was accepted passes, plugged out and in again as well.
 * 6. Before that: a camera passes (the exam wants one, and the camera's own check judges its picture), and so do a
 *    keyboard and a radio where there is no other (a replaced one in a lab, one that was switched off). A keyboard
 *    beside another one is how a second person, or a device that types, would answer. A camera that may be a grabber,
 *    and what may be a part of a machine that could not learn its parts, are doubts.
 * 7. After it: one that came for one that is gone is a doubt (staff replaced it, or the machine offers another): what
 *    such a keyboard types is watched by its speed. A radio of the maker of the one that is gone is the same one. So
 *    is a doubt what hangs on a bus that could not be heard at the check, and everything where there was no check.
 * 8. Everything else must go: storage, cards, phones, network adapters, video capture, displays over USB,
 *    audio (Art. 27h; allowed by category for listening exams), and what does not say what it is.
 * @param during whether the exam is going on, and not its device check.
 */
export const judgePeripherals = (
  present: readonly Peripheral[],
  memory: PeripheralMemory,
  rules: PeripheralRules,
  during: boolean,
): readonly RefusedPeripheral[] => {
  const { accepted } = memory;
  const own = new Set(memory.own);
  const places = new Set(memory.places);
  const known = new Set(accepted ?? []);
  const kinds = new Set(memory.kinds);
  const listed = new Set([...rules.own, ...rules.assistive]);
  const now = tally(present);
  return present.flatMap((device): RefusedPeripheral[] => {
    const category = categoryOf(device);
    // A built-in card reader is the machine's own; the card in it is not.
    const reader = category === 'storage' && device.medium !== undefined;
    const place = placeKey(device);
    const builtIn =
      !reader &&
      (device.fixed || own.has(modelKey(device)) || (place !== null && places.has(place)));
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
    const refuse = (why: RefusedPeripheral['why'], sure: boolean): RefusedPeripheral[] => [
      { device, category, why, sure },
    ];
    const howMany = now[category] ?? 0;
    const certain = REPLACEABLE.has(category) ? 'second' : 'new';
    if (accepted === null || !during) {
      if (category === 'camera')
        return mayBeCapture(device, category) ? refuse('maker', false) : [];
      if ((category === 'keyboard' || category === 'radio') && howMany === 1) return [];
      if (!memory.complete && isPart(device)) return refuse('unlearnt', false);
      return during ? refuse('unheard', false) : refuse(certain, true);
    }
    if (memory.unheard.includes(device.bus)) return refuse('unheard', false);
    if (REPLACEABLE.has(category) && howMany <= (memory.counts[category] ?? 0)) {
      const same = category === 'radio' && kinds.has(`radio:${device.vendor}`);
      return same ? [] : refuse('replaced', false);
    }
    return refuse(certain, true);
  });
};
