import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import { PERIPHERAL_CATEGORIES } from '#shared/incident/peripheral-category.ts';
import {
  acceptPeripherals,
  judgePeripherals,
  learnOwn,
  NO_PERIPHERALS_KNOWN,
  type PeripheralBus,
  type PeripheralMemory,
  type PeripheralRules,
  peripheralKey,
  type RefusedPeripheral,
} from '#shared/incident/peripheral-rules.ts';
import { lackOf, notSupported, type Reading, toldOf } from '#shared/incident/reading.ts';
import { check } from '#shared/kernel/schema.ts';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { polledSensor } from './polled-sensor.ts';
import type { PeripheralListing, PeripheralProbe } from './probe/peripherals.ts';

/** A slow system under an exam's load needs some seconds for PowerShell. */
const TIMEOUT_MS = 8_000;
/** A device that enumerates anew (a cable that was touched, a hub that wakes) is back within a second, ms. */
const SETTLE_MS = 1_000;

/** A parts list that names nothing is believed when this many starts in a row say the same. */
const EMPTY_STARTS = 2;
/** The first listing after a start of the machine waits for what is still starting, ms. */
const LEARN_MS = 30_000;

interface Stored extends PeripheralMemory {
  /** How many starts in a row listed no part at all. */
  readonly emptyStarts: number;
}

const Texts = Type.Array(Type.String());
const StoredSchema = Type.Object(
  {
    own: Texts,
    accepted: Type.Union([Texts, Type.Null()]),
    counts: Type.Partial(
      Type.Object(Object.fromEntries(PERIPHERAL_CATEGORIES.map((one) => [one, Type.Integer()]))),
    ),
    // Absent in inventories of builds that took an empty list for a whole one.
    places: Type.Optional(Texts),
    complete: Type.Optional(Type.Boolean()),
    kinds: Type.Optional(Texts),
    unheard: Type.Optional(
      Type.Array(Type.Unsafe<PeripheralBus>(Type.String({ pattern: '^[a-z]+$' }))),
    ),
    emptyStarts: Type.Optional(Type.Integer()),
  },
  { additionalProperties: false },
);

const NOTHING: Stored = { ...NO_PERIPHERALS_KNOWN, emptyStarts: 0 };

/** The inventory on disk; that of a machine that knows nothing yet when there is none that can be read. */
const readMemory = (file: string): Stored => {
  try {
    const stored = check(StoredSchema, JSON.parse(readFileSync(file, 'utf8')));
    if (!stored.ok) return NOTHING;
    const complete = stored.value.complete ?? stored.value.own.length > 0;
    return { ...NOTHING, ...stored.value, complete };
  } catch {
    return NOTHING;
  }
};

