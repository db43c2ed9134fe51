import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { MachineFacts } from '#shared/incident/machine-signs.ts';
import { failed, partial, type Reading } from '#shared/incident/reading.ts';
import {
  type RunTool,
  readRecords,
  reasonOf,
  recordsIn,
  runPowerShell,
  runTool,
  textOf,
  unreadTool,
} from './system-tool.ts';

/**
 * What a machine says about itself. A fact that is absent was not told, and says nothing; in part when the model or a
 * whole class of facts is missing.
 */
export type MachineReading = Reading<MachineFacts>;
export type MachineProbe = (signal: AbortSignal) => Promise<MachineReading>;

const macsOfThis = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, mac }) => !internal && mac !== '00:00:00:00:00:00')
    .map(({ mac }) => mac);

/** Leaves out what is not known, as the facts want it. */
const known = (
  facts: { readonly [K in keyof MachineFacts]: MachineFacts[K] | undefined },
): MachineFacts =>
  Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''),
  );

/**
 * Linux: what firmware, processor, disks and devices say in /sys and /proc, and systemd's own detector.
 * @param root where /sys and /proc are; for tests.
 */
export const linuxMachine =
  (run: RunTool = runTool, root = '/'): MachineProbe =>
  async (signal) => {
    const text = (path: string): Promise<string | undefined> =>
      readFile(join(root, path), 'utf8').then(
        (value) => value.trim(),
        () => undefined,
      );
    const each = async (folder: string, file: string): Promise<readonly string[]> => {
      const names = await readdir(join(root, folder)).catch(() => []);
      const texts = await Promise.all(names.map((name) => text(join(folder, name, file))));
      return texts.filter((value) => value !== undefined);
    };
    const dmi = (name: string) => text(`sys/class/dmi/id/${name}`);
    const [manufacturer, model, board, biosVendor, bios, chassis, tree] = await Promise.all([
      dmi('sys_vendor'),
      dmi('product_name'),
      dmi('board_vendor'),
      dmi('bios_vendor'),
      dmi('bios_version'),
      dmi('chassis_vendor'),
      // Machines without this firmware (ARM) name themselves here.
      text('sys/firmware/devicetree/base/model'),
    ]);
    const [cpu, xen, disks, vendors, detected] = await Promise.all([
      text('proc/cpuinfo'),
      text('proc/xen/capabilities'),
      each('sys/block', 'device/model'),
      each('sys/bus/pci/devices', 'vendor'),
      run('systemd-detect-virt', ['--vm'], signal),
    ]);
    const vendor = detected.ok ? detected.value.trim() : undefined;
    const facts = known({
      manufacturer,
      model: model ?? tree?.replaceAll('\0', ''),
      board,
      biosVendor,
      bios,
      chassis,
      hypervisorFlag: cpu === undefined ? undefined : /^flags\s*:.*\bhypervisor\b/m.test(cpu),
      hypervisorVendor: vendor === 'none' ? undefined : vendor,
      isHost: xen?.includes('control_d'),
      diskModels: disks,
      devices: vendors,
      macs: macsOfThis(),
      cpuModel: /^model name\s*:\s*(.+)$/m.exec(cpu ?? '')?.[1],
    });
    if (facts.model === undefined) return partial(facts, 'platform');
    // It says `none` with an error of its own on a real machine; missing or refused, it found nothing out.
    const unasked = !detected.ok && detected.error !== 'failed' ? reasonOf(detected.error) : null;
    return partial(facts, cpu === undefined ? 'tool-blocked' : unasked);
  };

/** One record; classes that this machine lacks or that policy refuses stay empty. */
const WINDOWS_MACHINE = `
$get = { param($class, $fields) try { Get-CimInstance -ClassName $class -Property $fields -ErrorAction Stop | Select-Object -Property $fields } catch { } }
ConvertTo-Json -Compress -Depth 4 -InputObject @{
 system = @(& $get 'Win32_ComputerSystem' @('Manufacturer','Model','HypervisorPresent'))
 bios = @(& $get 'Win32_BIOS' @('Manufacturer','SMBIOSBIOSVersion','Version'))
 board = @(& $get 'Win32_BaseBoard' @('Manufacturer','Product'))
 disks = @(& $get 'Win32_DiskDrive' @('Model'))
 displays = @(& $get 'Win32_VideoController' @('Name'))
 processors = @(& $get 'Win32_Processor' @('Name'))
}`;

