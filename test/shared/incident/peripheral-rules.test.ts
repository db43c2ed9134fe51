import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  categoryOf,
  PERIPHERAL_CATEGORIES,
  type Peripheral,
  type UsbFunction,
} from '#shared/incident/peripheral-category.ts';
import {
  acceptPeripherals,
  DEFAULT_PERIPHERAL_RULES,
  judgePeripherals,
  learnOwn,
  NO_PERIPHERALS_KNOWN,
  type PeripheralMemory,
  peripheralKey,
} from '#shared/incident/peripheral-rules.ts';

const KEYBOARD: UsbFunction = [3, 1, 1];
const MOUSE: UsbFunction = [3, 1, 2];
const DISK: UsbFunction = [8, 6, 0x50];
const MTP: UsbFunction = [6, 1, 1];

let units = 0;
const usb = (
  id: string,
  functions: readonly UsbFunction[],
  more: Partial<Peripheral> = {},
): Peripheral => {
  const [vendor = '', product = ''] = id.split(':');
  units += 1;
  return {
    bus: 'usb',
    vendor,
    product,
    unit: `unit-${units}`,
    name: `${id}`,
    functions,
    fixed: false,
    ...more,
  };
};

const webcam = usb(
  '04f2:b6bf',
  [
    [14, 1, 0],
    [14, 2, 0],
  ],
  { fixed: true, name: 'Integrated Camera' },
);
const builtInKeyboard: Peripheral = {
  ...usb(':', []),
  bus: 'system',
  vendor: '',
  product: '',
  name: 'AT Translated Set 2 keyboard',
  fixed: true,
  category: 'keyboard',
};
const mouse = usb('046d:c077', [MOUSE]);
const keyboard = usb('413c:2113', [KEYBOARD, [3, 0, 0]]);
const receiver = usb('046d:c52b', [KEYBOARD, MOUSE, [3, 0, 0]]);
const stick = usb('0781:5581', [DISK], { medium: true });
const phone = usb('18d1:4ee1', [MTP]);
const headset = usb('046d:0a38', [
  [1, 1, 0],
  [1, 2, 0],
  [3, 0, 0],
]);

/** A machine that has learnt its parts, all of which say themselves that they are fixed. */
const FRESH: PeripheralMemory = { ...NO_PERIPHERALS_KNOWN, complete: true };
const names = (
  present: readonly Peripheral[],
  memory: PeripheralMemory,
  rules = DEFAULT_PERIPHERAL_RULES,
  during = memory.accepted !== null,
) =>
  judgePeripherals(present, memory, rules, during).map(
    ({ device, why, sure }) => `${why} ${device.name}${sure ? '' : ' in doubt'}`,
  );
const accepting = (present: readonly Peripheral[]): PeripheralMemory => ({
  ...FRESH,
  ...acceptPeripherals(present),
});

describe('what a device is', () => {
  test.each<[string, Peripheral, string]>([
    ['a stick', stick, 'storage'],
    ['a keyboard with a disk inside', usb('03eb:2403', [KEYBOARD, DISK]), 'storage'],
    ['a receiver of a wireless mouse that can type', receiver, 'keyboard'],
    ['a phone that shares its files', phone, 'phone'],
    [
      'an iPhone (multiplexer)',
      usb('05ac:12a8', [
        [6, 1, 1],
        [0xff, 0xfe, 2],
      ]),
      'phone',
    ],
    ['a phone with debugging on', usb('18d1:4ee7', [[0xff, 0x42, 1]]), 'phone'],
    [
      'a phone that charges',
      usb('04e8:6860', [[0xff, 0, 0]], { name: 'SAMSUNG_Android' }),
      'phone',
    ],
    [
      'a phone that shares its network',
      usb('18d1:4ee3', [
        [0xe0, 1, 3],
        [10, 0, 0],
      ]),
      'network',
    ],
    [
      'an Ethernet adapter',
      usb('0bda:8153', [
        [2, 6, 0],
        [10, 0, 0],
      ]),
      'network',
    ],
    ['a webcam', webcam, 'camera'],
    [
      'an HDMI grabber by its chip',
      usb('534d:2109', [
        [14, 1, 0],
        [1, 1, 0],
      ]),
      'video-capture',
    ],
    [
      'an HDMI grabber by its name',
      usb('1b80:e011', [[14, 1, 0]], { name: 'USB HDMI Capture' }),
      'video-capture',
    ],
    ['a display over USB', usb('17e9:4301', [[0xff, 0, 0]]), 'display-adapter'],
    ['a headset with volume keys', headset, 'audio'],
    ['a mouse', mouse, 'pointer'],
    ['a touch screen', usb('04f3:2234', [[3, 0, 0]]), 'pointer'],
    ['Bluetooth inside', usb('8087:0aaa', [[0xe0, 1, 1]]), 'radio'],
    ['a fingerprint reader', usb('06cb:00bd', [[0xff, 0, 0]]), 'unknown'],
    ['a smart card reader', usb('076b:3021', [[11, 0, 0]]), 'identity'],
    ['a hub', usb('05e3:0610', [[9, 0, 1]]), 'hub'],
    ['a device without functions', usb('1234:5678', []), 'unknown'],
    ['a Bluetooth headset', usb(':', [], { bus: 'bluetooth', category: 'audio' }), 'audio'],
  ])('%s', (_, device, category) => {
    expect(categoryOf(device)).toBe(category);
  });
});

