/** What a machine says about itself, as far as its system tells. Absent: not known. */
export interface MachineFacts {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly board?: string;
  readonly bios?: string;
  readonly biosVendor?: string;
  readonly chassis?: string;
  /** The processor says that a hypervisor runs below this system. Also so on a real host with VBS or WSL. */
  readonly hypervisorFlag?: boolean;
  /** Who the hypervisor says it is, or what the system's own detector found: `kvm`, `vmware`, `oracle`, `microsoft`… */
  readonly hypervisorVendor?: string;
  /** This system is itself the host: Hyper-V's root partition, virtualization-based security on, Xen's first domain. */
  readonly isHost?: boolean;
  readonly diskModels?: readonly string[];
  /** Names or PCI vendor ids (`0x80ee`) of display, network and system devices. */
  readonly devices?: readonly string[];
  readonly macs?: readonly string[];
  readonly cpuModel?: string;
}

/** A sign that this is a virtual machine. */
export interface MachineSign {
  /** What it was seen in. */
  readonly part: 'model' | 'firmware' | 'hypervisor' | 'disk' | 'device' | 'network' | 'processor';
  /** Which product it names; null when only a hypervisor as such. */
  readonly product: string | null;
  readonly weight: number;
}

export interface MachineVerdict {
  readonly virtual: boolean;
  readonly score: number;
  /** Product that most signs name. */
  readonly product: string | null;
  readonly signs: readonly MachineSign[];
}

/** Products with the words by which firmware, disks and devices name them. */
const PRODUCTS: readonly (readonly [product: string, words: RegExp])[] = [
  ['VirtualBox', /virtualbox|\bvbox|innotek|oracle vm|^oracle$|0x80ee/i],
  ['VMware', /vmware|\bvmw_|0x15ad/i],
  ['Parallels', /parallels|0x1ab8|\bprl[ _]/i],
  [
    'QEMU/KVM',
    /qemu|\bkvm\b|bochs|seabios|edk ii.*qemu|virtio|red hat, inc|0x1af4|0x1b36|rhev|ovirt|proxmox|openstack|^utm$/i,
  ],
  ['Xen', /\bxen\b|xensource|hvm domu|0x5853/i],
  [
    'Hyper-V',
    /virtual machine.*microsoft|microsoft.*virtual machine|hyper-v (video|virtual)|msft virtual disk|virtual hd/i,
  ],
  ['Apple Virtualization', /apple virtual(ization| machine)|virtualmac|vmapple/i],
  ['bhyve', /bhyve/i],
  ['ChromeOS crosvm', /crosvm/i],
  ['Nube', /amazon ec2|google compute engine|alibaba cloud|digitalocean|droplet/i],
];

const productIn = (text: string): string | null =>
  PRODUCTS.find(([, words]) => words.test(text))?.[0] ?? null;

/** First three bytes of the network addresses that virtualization programs give out. */
const MAC_PREFIXES: Readonly<Record<string, string>> = {
  '080027': 'VirtualBox',
  '0a0027': 'VirtualBox',
  '000569': 'VMware',
  '000c29': 'VMware',
  '001c14': 'VMware',
  '005056': 'VMware',
  '001c42': 'Parallels',
  '525400': 'QEMU/KVM',
  '00163e': 'Xen',
  '00155d': 'Hyper-V',
};

/** Vendor as detectors and processors write it, and the product. */
const HYPERVISORS: Readonly<Record<string, string>> = {
  kvm: 'QEMU/KVM',
  qemu: 'QEMU/KVM',
  kvmkvmkvm: 'QEMU/KVM',
  tcgtcgtcgtcg: 'QEMU/KVM',
  vmware: 'VMware',
  vmwarevmware: 'VMware',
  oracle: 'VirtualBox',
  vboxvboxvbox: 'VirtualBox',
  parallels: 'Parallels',
  'prl hyperv': 'Parallels',
  xen: 'Xen',
  xenvmmxenvmm: 'Xen',
  microsoft: 'Hyper-V',
  'microsoft hv': 'Hyper-V',
  bhyve: 'bhyve',
  apple: 'Apple Virtualization',
  amazon: 'Nube',
  google: 'Nube',
};

