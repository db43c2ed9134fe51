import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  acceptPeripherals,
  categoryOf,
  DEFAULT_PERIPHERAL_RULES,
  judgePeripherals,
  learnOwn,
  PERIPHERAL_CATEGORIES,
  type Peripheral,
  type PeripheralMemory,
  peripheralKey,
  type UsbFunction,
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

const FRESH: PeripheralMemory = { own: [], accepted: null, counts: {} };
const names = (
  present: readonly Peripheral[],
  memory: PeripheralMemory,
  rules = DEFAULT_PERIPHERAL_RULES,
) => judgePeripherals(present, memory, rules).map(({ device, why }) => `${why} ${device.name}`);
const accepting = (present: readonly Peripheral[]): PeripheralMemory => ({
  own: [],
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
    const own = learnOwn(parts);
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
    const memory: PeripheralMemory = { own: learnOwn([reader]), ...acceptPeripherals([]) };
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
      [],
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
        const refused = judgePeripherals(now, accepting(before), DEFAULT_PERIPHERAL_RULES);
        const keys = refused.map((one) => peripheralKey(one.device));
        expect(new Set(keys).size).toBe(keys.length);
        expect(now.map(peripheralKey)).toEqual(expect.arrayContaining(keys));
        const all = { ...DEFAULT_PERIPHERAL_RULES, categories: [...PERIPHERAL_CATEGORIES] };
        expect(names(now, accepting(before), all)).toEqual([]);
      }),
    );
  });
});