describe('before the exam', () => {
  test.each<[string, readonly Peripheral[], readonly string[]]>([
    ['a laptop as it is', [webcam, builtInKeyboard], []],
    ['with a mouse', [webcam, builtInKeyboard, mouse], []],
    ['with a second keyboard', [builtInKeyboard, keyboard], ['second 413c:2113']],
    ['with a receiver that can type', [builtInKeyboard, receiver], ['second 046d:c52b']],
    ['a desktop with a replaced keyboard', [keyboard, mouse], []],
    ['a desktop with a new webcam', [keyboard, usb('046d:0825', [[14, 1, 0]])], []],
    ['with a stick', [builtInKeyboard, stick], ['new 0781:5581']],
    ['with an empty card reader', [usb('0bda:0129', [DISK], { medium: false })], []],
    ['with a phone', [phone], ['new 18d1:4ee1']],
    ['with a headset', [headset], ['new 046d:0a38']],
    ['with a braille display', [builtInKeyboard, usb('0f4e:0114', [KEYBOARD])], []],
    ['with an eye tracker', [usb('2104:0127', [[0xff, 0, 0]])], []],
  ])('%s', (_, present, refused) => {
    expect(names(present, FRESH)).toEqual(refused);
  });

  test('what staff list as their own passes, by model, vendor and category', () => {
    const rules = { own: ['0781:*'], assistive: ['413c:2113'], categories: ['audio' as const] };
    expect(names([builtInKeyboard, stick, keyboard, headset], FRESH, rules)).toEqual([]);
    expect(names([phone], FRESH, rules)).toEqual(['new 18d1:4ee1']);
  });
});

describe('the inventory of the first start', () => {
  test('has the built-in parts, and not what whoever installed had in hand', () => {
    const fingerprint = usb('06cb:00bd', [[0xff, 0, 0]]);
    const earphones = usb('05d6:000a', [], { bus: 'bluetooth', category: 'audio' });
    const parts = [webcam, fingerprint, keyboard, receiver, stick, phone, headset, earphones];
    const { own } = learnOwn(parts);
    expect(own).toEqual([
      'usb:04f2:b6bf',
      'usb:06cb:00bd',
      'usb:413c:2113',
      'usb:046d:c52b',
      'usb:046d:0a38',
    ]);
    expect(names([fingerprint, keyboard, receiver], { ...FRESH, own })).toEqual([]);
    expect(names([stick, phone], { ...FRESH, own })).toEqual(['new 0781:5581', 'new 18d1:4ee1']);
  });

  test('a card that is put into a built-in reader is not the machine', () => {
    const reader = usb('0bda:0129', [DISK], { fixed: true, medium: false });
    const memory = { ...accepting([]), ...learnOwn([reader]) };
    expect(names([reader], memory)).toEqual([]);
    expect(names([{ ...reader, medium: true }], memory)).toEqual(['new 0bda:0129']);
  });
});

describe('during the exam', () => {
  const seat = [webcam, builtInKeyboard, mouse];
  test.each<[string, readonly Peripheral[], readonly Peripheral[], readonly string[]]>([
    ['nothing changes', seat, seat, []],
    ['the mouse is pulled and put back', seat, [...seat], []],
    [
      'the mouse breaks and another one comes',
      seat,
      [webcam, builtInKeyboard, usb('046d:c05a', [MOUSE])],
      [],
    ],
    ['a stick', seat, [...seat, stick], ['new 0781:5581']],
    ['an empty drive', seat, [...seat, usb('0bda:0129', [DISK], { medium: false })], []],
    ['a keyboard beside the own one', seat, [...seat, keyboard], ['second 413c:2113']],
    [
      'a keyboard in the place of a broken one',
      [keyboard, mouse],
      [usb('046d:c31c', [KEYBOARD]), mouse],
      ['replaced 046d:c31c in doubt'],
    ],
    ['a second camera', seat, [...seat, usb('046d:0825', [[14, 1, 0]])], ['second 046d:0825']],
    ['a phone', seat, [...seat, phone], ['new 18d1:4ee1']],
    [
      'a card',
      seat,
      [...seat, usb(':', [], { bus: 'card', category: 'card', name: 'SD' })],
      ['new SD'],
    ],
    ['an assistive switch', seat, [...seat, usb('0f4e:0001', [KEYBOARD])], []],
  ])('%s', (_, before, now, refused) => {
    expect(names(now, accepting(before))).toEqual(refused);
  });
});

