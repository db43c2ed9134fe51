import type { RunSystemTool, ToolRun } from '#electron/sensors/probe/run-tool.ts';
import { EMPTY, failed, notSupported, partial, type Reading } from '#shared/incident/reading.ts';
import type {
  MachineNetworkState,
  NearbyNetwork,
  NetworkOutcome,
} from '#shared/ports/machine-network.port.ts';
import { isNetworkName } from './network-name.ts';
import type { NetworkTool } from './network-tool.port.ts';

/** Seconds that NetworkManager may take for a connection. */
const WAIT_S = '25';

/** Fields of a terse line: a colon ends one, a backslash keeps the next character (nmcli(1), `--escape yes`). */
export const fieldsOf = (line: string): readonly string[] => {
  const fields: string[] = [''];
  for (const [, kept, one] of line.matchAll(/\\(.)|(.)/gsu)) {
    if (kept === undefined && one === ':') fields.push('');
    else fields[fields.length - 1] += kept ?? one ?? '';
  }
  return fields;
};

const linesOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(fieldsOf);

interface Device {
  readonly name: string;
  readonly type: string;
  readonly connected: boolean;
  readonly usable: boolean;
  readonly connection: string;
}

/** `device status`: DEVICE, TYPE, STATE, CONNECTION. */
const devicesIn = (text: string): readonly Device[] =>
  linesOf(text).map(([name = '', type = '', state = '', connection = '']) => ({
    name,
    type,
    connected: /^connected/.test(state),
    usable: !/^(unmanaged|unavailable)/.test(state),
    connection,
  }));

const securityOf = (text: string): NearbyNetwork['security'] =>
  /802\.1X/i.test(text) ? 'managed' : /^(|--)$/.test(text.trim()) ? 'open' : 'password';

/** `device wifi list`: IN-USE, SSID, SIGNAL, SECURITY; one line for each station, of which the strongest counts. */
export const nearbyIn = (text: string, known: ReadonlySet<string>): readonly NearbyNetwork[] => {
  const byName = new Map<string, NearbyNetwork>();
  for (const [inUse = '', name = '', signal = '', security = ''] of linesOf(text)) {
    if (!isNetworkName(name)) continue;
    const strength = /^\d{1,3}$/.test(signal) ? Math.min(100, Number(signal)) : null;
    const before = byName.get(name);
    byName.set(name, {
      name,
      signal:
        Math.max(strength ?? -1, before?.signal ?? -1) < 0
          ? null
          : Math.max(strength ?? 0, before?.signal ?? 0),
      security: before?.security ?? securityOf(security),
      known: known.has(name),
      current: inUse.includes('*') || before?.current === true,
    });
  }
  return [...byName.values()].sort((a, b) => (b.signal ?? -1) - (a.signal ?? -1));
};

/** What nmcli(1) says of its exit: 3 time, 4 not activated, 8 no NetworkManager, 10 no such thing. */
export const outcomeOf = ({ exit, stderr }: ToolRun): NetworkOutcome => {
  if (exit === 0) return 'done';
  if (exit === 3 || exit === 'abandoned') return 'timeout';
  if (/not authorized|permission|insufficient privileges/i.test(stderr)) return 'denied';
  if (/secrets were required|psk|password|802-1x/i.test(stderr)) return 'wrong-password';
  if (exit === 10 || /no network with ssid|not found/i.test(stderr)) return 'not-found';
  if (exit === 'missing' || exit === 'blocked' || exit === 8) return 'not-supported';
  return 'failed';
};

const CONTROL = 'org.freedesktop.NetworkManager.network-control';

