import { setTimeout as pause } from 'node:timers/promises';
import { netshNetwork } from './netsh.ts';
import type { NetworkTool } from './network-tool.port.ts';
import { networksetupNetwork } from './networksetup.ts';
import { nmcliNetwork } from './nmcli.ts';
import { type RunNetworkTool, runNetworkTool } from './run-network-tool.ts';

/** The tool that this system has for its own network; null on a system that nobody has looked at. */
export const networkTool = (
  platform: NodeJS.Platform,
  run: RunNetworkTool = runNetworkTool,
): NetworkTool | null => {
  switch (platform) {
    case 'linux':
      return nmcliNetwork(run);
    case 'win32':
      return netshNetwork(run);
    case 'darwin':
      return networksetupNetwork(run, (ms, signal) => pause(ms, undefined, { signal }));
    default:
      return null;
  }
};
