import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** A tool that takes longer is given up, ms. */
const PATIENCE_MS = 5_000;
const LINUX_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/** The identifier in the output of `reg query HKLM\SOFTWARE\Microsoft\Cryptography /v MachineGuid`. */
export const parseMachineGuid = (output: string): string | null =>
  /MachineGuid\s+REG_SZ\s+([0-9a-f-]{36})/i.exec(output)?.[1]?.toLowerCase() ?? null;

/** The identifier in the output of `ioreg -rd1 -c IOPlatformExpertDevice`. */
export const parsePlatformUuid = (output: string): string | null =>
  /"IOPlatformUUID"\s*=\s*"([0-9A-F-]{36})"/i.exec(output)?.[1]?.toLowerCase() ?? null;

/** The identifier in a machine-id file of Linux; `uninitialized` is what systemd writes before the first boot. */
export const parseMachineIdFile = (text: string): string | null =>
  /^([0-9a-f]{32})\s*$/.exec(text)?.[1] ?? null;

const onLinux = async (): Promise<string | null> => {
  for (const file of LINUX_FILES) {
    const id = parseMachineIdFile(await readFile(file, 'utf8').catch(() => ''));
    if (id !== null) return id;
  }
  return null;
};

const outputOf = async (tool: string, args: readonly string[]): Promise<string> =>
  (await run(tool, [...args], { timeout: PATIENCE_MS, windowsHide: true })).stdout;

/**
 * The identifier that the operating system gave this machine when it was installed; null when it cannot be
 * read. Never leaves the machine and is stored as a salted hash only (`machineMark`).
 */
export const readMachineId = async (platform: NodeJS.Platform): Promise<string | null> => {
  try {
    if (platform === 'linux') return await onLinux();
    if (platform === 'win32') {
      // By its whole path: a `reg.exe` beside the program must not answer.
      const tool = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'reg.exe');
      const key = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';
      return parseMachineGuid(await outputOf(tool, ['query', key, '/v', 'MachineGuid']));
    }
    if (platform === 'darwin') {
      const args = ['-rd1', '-c', 'IOPlatformExpertDevice'];
      return parsePlatformUuid(await outputOf('/usr/sbin/ioreg', args));
    }
  } catch {
    return null;
  }
  return null;
};

/** What is stored of a machine's identifier, to know the machine again. */
export const machineMark = (machineId: string, salt: string): string =>
  hash('sha256', `atalaya machine ${salt} ${machineId}`, 'hex');