const writeMemory = (file: string, memory: Stored): void => {
  writeFileSync(`${file}.new`, JSON.stringify(memory), { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

const factsOf = ({ device, category, why, sure }: RefusedPeripheral) => ({
  ...(sure ? {} : { cause: 'device-in-doubt' }),
  device: device.name,
  category,
  why,
  bus: device.bus,
  // Tells the model, never the unit: serial numbers and radio addresses stay on the machine.
  ...(device.vendor === '' ? {} : { model: `${device.vendor}:${device.product}` }),
});

export interface PeripheralOptions {
  readonly probe: PeripheralProbe | null;
  /** The kiosk's data folder, where the inventory is kept (`peripherals.json`). */
  readonly folder: string;
  readonly rules: PeripheralRules;
  /** Has the system tell when something is plugged; returns how to end it. Looking goes on all the same. */
  readonly hotPlug?: (changed: () => void) => () => void;
}

/**
 * Art. 29q: devices that were not there. The machine's own parts are learnt at its first start; what the
 * device check accepted may stay, and what comes later is judged by `judgePeripherals`.
 *
 * A change of the machine is no act of a person: what came for something that is gone, what may be a part of it or
 * may have been there before is stated as `platform`, with which device it was, for people to review; so it never
 * counts, under whatever rules. Only a device that was surely brought is `peripheral`.
 */
export const peripheralSensor = (
  options: PeripheralOptions,
): Sensor & {
  /** Learns the machine's own parts, once in its life; to be called at each start of the kiosk. */
  learn(): Promise<void>;
} => {
  const { probe, rules, hotPlug } = options;
  const file = join(options.folder, 'peripherals.json');
  let memory = readMemory(file);
  let stated: (signal: Signal) => void = () => undefined;
  /** Devices that were stated as a doubt since the start: each once. */
  const doubted = new Set<string>();

  const limited = (reason: CoverageReason | null, partly: boolean): Limits =>
    reason === null ? {} : { peripheral: { reason, partly } };

  const keep = (next: Stored): void => {
    memory = next;
    try {
      writeMemory(file, next);
    } catch {
      // A disk that refuses is the storage check's business; until the next start the memory is enough.
    }
  };
  const ask = async (signal: AbortSignal): Promise<Reading<PeripheralListing>> =>
    probe === null ? notSupported('not-built') : probe.list(signal);

  const learnOnce = async (): Promise<void> => {
    if (memory.complete || probe === null) return;
    const listing = toldOf(await ask(AbortSignal.timeout(LEARN_MS)));
    if (listing === null || memory.complete) return;
    const learnt = learnOwn(listing.present);
    // What has no port may be all that answered so early: no reason to call everything else a stranger.
    const found = learnt.own.some((part) => part.startsWith('usb:'));
    const emptyStarts = found ? 0 : memory.emptyStarts + 1;
    keep({ ...memory, ...learnt, emptyStarts, complete: found || emptyStarts >= EMPTY_STARTS });
  };
  const accept = ({ present, unheard }: PeripheralListing): void =>
    keep({ ...memory, ...acceptPeripherals(present, unheard) });

  const sensor = polledSensor({
    id: 'peripheral',
    watches: ['peripheral', 'platform'],
    everyMs: probe?.everyMs ?? 60_000,
    timeoutMs: TIMEOUT_MS,
    confirmMs: SETTLE_MS,
    ...(hotPlug === undefined ? {} : { open: hotPlug }),
    look: async (signal) => {
      const read = await ask(signal);
      const listing = toldOf(read);
      const lack = lackOf(read);
      if (listing === null)
        return { findings: [], limits: limited(lack, false), unseen: () => true };
      const refused = judgePeripherals(listing.present, memory, rules, true);
      // Nobody could check before: what is there now is where it begins, and said once.
      if (memory.accepted === null) accept(listing);
      for (const one of refused) {
        const key = peripheralKey(one.device);
        if (one.sure || doubted.has(key)) continue;
        doubted.add(key);
        stated({ kind: 'platform', phase: 'happened', facts: factsOf(one) });
      }
      return {
        findings: refused
          .filter(({ sure }) => sure)
          .map((one) => ({
            kind: 'peripheral',
            key: peripheralKey(one.device),
            facts: factsOf(one),
          })),
        limits: limited(lack ?? (memory.complete ? null : 'not-learnt'), true),
        unseen: ({ facts }) => listing.unheard.some((bus) => bus === facts.bus),
      };
    },
    check: async (): Promise<Requirement> => {
      const read = await ask(AbortSignal.timeout(TIMEOUT_MS));
      const listing = toldOf(read);
      if (listing === null) {
        // What an earlier check accepted says nothing of who sits here now.
        keep({ ...memory, ...acceptPeripherals([]), accepted: null });
        const cause = lackOf(read);
        return {
          id: 'peripherals',
          outcome: 'not-watched',
          ...(cause !== null && { cause }),
          blocks: false,
        };
      }
      const refused = judgePeripherals(listing.present, memory, rules, false);
      const blocking = refused.filter(({ sure }) => sure);
      // Kept on disk: a kiosk that was killed in the middle of an exam must not call the same mouse new.
      if (blocking.length === 0) accept(listing);
      if (refused.length === 0) return { id: 'peripherals', outcome: 'ok', blocks: true };
      const shown = blocking.length > 0 ? blocking : refused;
      const names = [...new Set(shown.map(({ device }) => device.name.slice(0, 80)))];
      return {
        id: 'peripherals',
        outcome: 'failed',
        cause: blocking.length > 0 ? 'unplug' : 'doubt',
        names: names.slice(0, 10),
        blocks: blocking.length > 0,
      };
    },
  });
  return {
    ...sensor,
    start(emit, tell) {
      doubted.clear();
      stated = emit;
      sensor.start(emit, tell);
    },
    stop() {
      sensor.stop();
      stated = () => undefined;
    },
    learn: learnOnce,
  };
};
