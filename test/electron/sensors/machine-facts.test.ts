import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  linuxMachine,
  machineProbe,
  parseDarwinMachine,
  parseWindowsMachine,
} from '#electron/sensors/probe/machine-facts.ts';
import type { RunTool } from '#electron/sensors/probe/system-tool.ts';
import { virtualMachineSensor } from '#electron/sensors/virtual-machine.sensor.ts';
import type { MachineFacts } from '#shared/incident/machine-signs.ts';
import { partial, told, toldOf } from '#shared/incident/reading.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import type { Limits, Signal } from '#shared/ports/sensor.port.ts';

const detects =
  (word: string): RunTool =>
  async () =>
    ok(`${word}\n`);
const missing: RunTool = async () => fail('tool-missing');
const blocked: RunTool = async () => fail('tool-blocked');
const now = (): AbortSignal => AbortSignal.timeout(5_000);

describe('Linux', () => {
  let root = '';
  const write = (path: string, text: string): void => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'atalaya-machine-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('what /sys and /proc say', async () => {
    write('sys/class/dmi/id/sys_vendor', 'innotek GmbH\n');
    write('sys/class/dmi/id/product_name', 'VirtualBox\n');
    write('sys/class/dmi/id/bios_version', 'VirtualBox\n');
    write('sys/block/sda/device/model', 'VBOX HARDDISK   \n');
    write('sys/bus/pci/devices/0000:00:02.0/vendor', '0x80ee\n');
    write(
      'proc/cpuinfo',
      'model name\t: Intel(R) Core(TM) i5\nflags\t\t: fpu vme hypervisor lahf_lm\n',
    );
    const read = await linuxMachine(detects('oracle'), root)(now());
    expect(toldOf(read)).toMatchObject({
      manufacturer: 'innotek GmbH',
      model: 'VirtualBox',
      bios: 'VirtualBox',
      hypervisorFlag: true,
      hypervisorVendor: 'oracle',
      diskModels: ['VBOX HARDDISK'],
      devices: ['0x80ee'],
      cpuModel: 'Intel(R) Core(TM) i5',
    });
    expect(read.state).toBe('told');
  });

  it('a real computer, without systemd’s detector', async () => {
    write('sys/class/dmi/id/sys_vendor', 'LENOVO\n');
    write('sys/class/dmi/id/product_name', '20W0004UUS\n');
    write('proc/cpuinfo', 'flags\t\t: fpu vme lahf_lm\n');
    const reading = await linuxMachine(missing, root)(now());
    expect(reading).toMatchObject({
      state: 'partial',
      reason: 'tool-missing',
      value: { hypervisorFlag: false },
    });
    expect(toldOf(reading)?.hypervisorVendor).toBeUndefined();
    // What the detector would have found out nobody knows: not a clean machine, and nobody's fault.
    expect(await virtualMachineSensor(async () => reading).check?.()).toEqual({
      id: 'machine',
      outcome: 'not-watched',
      cause: 'tool-missing',
      blocks: false,
    });
    // On a real machine it ends with an error of its own.
    const real = await linuxMachine(async () => fail('failed'), root)(now());
    expect(await virtualMachineSensor(async () => real).check?.()).toEqual({
      id: 'machine',
      outcome: 'ok',
      blocks: true,
    });
  });

  it('a machine that says nothing of itself is watched in part, and said so', async () => {
    const reading = await linuxMachine(missing, root)(now());
    expect(reading).toMatchObject({ state: 'partial', reason: 'platform' });
    expect(toldOf(reading)?.model).toBeUndefined();
  });
});

