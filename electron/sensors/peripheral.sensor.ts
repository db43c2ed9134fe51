import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import {
  acceptPeripherals,
  judgePeripherals,
  learnOwn,
  PERIPHERAL_CATEGORIES,
  type PeripheralMemory,
  type PeripheralRules,
  peripheralKey,
  type RefusedPeripheral,
} from '#shared/incident/peripheral-rules.ts';
import { check } from '#shared/kernel/schema.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { polledSensor } from './polled-sensor.ts';
import type { PeripheralListing, PeripheralProbe } from './probe/peripherals.ts';

/** A slow system under an exam's load needs some seconds for PowerShell. */
const TIMEOUT_MS = 8_000;
/** A device that enumerates anew (a cable that was touched, a hub that wakes) is back within a second, ms. */
const SETTLE_MS = 1_000;

const MemorySchema = Type.Unsafe<PeripheralMemory>(
  Type.Object(
    {
      own: Type.Array(Type.String()),
      accepted: Type.Union([Type.Array(Type.String()), Type.Null()]),
      counts: Type.Partial(
        Type.Object(Object.fromEntries(PERIPHERAL_CATEGORIES.map((one) => [one, Type.Integer()]))),
      ),
    },
    { additionalProperties: false },
  ),
);

/** The inventory on disk; null when there is none that can be read. */
const readMemory = (file: string): PeripheralMemory | null => {
  try {
    const memory = check(MemorySchema, JSON.parse(readFileSync(file, 'utf8')));
    return memory.ok ? memory.value : null;
  } catch {
    return null;
  }
};

const writeMemory = (file: string, memory: PeripheralMemory): void => {
  writeFileSync(`${file}.new`, JSON.stringify(memory), { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

const factsOf = ({ device, category, why }: RefusedPeripheral) => ({
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

  const limited = (reason: CoverageReason, partly: boolean) => ({
    peripheral: { reason, partly },
  });

  const learn = ({ present }: PeripheralListing): PeripheralMemory => {
    memory ??= { own: learnOwn(present), accepted: null, counts: {} };
    return memory;
  };
  const keep = (next: PeripheralMemory): void => {
    memory = next;
    try {
      writeMemory(file, next);
    } catch {
      // A disk that refuses is the storage check's business; until the next start the memory is enough.
    }
  };

  const learnOnce = async (): Promise<void> => {
    if (memory !== null || probe === null) return;
    const listed = await probe.list(AbortSignal.timeout(TIMEOUT_MS));
    if (listed.ok && memory === null) keep(learn(listed.value));
  };

  const sensor = polledSensor({
    id: 'peripheral',
    watches: ['peripheral'],
    everyMs: probe?.everyMs ?? 60_000,
    timeoutMs: TIMEOUT_MS,
    confirmMs: SETTLE_MS,
    ...(hotPlug === undefined ? {} : { open: hotPlug }),
    look: async (signal) => {
      if (probe === null) return { findings: [], limits: limited('not-built', false) };
      const listed = await probe.list(signal);
      if (!listed.ok) return { findings: [], limits: limited(listed.error, false) };
      if (memory === null) keep(learn(listed.value));
      const refused = judgePeripherals(listed.value.present, learn(listed.value), rules);
      const { missing } = listed.value;
      return {
        findings: refused.map((one) => ({
          kind: 'peripheral',
          key: peripheralKey(one.device),
          facts: factsOf(one),
        })),
        ...(missing === null ? {} : { limits: limited(missing, true) }),
      };
    },
    check: async (): Promise<Requirement> => {
      const listed = await probe?.list(AbortSignal.timeout(TIMEOUT_MS));
      if (listed === undefined || !listed.ok)
        return { id: 'peripherals', outcome: 'not-watched', blocks: false };
      const known = learn(listed.value);
      const { present } = listed.value;
      const refused = judgePeripherals(present, { ...known, accepted: null, counts: {} }, rules);
      if (refused.length > 0) {
        const names = [...new Set(refused.map(({ device }) => device.name.slice(0, 80)))];
        return {
          id: 'peripherals',
          outcome: 'failed',
          cause: 'unplug',
          names: names.slice(0, 10),
          blocks: true,
        };
      }
      // Kept on disk: a kiosk that was killed in the middle of an exam must not call the same mouse new.
      keep({ ...known, ...acceptPeripherals(present) });
      return { id: 'peripherals', outcome: 'ok', blocks: true };
    },
  });
  return { ...sensor, learn: learnOnce };
};