/** The machine's network through NetworkManager. */
export const nmcliNetwork = (run: RunSystemTool): NetworkTool => {
  const ask = (args: readonly string[], signal: AbortSignal): Promise<ToolRun> =>
    run('nmcli', ['--terse', '--escape', 'yes', '--colors', 'no', '--fields', ...args], signal);

  /** Where an administrator would be asked, a window of the system would come before the exam. */
  const refusal = async (signal: AbortSignal): Promise<NetworkOutcome | null> => {
    const told = await ask(['PERMISSION,VALUE', 'general', 'permissions'], signal);
    if (told.exit !== 0) return outcomeOf(told);
    const may = linesOf(told.stdout).some(([name, value]) => name === CONTROL && value === 'yes');
    return may ? null : 'denied';
  };

  const devices = async (signal: AbortSignal) =>
    ask(['DEVICE,TYPE,STATE,CONNECTION', 'device', 'status'], signal);

  const look = async (
    nearby: boolean,
    signal: AbortSignal,
  ): Promise<Reading<MachineNetworkState>> => {
    const status = await devices(signal);
    if (status.exit === 'missing') return notSupported('tool-missing');
    if (status.exit === 'blocked') return notSupported('tool-blocked');
    // Installed, and something else manages this machine's network.
    if (status.exit === 8) return notSupported('not-supported');
    if (status.exit !== 0) return failed('tool-failed');
    const all = devicesIn(status.stdout);
    if (all.length === 0) return EMPTY;
    const radio = await ask(['WIFI', 'general'], signal);
    const cables = all.filter(({ type }) => type === 'ethernet');
    const wireless = all.filter(({ type }) => type === 'wifi');
    const list = wireless.length > 0 ? await nearbyOf(signal) : null;
    const current = list?.networks.find((one) => one.current);
    const standing = (of: readonly Device[]) =>
      of.length === 0 ? 'none' : of.some(({ connected }) => connected) ? 'connected' : 'away';
    const off = wireless.length > 0 && /^disabled/m.test(radio.stdout);
    // What others manage says nothing: a cable may carry all the same.
    const unsure = all.some(({ usable, type }) => !usable && type === 'ethernet');
    return partial(
      {
        cable: standing(cables.filter(({ usable }) => usable)),
        wifi: off ? 'off' : standing(wireless),
        name: current?.name ?? wireless.find(({ connected }) => connected)?.connection ?? null,
        signal: current?.signal ?? null,
        nearby: nearby ? (list?.networks ?? []) : [],
      },
      list?.told === false ? 'tool-failed' : unsure ? 'not-supported' : null,
    );
  };

  const nearbyOf = async (signal: AbortSignal) => {
    const profiles = await ask(['NAME,TYPE', 'connection', 'show'], signal);
    const known = new Set(
      linesOf(profiles.stdout)
        .filter(([, type]) => type === '802-11-wireless')
        .map(([name = '']) => name),
    );
    const list = await ask(['IN-USE,SSID,SIGNAL,SECURITY', 'device', 'wifi', 'list'], signal);
    return { told: list.exit === 0, networks: nearbyIn(list.stdout, known) };
  };

  return {
    look,
    reconnect: async (signal) => {
      const refused = await refusal(signal);
      if (refused !== null) return refused;
      const status = await devices(signal);
      if (status.exit !== 0) return outcomeOf(status);
      await run('nmcli', ['radio', 'wifi', 'on'], signal);
      const usable = devicesIn(status.stdout).filter(
        ({ type, usable: its }) => type === 'wifi' || (type === 'ethernet' && its),
      );
      // One that is connected keeps the others from mattering: it is what carries the exam.
      const tried = usable.toSorted((a, b) => Number(b.connected) - Number(a.connected));
      let outcome: NetworkOutcome = 'not-found';
      for (const { name } of tried) {
        outcome = outcomeOf(
          await run('nmcli', ['--wait', WAIT_S, 'device', 'connect', name], signal),
        );
        if (outcome === 'done') return outcome;
      }
      return outcome;
    },
    join: async ({ name, known, security }, password, signal) => {
      const refused = await refusal(signal);
      if (refused !== null) return refused;
      if (known && password === null) {
        const up = ['--wait', WAIT_S, 'connection', 'up', 'id', name];
        return outcomeOf(await run('nmcli', up, signal));
      }
      const join = ['--wait', WAIT_S, 'device', 'wifi', 'connect', name];
      if (security === 'open') return outcomeOf(await run('nmcli', join, signal));
      // `--ask` reads it from its input: arguments can be read by every program.
      return outcomeOf(await run('nmcli', ['--ask', ...join], signal, `${password ?? ''}\n`));
    },
  };
};
