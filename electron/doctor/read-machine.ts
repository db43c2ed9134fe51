import { readdir, statfs } from 'node:fs/promises';
import { arch, release, totalmem } from 'node:os';
import type { Systeminformation } from 'systeminformation';
import {
  EMPTY,
  failed,
  mapReading,
  notSupported,
  type Reading,
  told,
  toldOf,
} from '#shared/incident/reading.ts';
import type { MachineFacts } from './passport-risks.ts';

/** A part of the system that does not answer is not waited for, ms. */
const PATIENCE_MS = 10_000;
const MIB = 2 ** 20;

/** What asking came to: an answer, or none in time. */
export const answerOf = async <T>(
  asked: Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<Reading<T>> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reading<T>>((resolve) => {
    timer = setTimeout(() => resolve(failed('tool-failed')), patienceMs);
  });
  try {
    return await Promise.race([asked.then(told), late]);
  } catch {
    return failed('tool-failed');
  } finally {
    clearTimeout(timer);
  }
};

/** Only Linux lists cameras to a program without opening them. */
const readCameras = async (): Promise<Reading<number>> => {
  if (process.platform !== 'linux') return notSupported('platform');
  const devices = await answerOf(readdir('/dev'));
  return mapReading(devices, (names) => names.filter((name) => /^video\d+$/.test(name)).length);
};

const readDisk = async (folder: string): Promise<Reading<number>> =>
  mapReading(await answerOf(statfs(folder)), ({ bavail, bsize }) =>
    Math.floor((bavail * bsize) / MIB),
  );

/** What the library answers where its tools gave nothing: no error, but empty lists and words of its own. */
const filled = <T>(reading: Reading<readonly T[]>): Reading<readonly T[]> =>
  toldOf(reading)?.length === 0 ? EMPTY : reading;

/** The library's answers, each for itself. */
export interface SystemAnswers {
  readonly system: Reading<
    Pick<Systeminformation.SystemData, 'manufacturer' | 'model' | 'virtual' | 'virtualHost'>
  >;
  readonly processes: Reading<{ readonly list: readonly { readonly name: string }[] }>;
  readonly graphics: Reading<{
    readonly controllers: readonly { readonly vendor: string; readonly model: string }[];
  }>;
  readonly battery: Reading<
    Pick<Systeminformation.BatteryData, 'hasBattery' | 'designedCapacity' | 'maxCapacity'>
  >;
}

/** What the answers say, and what they leave open. */
export const factsOf = ({
  system,
  processes,
  graphics,
  battery,
}: SystemAnswers): Pick<
  MachineFacts,
  'virtualHost' | 'programs' | 'graphics' | 'batteryHealth'
> => {
  const machine = toldOf(system);
  // Whoever does not name the machine has not seen what virtual machines are known by.
  const unnamed = machine?.virtual === false && ['', 'Computer'].includes(machine.model);
  const host = mapReading(system, (one) =>
    one.virtual ? one.virtualHost || one.model || '?' : null,
  );
  const cells = toldOf(battery);
  const measured =
    cells !== null && cells.designedCapacity > 0 && cells.maxCapacity > 0
      ? cells.maxCapacity / cells.designedCapacity
      : null;
  return {
    virtualHost: unnamed ? EMPTY : host,
    programs: filled(mapReading(processes, ({ list }) => list.map(({ name }) => name))),
    graphics: filled(
      mapReading(graphics, ({ controllers }) =>
        controllers.map((one) => `${one.vendor} ${one.model}`.trim()).filter((name) => name !== ''),
      ),
    ),
    batteryHealth:
      cells?.hasBattery === true && measured === null ? EMPTY : mapReading(battery, () => measured),
  };
};

/** Takes seconds on Windows. @param folder where the kiosk stores. */
export const readMachineFacts = async (folder: string): Promise<MachineFacts> => {
  // Half a megabyte of code that an exam never needs.
  const si = await import('systeminformation');
  const [system, os, cpu, graphics, battery, processes, cameras, freeDiskMb] = await Promise.all([
    answerOf(si.system()),
    answerOf(si.osInfo()),
    answerOf(si.cpu()),
    answerOf(si.graphics()),
    answerOf(si.battery()),
    answerOf(si.processes()),
    readCameras(),
    readDisk(folder),
  ]);
  const [machine, installed, processor] = [toldOf(system), toldOf(os), toldOf(cpu)];
  return {
    manufacturer: machine?.manufacturer ?? '',
    model: machine?.model ?? '',
    system: `${installed?.distro || process.platform} ${installed?.release || release()}`,
    architecture: arch(),
    processor: `${processor?.manufacturer ?? ''} ${processor?.brand ?? ''}`.trim(),
    memoryMb: Math.floor(totalmem() / MIB),
    ...factsOf({ system, processes, graphics, battery }),
    cameras,
    freeDiskMb,
  };
};
