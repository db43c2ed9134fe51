import Type, { type Static } from 'typebox';

/** What technology staff say about the networks of their machines. */
const NetworkRulesSchema = Type.Object(
  {
    /** Names of interfaces that may come and go: the institution's own tunnel. */
    interfaces: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 20 }),
    /** Networks that count as one with the room's, as `10.20.0.0/16`: several access points, a second line. */
    networks: Type.Array(Type.String({ pattern: '^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$' }), {
      maxItems: 50,
    }),
  },
  { additionalProperties: false },
);
export type NetworkRules = Static<typeof NetworkRulesSchema>;
export const DEFAULT_NETWORK_RULES: NetworkRules = { interfaces: [], networks: [] };

/** One address of the machine, as `os.networkInterfaces()` tells. */
export interface Address {
  readonly name: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly address: string;
  /** `10.1.2.3/24`; null where the system does not say. */
  readonly cidr: string | null;
  readonly internal: boolean;
}

/** What may be told of a network: where it is, and what sort of thing it is. */
export interface KnownNetwork {
  readonly network: string;
  readonly name: string;
  readonly sort: 'network' | 'tunnel' | 'hotspot';
}

/** VPN programs' interfaces: `tun0`, `wg0`, `ppp0`, `utun4`; Windows names them in words. */
const TUNNEL =
  /^(tun|tap|wg|ppp|utun|ipsec|gpd|zt|tailscale|nordlynx|proton|cscotun)\d*|vpn|wireguard|openvpn|wintun|tap-windows|anyconnect|fortinet|globalprotect/i;
/** Programs' own insides: containers, virtual machines' switches. They lead nowhere by themselves. */
const INSIDE =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|cni|flannel|awdl|llw|anpi|bridge)\d*|vEthernet|VirtualBox|VMware|Bluetooth/i;
/** Phones that share their network: iPhone, Android by USB and by Wi-Fi, Windows' own hotspot. */
const HOTSPOTS = [
  '172.20.10.0/28',
  '192.168.42.0/24',
  '192.168.43.0/24',
  '192.168.49.0/24',
  '192.168.137.0/24',
];

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const within = (address: string, network: string): boolean => {
  const [base = '', bits = '32'] = network.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(base) / size);
};

/** The network of an IPv4 address, as `10.1.2.0/24`. */
const networkOf = (address: string, cidr: string | null): string => {
  const bits = Number(cidr?.split('/')[1] ?? 24);
  const size = 2 ** (32 - bits);
  const base = Math.floor(numberOf(address) / size) * size;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${parts.join('.')}/${bits}`;
};

/** The first half of an IPv6 address; the second changes by itself every day (privacy addresses). */
const prefixOf = (address: string): string => {
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  const all = tail === undefined ? groups : [...groups, ...zeros, ...rest];
  return `${all.slice(0, 4).join(':')}::/64`;
};

/**
 * The networks that a machine is in. Not among them: itself, addresses that lead to no other network, the
 * insides of containers and virtual machines. IPv6 only tells of tunnels: in a network with both, its
 * prefixes change by the provider's will, and the IPv4 network says where the machine is.
 */
export const networksOf = (
  addresses: readonly Address[],
  rules: NetworkRules,
): readonly KnownNetwork[] => {
  const seen = new Map<string, KnownNetwork>();
  for (const { name, family, address, cidr, internal } of addresses) {
    if (internal || INSIDE.test(name) || rules.interfaces.includes(name)) continue;
    const tunnel = TUNNEL.test(name);
    if (family === 'IPv6') {
      // macOS always has tunnels of its own, with link-local addresses only.
      if (!tunnel || /^fe[89ab]/i.test(address)) continue;
      const network = prefixOf(address);
      seen.set(network, { network, name, sort: 'tunnel' });
      continue;
    }
    // 169.254 is what a machine gives itself when nobody answers.
    if (address.startsWith('169.254.')) continue;
    const own = rules.networks.find((one) => within(address, one));
    const network = own ?? networkOf(address, cidr);
    const shared = HOTSPOTS.some((one) => within(address, one));
    const sort = tunnel ? 'tunnel' : shared ? 'hotspot' : 'network';
    seen.set(network, { network, name, sort });
  }
  return [...seen.values()];
};

/**
 * What is new since the networks that are known already. A renewed lease, another access point, a cable that
 * is out and in again, a return to a network of before: nothing new.
 */
export const newNetworks = (
  known: ReadonlySet<string>,
  now: readonly KnownNetwork[],
): readonly KnownNetwork[] => now.filter(({ network }) => !known.has(network));
