import type { RunSystemTool, ToolRun } from '#electron/sensors/probe/run-tool.ts';
import { failed, notSupported, partial, type Reading } from '#shared/incident/reading.ts';
import type {
  MachineNetworkState,
  NearbyNetwork,
  NetworkOutcome,
} from '#shared/ports/machine-network.port.ts';
import { isNetworkName } from './network-name.ts';
import type { NetworkTool } from './network-tool.port.ts';

interface Pair {
  readonly key: string;
  readonly value: string;
}

/**
 * `netsh` speaks the language of Windows: what is not translated is the names SSID and BSSID, the shape `key : value`,
 * the percent sign and the order of the lines. Nothing else of it is read.
 */
const pairsIn = (text: string): readonly Pair[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const [, key, value] = /^\s*(\S.*?)\s+:\s?(.*?)\s*$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [{ key, value }];
  });

const percent = (value: string): number | null => {
  const [, digits] = /^(\d{1,3})\s?%$/.exec(value) ?? [];
  return digits === undefined ? null : Math.min(100, Number(digits));
};

/** `wlan show interfaces`: one block for each radio; a connected one has an SSID. */
const interfacesIn = (
  text: string,
): { readonly radios: number; readonly name: string | null; readonly signal: number | null } => {
  const pairs = pairsIn(text);
  const name = pairs.find(({ key }) => key === 'SSID')?.value ?? '';
  const signals = pairs.flatMap(({ value }) => percent(value) ?? []);
  // The second line of a block is its device, the third its number in braces or not.
  const radios = pairs.filter(({ value }) =>
    /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(value),
  );
  return {
    radios: radios.length,
    name: isNetworkName(name) ? name : null,
    signal: signals[0] ?? null,
  };
};

/** Profiles: `All User Profile : name`, in any language; the names stand behind the only colons. */
const profilesIn = (text: string): ReadonlySet<string> =>
  new Set(pairsIn(text).flatMap(({ value }) => (isNetworkName(value) ? [value] : [])));

/** `wlan show networks mode=bssid`: after each `SSID n : name` its kind, authentication, encryption, then stations. */
const nearbyIn = (
  text: string,
  known: ReadonlySet<string>,
  current: string | null,
): readonly NearbyNetwork[] => {
  const found = new Map<string, NearbyNetwork>();
  let name: string | null = null;
  let line = 0;
  for (const { key, value } of pairsIn(text)) {
    if (/^SSID \d+$/.test(key)) {
      name = isNetworkName(value) ? value : null;
      line = 0;
      if (name !== null && !found.has(name)) {
        const one = { name, signal: null, security: 'password', known: known.has(name) } as const;
        found.set(name, { ...one, current: name === current });
      }
      continue;
    }
    line += 1;
    const here = name === null ? undefined : found.get(name);
    if (here === undefined) continue;
    const strength = percent(value);
    const signal = strength === null ? here.signal : Math.max(strength, here.signal ?? 0);
    const managed = line === 2 && /enterprise|empresa|802\.1x/i.test(value);
    const open = line === 2 && /^(open|abiert[oa])$/i.test(value);
    found.set(here.name, {
      ...here,
      signal,
      security: managed ? 'managed' : open ? 'open' : here.security,
    });
  }
  return [...found.values()].sort((a, b) => (b.signal ?? -1) - (a.signal ?? -1));
};

const outcomeOf = ({ exit }: ToolRun): NetworkOutcome => {
  if (exit === 0) return 'done';
  if (exit === 'abandoned') return 'timeout';
  return typeof exit === 'number' ? 'failed' : 'not-supported';
};

/**
 * The machine's wireless network through `netsh wlan`. It joins only networks that Windows remembers: a new one would
 * need its password in a file. It says nothing of cables.
 */
export const netshNetwork = (run: RunSystemTool): NetworkTool => {
  const ask = (args: readonly string[], signal: AbortSignal) =>
    run('netsh.exe', ['wlan', ...args], signal);

  const look = async (
    nearby: boolean,
    signal: AbortSignal,
  ): Promise<Reading<MachineNetworkState>> => {
    const shown = await ask(['show', 'interfaces'], signal);
    if (shown.exit === 'missing') return notSupported('tool-missing');
    if (shown.exit === 'blocked') return notSupported('tool-blocked');
    if (shown.exit === 'abandoned') return failed('tool-failed');
    const { radios, name, signal: strength } = interfacesIn(shown.stdout);
    // The service for wireless networks does not run, or Windows keeps it from programs without the location.
    if (shown.exit !== 0) return failed(radios === 0 ? 'no-permission' : 'tool-failed');
    if (radios === 0) return partial({ ...NOTHING, wifi: 'none' }, 'not-supported');
    const state = {
      ...NOTHING,
      wifi: name === null ? 'away' : 'connected',
      name,
      signal: strength,
    } as const;
    if (!nearby) return partial(state, 'not-supported');
    const known = profilesIn((await ask(['show', 'profiles'], signal)).stdout);
    const list = await ask(['show', 'networks', 'mode=bssid'], signal);
    const networks = nearbyIn(list.stdout, known, name);
    return list.exit === 0
      ? partial({ ...state, nearby: networks }, 'not-supported')
      : partial(state, 'tool-failed');
  };

  const join = async (name: string, signal: AbortSignal): Promise<NetworkOutcome> =>
    outcomeOf(await ask(['connect', `name=${name}`, `ssid=${name}`], signal));

  return {
    look,
    reconnect: async (signal) => {
      const { name } = interfacesIn((await ask(['show', 'interfaces'], signal)).stdout);
      if (name !== null) return join(name, signal);
      const known = profilesIn((await ask(['show', 'profiles'], signal)).stdout);
      const list = await ask(['show', 'networks', 'mode=bssid'], signal);
      const best = nearbyIn(list.stdout, known, null).find((one) => one.known);
      return best === undefined ? 'not-found' : join(best.name, signal);
    },
    join: ({ name, known }, password, signal) =>
      known && password === null ? join(name, signal) : Promise.resolve('not-supported'),
  };
};

const NOTHING = { cable: 'unknown', name: null, signal: null, nearby: [] } as const;