/** Reads what `WINDOWS_MACHINE` prints. */
export const parseWindowsMachine = (json: string, macs: readonly string[]): MachineReading => {
  const read = readRecords(json);
  if (!('value' in read)) return read;
  const [record = {}] = read.value;
  const rows = (name: string) => recordsIn(record[name]);
  const classes = ['system', 'bios', 'board', 'disks', 'displays', 'processors'];
  const refused = classes.filter((name) => rows(name).length === 0);
  if (refused.length === classes.length) return failed('tool-empty');
  const texts = (name: string, field: string): readonly string[] =>
    rows(name)
      .map((row) => textOf(row[field]))
      .filter((value) => value !== '');
  const one = (name: string, ...fields: readonly string[]): string | undefined => {
    const [row] = rows(name);
    if (row === undefined) return undefined;
    return fields
      .map((field) => textOf(row[field]))
      .join(' ')
      .trim();
  };
  const present = rows('system')[0]?.HypervisorPresent;
  const facts = known({
    manufacturer: one('system', 'Manufacturer'),
    model: one('system', 'Model'),
    board: one('board', 'Manufacturer', 'Product'),
    biosVendor: one('bios', 'Manufacturer'),
    bios: one('bios', 'SMBIOSBIOSVersion', 'Version'),
    // True on every real computer with virtualization-based security as well: a weak sign by itself.
    hypervisorFlag: typeof present === 'boolean' ? present : undefined,
    diskModels: texts('disks', 'Model'),
    devices: texts('displays', 'Name'),
    macs,
    cpuModel: one('processors', 'Name'),
  });
  return partial(facts, refused.length > 0 || facts.model === undefined ? 'tool-blocked' : null);
};

const windowsMachine =
  (run: RunTool): MachineProbe =>
  async (signal) => {
    const answer = await runPowerShell(run, WINDOWS_MACHINE, signal);
    return answer.ok ? parseWindowsMachine(answer.value, macsOfThis()) : unreadTool(answer.error);
  };

/** Reads `sysctl hw.model kern.hv_vmm_present machdep.cpu.brand_string` and `ioreg -rd1 -c IOPlatformExpertDevice`. */
export const parseDarwinMachine = (
  sysctl: string,
  ioreg: string,
  macs: readonly string[],
): MachineFacts => {
  const value = (name: string): string | undefined =>
    new RegExp(`^${name.replaceAll('.', '\\.')}: (.*)$`, 'm').exec(sysctl)?.[1]?.trim();
  const field = (name: string): string | undefined =>
    new RegExp(`"${name}" = <"([^"]*)">`).exec(ioreg)?.[1];
  const present = value('kern.hv_vmm_present');
  return known({
    manufacturer: field('manufacturer'),
    model: value('hw.model') ?? field('model'),
    board: field('board-id'),
    hypervisorFlag: present === undefined ? undefined : present === '1',
    macs,
    cpuModel: value('machdep.cpu.brand_string'),
  });
};

const darwinMachine =
  (run: RunTool): MachineProbe =>
  async (signal) => {
    const [sysctl, ioreg] = await Promise.all([
      run(
        '/usr/sbin/sysctl',
        // -i: names that this version does not know are left out and no failure.
        ['-i', 'hw.model', 'kern.hv_vmm_present', 'machdep.cpu.brand_string'],
        signal,
      ),
      run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], signal),
    ]);
    const facts = parseDarwinMachine(
      sysctl.ok ? sysctl.value : '',
      ioreg.ok ? ioreg.value : '',
      macsOfThis(),
    );
    const [missing] = [sysctl, ioreg].filter(({ ok }) => !ok);
    if (missing?.ok === false && !sysctl.ok && !ioreg.ok) return unreadTool(missing.error);
    if (missing?.ok === false) return partial(facts, reasonOf(missing.error));
    return facts.model === undefined ? failed('tool-empty') : partial(facts, null);
  };

/** Null where nothing is known of the system. */
export const machineProbe = (
  platform: NodeJS.Platform,
  run: RunTool = runTool,
): MachineProbe | null => {
  if (platform === 'linux') return linuxMachine(run);
  if (platform === 'win32') return windowsMachine(run);
  return platform === 'darwin' ? darwinMachine(run) : null;
};