describe('a machine that changes by itself', () => {
  const CAMERA: UsbFunction = [14, 1, 0];
  const RADIO: UsbFunction = [0xe0, 1, 1];
  const MODEM: UsbFunction = [2, 14, 0];
  const cam = (id: string, name: string, more: Partial<Peripheral> = {}) =>
    usb(id, [CAMERA], { name, ...more });

  test.each<[string, Peripheral, string]>([
    ['a webcam of a maker of grabbers', cam('0fd9:0078', 'Elgato Facecam'), 'camera'],
    ['another', cam('07ca:313a', 'Live Streamer CAM 313'), 'camera'],
    ['one of which only the maker is known', cam('0fd9:00ff', '0fd9:00ff'), 'camera'],
    ['a grabber of that maker', cam('0fd9:0066', 'Cam Link 4K'), 'video-capture'],
    ['another', cam('07ca:0553', 'Live Gamer Ultra'), 'video-capture'],
    ['its game grabber', cam('0fd9:0070', 'Elgato HD60 S+'), 'video-capture'],
    ['the chip of nameless grabbers', cam('534d:2109', 'USB Video'), 'video-capture'],
    ['a modem inside', usb('2c7c:0512', [MODEM, [10, 0, 2]]), 'network'],
  ])('%s', (_, device, category) => {
    expect(categoryOf(device)).toBe(category);
  });

  test('webcams and modems are learnt, whoever made them; telephones and adapters are not', () => {
    const parts = [
      cam('0fd9:0078', 'Facecam'),
      cam('07ca:00ff', 'USB Video Device'),
      usb('2c7c:0512', [MODEM]),
      usb('1199:9091', [MODEM, [0xff, 0xff, 0xff]]),
    ];
    const tether = usb('18d1:4ee3', [[0xe0, 1, 3], MODEM]);
    const adapter = usb('0bda:8153', [[2, 6, 0]]);
    expect(learnOwn([...parts, tether, adapter]).own).toEqual(
      parts.map((one) => `usb:${one.vendor}:${one.product}`),
    );
    expect(names([...parts, tether], { ...FRESH, ...learnOwn(parts) })).toEqual(['new 18d1:4ee3']);
  });

  test('a camera that may be a grabber is a word before the exam, and stops nobody', () => {
    expect(names([cam('0fd9:00ff', 'X')], FRESH)).toEqual(['maker X in doubt']);
    expect(names([cam('0fd9:0078', 'Facecam')], FRESH)).toEqual([]);
    expect(names([cam('0fd9:0066', 'Cam Link 4K')], FRESH)).toEqual(['new Cam Link 4K']);
  });

  const radio = usb('8087:0a2b', [RADIO], { name: 'Bluetooth', place: '1-7' });
  test.each<[string, readonly Peripheral[], readonly Peripheral[], readonly string[]]>([
    [
      'back under another number, in its place',
      [radio],
      [usb('8087:0aaa', [RADIO], { place: '1-7' })],
      [],
    ],
    [
      'back under another number, elsewhere',
      [radio],
      [usb('8087:0aaa', [RADIO], { place: '1-9' })],
      [],
    ],
    [
      'another maker’s in its stead',
      [radio],
      [usb('0a12:0001', [RADIO], { name: 'Dongle' })],
      ['replaced Dongle in doubt'],
    ],
    [
      'another beside it',
      [radio],
      [radio, usb('0a12:0001', [RADIO], { name: 'Dongle' })],
      ['second Dongle'],
    ],
    [
      'another beside it, of the same maker',
      [radio],
      [radio, usb('8087:0aaa', [RADIO], { name: 'Second' })],
      ['second Second'],
    ],
  ])('during the exam a radio: %s', (_, before, now, refused) => {
    expect(names(now, accepting(before))).toEqual(refused);
  });

  test('a radio that was off at the first start, or is back under another number, is no stranger', () => {
    const laptop = { ...FRESH, ...learnOwn([webcam, radio]) };
    expect(names([usb('8087:0aaa', [RADIO], { place: '1-7' })], laptop)).toEqual([]);
    const withoutRadio = { ...FRESH, ...learnOwn([webcam]) };
    expect(names([radio], withoutRadio)).toEqual([]);
    expect(names([radio, usb('0a12:0001', [RADIO])], withoutRadio)).toHaveLength(2);
  });

  test('what sits in the place of a built-in part is it only if it is the same sort of thing of the same maker', () => {
    const own = { ...FRESH, ...learnOwn([cam('04f2:b6bf', 'Camera', { place: '1-6' })]) };
    const at = (id: string, functions: readonly UsbFunction[]) =>
      usb(id, functions, { place: '1-6', medium: true });
    expect(names([at('04f2:b720', [CAMERA])], { ...own, ...acceptPeripherals([]) })).toEqual([]);
    expect(names([at('0781:5581', [DISK])], own)).toEqual(['new 0781:5581']);
    expect(names([at('04f2:5581', [DISK])], own)).toEqual(['new 04f2:5581']);
  });

  test('a webcam replaced one for one is for people, a second one is an act', () => {
    const before = [cam('046d:0825', 'C270')];
    const other = cam('046d:085c', 'C922');
    expect(names([other], accepting(before))).toEqual(['replaced C922 in doubt']);
    expect(names([...before, other], accepting(before))).toEqual(['second C922']);
  });
});

