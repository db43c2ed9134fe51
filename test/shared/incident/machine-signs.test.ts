import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeMachine, type MachineFacts } from '#shared/incident/machine-signs.ts';

const REAL_MACS = ['54:e1:ad:0c:2b:11', '5c:87:9c:20:d1:02'];

/** Computers that must pass. */
const real: Record<string, MachineFacts> = {
  'Dell laptop': {
    manufacturer: 'Dell Inc.',
    model: 'Latitude 5420',
    board: 'Dell Inc.',
    biosVendor: 'Dell Inc.',
    bios: '1.27.1',
    hypervisorFlag: false,
    diskModels: ['KBG40ZNS256G NVMe KIOXIA 256GB'],
    devices: ['Intel(R) Iris(R) Xe Graphics', '0x8086'],
    macs: REAL_MACS,
    cpuModel: '11th Gen Intel(R) Core(TM) i5-1145G7 @ 2.60GHz',
  },
  'HP laptop with virtualization-based security': {
    manufacturer: 'HP',
    model: 'HP ProBook 450 G8 Notebook PC',
    board: 'HP 87ED',
    biosVendor: 'HP',
    bios: 'T74 Ver. 01.13.00 HPQOEM - 0',
    hypervisorFlag: true,
    hypervisorVendor: 'Microsoft Hv',
    diskModels: ['SAMSUNG MZVLQ256HBJD-000H1'],
    devices: ['Intel(R) Iris(R) Xe Graphics'],
    macs: REAL_MACS,
  },
  'Lenovo host of Hyper-V with a mounted virtual disk and its switch': {
    manufacturer: 'LENOVO',
    model: '20W0004UUS',
    board: 'LENOVO 20W0004UUS',
    biosVendor: 'LENOVO',
    hypervisorFlag: true,
    hypervisorVendor: 'Microsoft Hv',
    diskModels: ['WDC PC SN730 SDBQNTY-512G-1001', 'Msft Virtual Disk SCSI Disk Device'],
    devices: ['Intel(R) UHD Graphics'],
    macs: [...REAL_MACS, '00:15:5d:01:02:03'],
  },
  'computer with WSL': {
    manufacturer: 'ASUSTeK COMPUTER INC.',
    model: 'VivoBook_ASUSLaptop X515EA',
    hypervisorFlag: true,
    macs: [...REAL_MACS, '00:15:5d:aa:bb:cc'],
  },
  'laptop with VirtualBox and VMware installed': {
    manufacturer: 'Acer',
    model: 'Aspire A315-56',
    hypervisorFlag: false,
    devices: ['Intel(R) UHD Graphics'],
    macs: [...REAL_MACS, '0a:00:27:00:00:05', '00:50:56:c0:00:08'],
  },
  Surface: {
    manufacturer: 'Microsoft Corporation',
    model: 'Surface Laptop 4',
    biosVendor: 'Microsoft Corporation',
    hypervisorFlag: true,
    hypervisorVendor: 'Microsoft Hv',
    macs: REAL_MACS,
  },
  'Chromebook with other firmware and Linux': {
    manufacturer: 'Google',
    model: 'Kefka',
    biosVendor: 'coreboot',
    bios: 'SeaBIOS rel-1.16',
    hypervisorFlag: false,
    macs: REAL_MACS,
  },
  'Xen’s first domain on a real computer': {
    manufacturer: 'Dell Inc.',
    model: 'OptiPlex 7080',
    hypervisorFlag: true,
    hypervisorVendor: 'xen',
    isHost: true,
    diskModels: ['ST500LM000', 'QEMU HARDDISK'],
    macs: REAL_MACS,
  },
  Mac: {
    manufacturer: 'Apple Inc.',
    model: 'MacBookPro18,3',
    hypervisorFlag: false,
    cpuModel: 'Apple M1 Pro',
    macs: ['a4:83:e7:01:02:03'],
  },
  'Mac with Parallels installed': {
    manufacturer: 'Apple Inc.',
    model: 'Macmini9,1',
    hypervisorFlag: false,
    macs: ['a4:83:e7:01:02:03', '00:1c:42:00:00:08'],
  },
  'small computer without firmware tables': { model: 'Raspberry Pi 4 Model B Rev 1.4' },
  'computer that says nothing': {},
  'computer with placeholders': {
    manufacturer: 'To Be Filled By O.E.M.',
    model: 'System Product Name',
    biosVendor: 'American Megatrends Inc.',
    hypervisorFlag: true,
  },
  'ThinkCentre with a virtual network card only': {
    manufacturer: 'LENOVO',
    model: 'ThinkCentre M70q',
    hypervisorFlag: true,
    macs: ['00:15:5d:01:02:03'],
  },
};