describe('Windows', () => {
  // The JSON that the script prints; its fields are those of the documented classes.
  const printed = (manufacturer: string, model: string, more: object = {}): string =>
    JSON.stringify({
      system: [{ Manufacturer: manufacturer, Model: model, HypervisorPresent: true }],
      bios: [
        { Manufacturer: 'Dell Inc.', SMBIOSBIOSVersion: '1.27.1', Version: 'DELL   - 1072009' },
      ],
      board: [{ Manufacturer: 'Dell Inc.', Product: '0F5KMJ' }],
      disks: [{ Model: 'NVMe KIOXIA 256GB' }],
      displays: [{ Name: 'Intel(R) UHD Graphics' }],
      processors: [{ Name: 'Intel(R) Core(TM) i5-1145G7' }],
      ...more,
    });
  it('reads the classes', () => {
    expect(toldOf(parseWindowsMachine(printed('Dell Inc.', 'Latitude 5420'), ['aa']))).toEqual({
      manufacturer: 'Dell Inc.',
      model: 'Latitude 5420',
      board: 'Dell Inc. 0F5KMJ',
      biosVendor: 'Dell Inc.',
      bios: '1.27.1 DELL   - 1072009',
      hypervisorFlag: true,
      diskModels: ['NVMe KIOXIA 256GB'],
      devices: ['Intel(R) UHD Graphics'],
      macs: ['aa'],
      cpuModel: 'Intel(R) Core(TM) i5-1145G7',
    });
  });
  it.each(['', 'null', '[]', '{"system":"x"}', 'Access denied.'])(
    'what is no such answer is nothing: %j',
    (text) => {
      expect(toldOf(parseWindowsMachine(text, []))).toBeNull();
    },
  );
  it.each(['bios', 'board', 'disks', 'displays', 'processors'])(
    'without the class of %s it is in part',
    (name) => {
      const json = printed('Dell Inc.', 'Latitude 5420', { [name]: [] });
      expect(parseWindowsMachine(json, [])).toMatchObject({
        state: 'partial',
        reason: 'tool-blocked',
        value: { model: 'Latitude 5420' },
      });
    },
  );
  it('a hypervisor of which nothing is said is not said to be absent', () => {
    const json = printed('Dell Inc.', 'X', { system: [{ Manufacturer: 'Dell Inc.', Model: 'X' }] });
    expect(toldOf(parseWindowsMachine(json, []))?.hypervisorFlag).toBeUndefined();
  });
  it('PowerShell that policy blocks is told, and blocks nobody', async () => {
    const probe = machineProbe('win32', blocked);
    const sensor = virtualMachineSensor(probe);
    expect(await sensor.check?.()).toEqual({
      id: 'machine',
      outcome: 'not-watched',
      cause: 'tool-blocked',
      blocks: false,
    });
  });
});

describe('macOS', () => {
  const ioreg = `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000110, registered, matched, active>
    {
      "manufacturer" = <"Apple Inc.">
      "model" = <"MacBookPro18,3">
      "IOPlatformSerialNumber" = "XXXXXXXXXX"
    }`;
  it.each<[string, string, Partial<MachineFacts>]>([
    [
      'hw.model: MacBookPro18,3\nkern.hv_vmm_present: 0\nmachdep.cpu.brand_string: Apple M1 Pro\n',
      ioreg,
      {
        manufacturer: 'Apple Inc.',
        model: 'MacBookPro18,3',
        hypervisorFlag: false,
        cpuModel: 'Apple M1 Pro',
      },
    ],
    [
      'hw.model: VirtualMac2,1\nkern.hv_vmm_present: 1\n',
      '',
      { model: 'VirtualMac2,1', hypervisorFlag: true },
    ],
    ['', ioreg, { model: 'MacBookPro18,3' }],
  ])('%j', (sysctl, tree, expected) => {
    expect(parseDarwinMachine(sysctl, tree, [])).toMatchObject(expected);
  });
});

describe('the sensor', () => {
  it('states a virtual machine once, with its signs, and the check blocks the start', async () => {
    const signals: Signal[] = [];
    const limits: Limits[] = [];
    const sensor = virtualMachineSensor(async () =>
      told({ manufacturer: 'VMware, Inc.', model: 'VMware7,1', hypervisorVendor: 'vmware' }),
    );
    sensor.start((signal) => signals.push(signal), {
      limited: (limit) => limits.push(limit),
      alive: () => undefined,
    });
    await expect.poll(() => signals.length).toBe(1);
    sensor.stop();
    expect(signals[0]).toMatchObject({
      kind: 'virtual-machine',
      phase: 'began',
      facts: { product: 'VMware', score: 7, signs: 'model hypervisor' },
    });
    expect(limits).toEqual([]);
    expect(await sensor.check?.()).toEqual({
      id: 'machine',
      outcome: 'failed',
      cause: 'virtual',
      names: ['VMware'],
      blocks: true,
    });
  });

  it('reads the machine once for the check and the exam, and again what failed', async () => {
    let reads = 0;
    const sensor = virtualMachineSensor(async () => {
      reads += 1;
      return partial({ model: 'X', manufacturer: 'Y' }, reads === 1 ? 'tool-blocked' : null);
    });
    for (let i = 0; i < 4; i++) await sensor.check?.();
    expect(reads).toBe(2);
  });

  it('on an unknown system says that it does not watch', async () => {
    const limits: Limits[] = [];
    const sensor = virtualMachineSensor(null);
    sensor.start(() => undefined, {
      limited: (limit) => limits.push(limit),
      alive: () => undefined,
    });
    await expect
      .poll(() => limits)
      .toEqual([{ 'virtual-machine': { reason: 'platform', partly: false } }]);
    sensor.stop();
    expect(await sensor.check?.()).toMatchObject({ outcome: 'not-watched', blocks: false });
  });
});
