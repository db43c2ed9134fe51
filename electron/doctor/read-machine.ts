import { readdir, statfs } from 'node:fs/promises';
import { arch, release, totalmem } from 'node:os';
import type { MachineFacts } from './passport-risks.ts';

/** A part of the system that does not answer is left out, ms. */
const PATIENCE_MS = 10_000;
const MIB = 2 ** 20;

const orElse = async <T>(value: Promise<T>, otherwise: T): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  });
  try {
    return await Promise.race([value, late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
};

/** Only Linux lists cameras to a program without opening them. */
const cameras = async (): Promise<number | null> => {
  if (process.platform !== 'linux') return null;
  const devices = await readdir('/dev').catch(() => null);
  return devices?.filter((name) => /^video\d+$/.test(name)).length ?? null;
};

const freeDisk = async (folder: string): Promise<number | null> => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return Math.floor((bavail * bsize) / MIB);
  } catch {
    return null;
  }
};

/** Takes seconds on Windows. @param folder where the kiosk stores. */
export const readMachineFacts = async (folder: string): Promise<MachineFacts> => {
  // Half a megabyte of code that an exam never needs.
  const si = await import('systeminformation');
  const [system, os, cpu, graphics, battery, processes, cameraCount, freeDiskMb] =
    await Promise.all([
      orElse(si.system(), null),
      orElse(si.osInfo(), null),
      orElse(si.cpu(), null),
      orElse(si.graphics(), null),
      orElse(si.battery(), null),
      orElse(si.processes(), null),
      cameras(),
      freeDisk(folder),
    ]);
  const worn =
    battery?.hasBattery === true && battery.designedCapacity > 0 && battery.maxCapacity > 0;
  return {
    manufacturer: system?.manufacturer ?? '',
    model: system?.model ?? '',
    system: `${os?.distro || process.platform} ${os?.release || release()}`,
    architecture: arch(),
    processor: `${cpu?.manufacturer ?? ''} ${cpu?.brand ?? ''}`.trim(),
    memoryMb: Math.floor(totalmem() / MIB),
    virtualHost: system?.virtual === true ? system.virtualHost || system.model || '?' : null,
    programs: processes?.list.map(({ name }) => name) ?? [],
    graphics: graphics?.controllers.map(({ vendor, model }) => `${vendor} ${model}`.trim()) ?? [],
    cameras: cameraCount,
    freeDiskMb,
    batteryHealth: worn && battery !== null ? battery.maxCapacity / battery.designedCapacity : null,
  };
};