/** Guests that must not, with the product that they are. */
const virtual: Record<string, [string, MachineFacts]> = {
  'VirtualBox guest': [
    'VirtualBox',
    {
      manufacturer: 'innotek GmbH',
      model: 'VirtualBox',
      board: 'Oracle Corporation',
      bios: 'VirtualBox',
      hypervisorFlag: true,
      hypervisorVendor: 'oracle',
      diskModels: ['VBOX HARDDISK'],
      devices: ['0x80ee', '0x8086'],
      macs: ['08:00:27:3e:a1:02'],
    },
  ],
  'VirtualBox guest that says it is a Dell': [
    'VirtualBox',
    {
      manufacturer: 'Dell Inc.',
      model: 'XPS 13 7390',
      biosVendor: 'Dell Inc.',
      hypervisorFlag: true,
      diskModels: ['VBOX HARDDISK'],
      devices: ['VirtualBox Graphics Adapter (WDDM)'],
      macs: ['08:00:27:3e:a1:02'],
    },
  ],
  'VMware guest': [
    'VMware',
    {
      manufacturer: 'VMware, Inc.',
      model: 'VMware Virtual Platform',
      biosVendor: 'Phoenix Technologies LTD',
      hypervisorFlag: true,
      hypervisorVendor: 'vmware',
      diskModels: ['VMware Virtual S'],
      devices: ['VMware SVGA 3D'],
      macs: ['00:0c:29:5e:11:02'],
    },
  ],
  'KVM guest': [
    'QEMU/KVM',
    {
      manufacturer: 'QEMU',
      model: 'Standard PC (Q35 + ICH9, 2009)',
      biosVendor: 'SeaBIOS',
      hypervisorFlag: true,
      hypervisorVendor: 'kvm',
      devices: ['0x1af4', '0x1b36'],
      macs: ['52:54:00:12:34:56'],
    },
  ],
  'KVM guest with a real computer’s tables': [
    'QEMU/KVM',
    {
      manufacturer: 'LENOVO',
      model: '20W0004UUS',
      biosVendor: 'LENOVO',
      hypervisorFlag: true,
      hypervisorVendor: 'kvm',
      devices: ['0x1af4', '0x1af4'],
      macs: ['54:e1:ad:0c:2b:11'],
    },
  ],
  'KVM guest without firmware tables': [
    'QEMU/KVM',
    { hypervisorFlag: true, hypervisorVendor: 'kvm', devices: ['0x8086', '0x1af4'] },
  ],
  'Hyper-V guest': [
    'Hyper-V',
    {
      manufacturer: 'Microsoft Corporation',
      model: 'Virtual Machine',
      biosVendor: 'Microsoft Corporation',
      bios: 'Hyper-V UEFI Release v4.1',
      hypervisorFlag: true,
      hypervisorVendor: 'microsoft',
      devices: ['Microsoft Hyper-V Video'],
      macs: ['00:15:5d:01:02:03'],
    },
  ],
  'Xen guest': [
    'Xen',
    {
      manufacturer: 'Xen',
      model: 'HVM domU',
      biosVendor: 'Xen',
      hypervisorFlag: true,
      hypervisorVendor: 'xen',
      macs: ['00:16:3e:01:02:03'],
    },
  ],
  'Parallels guest': [
    'Parallels',
    {
      manufacturer: 'Parallels International GmbH.',
      model: 'Parallels ARM Virtual Machine',
      hypervisorFlag: true,
      devices: ['Parallels Display Adapter (WDDM)'],
      macs: ['00:1c:42:aa:bb:cc'],
    },
  ],
  'UTM guest with Windows': [
    'QEMU/KVM',
    {
      manufacturer: 'QEMU',
      model: 'QEMU Virtual Machine',
      biosVendor: 'EDK II',
      hypervisorFlag: true,
      devices: ['Red Hat VirtIO GPU DOD controller'],
    },
  ],
  'macOS guest on a Mac': [
    'Apple Virtualization',
    {
      manufacturer: 'Apple Inc.',
      model: 'VirtualMac2,1',
      hypervisorFlag: true,
      cpuModel: 'Apple M1 (Virtual)',
    },
  ],
  'cloud computer': [
    'Nube',
    {
      manufacturer: 'Amazon EC2',
      model: 't3.large',
      biosVendor: 'Amazon EC2',
      hypervisorFlag: true,
    },
  ],
};

describe('which machine is a virtual one', () => {
  it.each(Object.entries(real))('%s passes', (_, facts) => {
    const verdict = judgeMachine(facts);
    expect(verdict.virtual, JSON.stringify(verdict.signs)).toBe(false);
  });
  it.each(Object.entries(virtual))('%s is one', (_, [product, facts]) => {
    expect(judgeMachine(facts)).toMatchObject({ virtual: true, product });
  });

  it('a virtual network card beside a real one is no sign', () => {
    for (const [name, facts] of Object.entries(real)) {
      const parts = judgeMachine(facts).signs.map(({ part }) => part);
      expect(parts.includes('network'), name).toBe(name.endsWith('network card only'));
    }
  });

  it('no sign alone is enough, whatever it says', () => {
    const text = fc.constantFrom(
      'VirtualBox',
      'VMware',
      'QEMU',
      'Xen',
      'Parallels',
      'Dell Inc.',
      'kvm',
      'oracle',
    );
    const one = fc.oneof(
      fc.record({ model: text, manufacturer: text }),
      fc.record({ bios: text, board: text, biosVendor: text, chassis: text }),
      fc.record({ hypervisorVendor: text, hypervisorFlag: fc.boolean() }),
      fc.record({ diskModels: fc.array(text) }),
      fc.record({ devices: fc.array(text) }),
      fc.record({ macs: fc.array(fc.constantFrom('080027aabbcc', '00:15:5d:01:02:03')) }),
    );
    fc.assert(
      fc.property(one, (facts) => {
        expect(judgeMachine(facts).virtual).toBe(false);
      }),
    );
  });
});
