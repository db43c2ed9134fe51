import { setTimeout as pause } from 'node:timers/promises';
import { type RunSystemTool, runSystemTool } from '#electron/sensors/probe/run-tool.ts';
import { netshNetwork } from './netsh.ts';
import type { NetworkTool } from './network-tool.port.ts';
import { networksetupNetwork } from './networksetup.ts';
import { nmcliNetwork } from './nmcli.ts';

/** The tool that this system has for its own network; null on a system that nobody has looked at. */
export const networkTool = (
  platform: NodeJS.Platform,
  run: RunSystemTool = runSystemTool,
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