describe('what was not told is nobody’s act', () => {
  const fingerprint = usb('06cb:00bd', [[0xff, 0, 0]]);
  const hub = usb('05e3:0610', [[9, 0, 1]]);

  test('without an inventory parts of the machine are a word and not a wall', () => {
    const unlearnt = { ...FRESH, complete: false };
    expect(names([webcam, hub, fingerprint, headset], unlearnt)).toEqual([
      'unlearnt 06cb:00bd in doubt',
      'unlearnt 046d:0a38 in doubt',
    ]);
    expect(names([stick, phone], unlearnt)).toEqual(['new 0781:5581', 'new 18d1:4ee1']);
  });

  test('what hangs on a bus that nobody heard at the check may have been there', () => {
    const earphones = usb('05d6:000a', [], { bus: 'bluetooth', category: 'audio', name: 'Ear' });
    const deaf = { ...FRESH, ...acceptPeripherals([webcam], ['bluetooth']) };
    expect(names([webcam, earphones, stick], deaf)).toEqual([
      'unheard Ear in doubt',
      'new 0781:5581',
    ]);
    expect(names([webcam, earphones], accepting([webcam]))).toEqual(['new Ear']);
  });

  test('during an exam whose check could list nothing, nothing is sure', () => {
    const present = [webcam, keyboard, headset, stick, phone];
    const refused = judgePeripherals(present, FRESH, DEFAULT_PERIPHERAL_RULES, true);
    expect(refused.filter(({ sure }) => sure)).toEqual([]);
    expect(refused.map(({ device }) => device)).toEqual([headset, stick, phone]);
  });
});

describe('properties', () => {
  const device: fc.Arbitrary<Peripheral> = fc.record({
    bus: fc.constantFrom('usb', 'bluetooth', 'card'),
    vendor: fc.constantFrom('046d', '0781', '0f4e', '17e9', ''),
    product: fc.constantFrom('0001', '0002'),
    unit: fc.constantFrom('a', 'b', 'c'),
    name: fc.string(),
    functions: fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), { maxLength: 4 }),
    fixed: fc.boolean(),
  });
  const listing = fc.uniqueArray(device, { maxLength: 8, selector: peripheralKey });

  test('what was accepted is never refused later, in any order and however little of it is left', () => {
    fc.assert(
      fc.property(listing, fc.nat(), (present, cut) => {
        const left = present.toReversed().slice(cut % (present.length + 1));
        expect(names(left, accepting(present))).toEqual([]);
      }),
    );
  });

  test('only what is there is refused, each once, and rules that allow everything refuse nothing', () => {
    fc.assert(
      fc.property(listing, listing, (before, now) => {
        const refused = judgePeripherals(now, accepting(before), DEFAULT_PERIPHERAL_RULES, true);
        const keys = refused.map((one) => peripheralKey(one.device));
        expect(new Set(keys).size).toBe(keys.length);
        expect(now.map(peripheralKey)).toEqual(expect.arrayContaining(keys));
        const all = { ...DEFAULT_PERIPHERAL_RULES, categories: [...PERIPHERAL_CATEGORIES] };
        expect(names(now, accepting(before), all)).toEqual([]);
      }),
    );
  });
});
