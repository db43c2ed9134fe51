import type { RunSystemTool } from '#electron/sensors/probe/run-tool.ts';
import { failed, notSupported, partial, type Reading } from '#shared/incident/reading.ts';
import type { MachineNetworkState } from '#shared/ports/machine-network.port.ts';
import { isNetworkName } from './network-name.ts';
import type { NetworkTool } from './network-tool.port.ts';

const TOOL = '/usr/sbin/networksetup';

/** `-listallhardwareports`: the device of the port that is called Wi-Fi (AirPort in its youth). */
const wifiDeviceIn = (text: string): string | null =>
  /Hardware Port: (?:Wi-Fi|AirPort)\s*\nDevice: (\w+)/.exec(text)?.[1] ?? null;

/** `-getairportnetwork`: newer systems say of a connected machine too that it is in none. */
const networkNameIn = (text: string): string | null => {
  const name = /^Current (?:Wi-Fi|AirPort) Network: (.+)$/m.exec(text)?.[1] ?? '';
  return isNetworkName(name) ? name : null;
};

/**
 * The machine's wireless network through `networksetup`, which takes passwords only among its arguments, where every
 * program may read them: no other network is chosen with it.
 */
export const networksetupNetwork = (
  run: RunSystemTool,
  pause: (ms: number, signal: AbortSignal) => Promise<unknown>,
): NetworkTool => {
  const device = async (signal: AbortSignal) => run(TOOL, ['-listallhardwareports'], signal);

  const look = async (
    _nearby: boolean,
    signal: AbortSignal,
  ): Promise<Reading<MachineNetworkState>> => {
    const ports = await device(signal);
    if (ports.exit === 'missing') return notSupported('tool-missing');
    if (ports.exit === 'blocked') return notSupported('tool-blocked');
    if (ports.exit !== 0) return failed('tool-failed');
    const wifi = wifiDeviceIn(ports.stdout);
    const none = { cable: 'unknown', name: null, signal: null, nearby: [] } as const;
    if (wifi === null) return partial({ ...none, wifi: 'none' }, 'not-supported');
    const power = await run(TOOL, ['-getairportpower', wifi], signal);
    if (/: Off\s*$/.test(power.stdout)) return partial({ ...none, wifi: 'off' }, 'not-supported');
    const name = networkNameIn((await run(TOOL, ['-getairportnetwork', wifi], signal)).stdout);
    // Without a name nothing is known: the system keeps it from programs that may not know the place.
    return name === null
      ? failed('no-permission')
      : partial({ ...none, wifi: 'connected', name }, 'not-supported');
  };

  return {
    look,
    reconnect: async (signal) => {
      const wifi = wifiDeviceIn((await device(signal)).stdout);
      if (wifi === null) return 'not-found';
      const off = await run(TOOL, ['-setairportpower', wifi, 'off'], signal);
      // Switched on again whatever came of it: nobody is left without a radio.
      await pause(1_000, signal).catch(() => undefined);
      const late = AbortSignal.timeout(10_000);
      const on = await run(TOOL, ['-setairportpower', wifi, 'on'], late);
      return off.exit === 0 && on.exit === 0 ? 'done' : 'failed';
    },
    join: null,
  };
};