/**
 * So much makes a virtual machine. No single sign reaches it: a real laptop may carry a virtual network
 * card (VirtualBox is installed), a hypervisor below it (VBS, WSL, Credential Guard), a mounted virtual disk.
 */
const VIRTUAL_FROM = 5;
const WEIGHTS = {
  model: 4,
  firmware: 3,
  hypervisor: 3,
  /** The flag alone: also on every real computer with virtualization-based security. */
  flag: 1,
  disk: 2,
  device: 2,
  network: 1,
  processor: 3,
} as const;

const count = (texts: readonly string[] | undefined): readonly string[] =>
  (texts ?? []).flatMap((text) => {
    const product = productIn(text);
    return product === null ? [] : [product];
  });

/**
 * Judges from several signs whether a machine is virtual (Art. 29n). A host with a hypervisor passes: what
 * the hypervisor says of itself counts only when the model and firmware are not a real computer's.
 */
export const judgeMachine = (facts: MachineFacts): MachineVerdict => {
  const signs: MachineSign[] = [];
  const add = (part: MachineSign['part'], product: string | null, weight: number): void => {
    signs.push({ part, product, weight });
  };
  const { manufacturer = '', model = '' } = facts;
  const ofModel =
    productIn(`${manufacturer} ${model}`) ?? productIn(model) ?? productIn(manufacturer);
  if (ofModel !== null) add('model', ofModel, WEIGHTS.model);
  const firmware = [facts.board, facts.bios, facts.biosVendor, facts.chassis].filter(
    (text) => text !== undefined,
  );
  const [ofFirmware] = count(firmware);
  if (ofFirmware !== undefined) add('firmware', ofFirmware, WEIGHTS.firmware);

  const vendor = (facts.hypervisorVendor ?? '').trim().toLowerCase();
  const named = HYPERVISORS[vendor] ?? productIn(vendor);
  if (facts.isHost !== true) {
    // Hyper-V's own name stands below every real Windows with VBS: by itself it says no more than the flag.
    if (named !== null && named !== undefined && named !== 'Hyper-V') {
      add('hypervisor', named, WEIGHTS.hypervisor);
    } else if (facts.hypervisorFlag === true || named === 'Hyper-V') {
      add('hypervisor', named ?? null, ofModel === null ? WEIGHTS.flag : WEIGHTS.hypervisor);
    }
  }
  const [ofDisk] = count(facts.diskModels);
  if (ofDisk !== undefined) add('disk', ofDisk, WEIGHTS.disk);
  const [ofDevice] = count(facts.devices);
  if (ofDevice !== undefined) add('device', ofDevice, WEIGHTS.device);
  if (facts.cpuModel !== undefined && /qemu|virtual cpu|common kvm|bhyve/i.test(facts.cpuModel)) {
    add('processor', productIn(facts.cpuModel), WEIGHTS.processor);
  }
  const macs = (facts.macs ?? []).map((mac) => mac.toLowerCase().replaceAll(/[^0-9a-f]/g, ''));
  const ofMacs = macs.map((mac) => MAC_PREFIXES[mac.slice(0, 6)]);
  // A second, virtual card beside a real one belongs to a program on a real computer.
  if (macs.length > 0 && ofMacs.every((product) => product !== undefined)) {
    add('network', ofMacs[0] ?? null, WEIGHTS.network);
  }

  const score = signs.reduce((sum, { weight }) => sum + weight, 0);
  const votes = new Map<string, number>();
  for (const { product, weight } of signs) {
    if (product !== null) votes.set(product, (votes.get(product) ?? 0) + weight);
  }
  const product = [...votes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
  return { virtual: score >= VIRTUAL_FROM, score, product, signs };
};
