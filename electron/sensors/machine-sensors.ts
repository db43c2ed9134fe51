import type { BrowserWindow, Clipboard, PowerMonitor, Screen } from 'electron';
import type { IncidentKind } from '#shared/incident/kind.ts';
import {
  DEFAULT_PERIPHERAL_RULES,
  type PeripheralRules,
} from '#shared/incident/peripheral-rules.ts';
import { lackOf } from '#shared/incident/reading.ts';
import type { Clock } from '#shared/ports/clock.port.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { type Away, watchAway } from './away.ts';
import { captureSensor } from './capture.sensor.ts';
import { clipboardContentSensor } from './clipboard-content.sensor.ts';
import { clockSensor } from './clock.sensor.ts';
import { displaySensor } from './display.sensor.ts';
import { hookReach, keyHookSensor } from './key-hook.sensor.ts';
import type { ForkNative } from './native/native-process.ts';
import { usbChanges } from './native/usb-changes.ts';
import { networkAddressSensor } from './network-address.sensor.ts';
import { peripheralSensor } from './peripheral.sensor.ts';
import { clipboardLimits, readClipboard } from './probe/clipboard-content.ts';
import { displayProbe } from './probe/displays.ts';
import { sessionProbe } from './probe/login-sessions.ts';
import { readAddresses, readProxy } from './probe/network-addresses.ts';
import { DEFAULT_NETWORK_RULES, type NetworkRules } from './probe/network-change.ts';
import { peripheralProbe } from './probe/peripherals.ts';
import { screenCastProbe } from './probe/screen-cast.ts';
import { readTimeZone } from './probe/time-zone.ts';
import { powerReach, sessionSensor } from './session.sensor.ts';
import { typingSpeedSensor } from './typing-speed.sensor.ts';

export interface MachineParts {
  readonly window: BrowserWindow;
  readonly screen: Screen;
  readonly clipboard: Clipboard;
  readonly powerMonitor: PowerMonitor;
  readonly clock: Clock;
  readonly fork: ForkNative;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** The kiosk's data folder. */
  readonly folder: string;
  readonly server: string;
  readonly peripherals: PeripheralRules | null;
  readonly networks?: NetworkRules;
  /** Whether the machine is locked for an exam now. */
  readonly locked: () => boolean;
  /** macOS: whether the program may see other programs' keys. */
  readonly mayHook: () => boolean;
}

/** The sensors of the machine itself: displays, devices, keys, session, clock, network, captures. */
export interface MachineSensors {
  readonly sensors: readonly Sensor[];
  /** Why the screen is away, for the focus sensor. */
  readonly away: Away;
  /** A shortcut was stopped and stated elsewhere: the key hook's telling of it is the same press. */
  heard(kind: IncidentKind): void;
  /** Learns the machine's own devices at the first start. */
  learn(): Promise<void>;
  stop(): void;
}

export const machineSensors = (parts: MachineParts): MachineSensors => {
  const { window, platform, environment, fork, powerMonitor } = parts;
  const contents = window.webContents;
  const reach = hookReach(platform, environment, parts.mayHook);
  const wayland = lackOf(reach) === 'wayland';
  const x11 = platform === 'linux' && !wayland;
  const focused = () => !window.isDestroyed() && window.isFocused();
  const away = watchAway(powerMonitor);
  const keyHook = keyHookSensor({ fork, contents, reach });
  const peripherals = peripheralSensor({
    probe: peripheralProbe(platform),
    folder: parts.folder,
    rules: parts.peripherals ?? DEFAULT_PERIPHERAL_RULES,
    hotPlug: usbChanges(fork),
  });
  return {
    away,
    heard: keyHook.heard,
    learn: peripherals.learn,
    sensors: [
      displaySensor(parts.screen, displayProbe(platform, { x11 })),
      peripherals,
      keyHook,
      typingSpeedSensor(contents),
      captureSensor(screenCastProbe(platform, { x11 })),
      clipboardContentSensor({
        read: () => readClipboard(parts.clipboard, { wayland, focused: focused() }),
        clear: () => parts.clipboard.clear(),
        limits: clipboardLimits(wayland),
        locked: parts.locked,
        focused,
      }),
      sessionSensor(
        powerMonitor,
        away,
        sessionProbe(platform, { environment }),
        powerReach(platform),
      ),
      clockSensor({
        clock: parts.clock,
        timeZone: (signal) => readTimeZone(platform, signal),
        onWake: (woke) => {
          powerMonitor.on('resume', woke);
          return () => powerMonitor.off('resume', woke);
        },
      }),
      networkAddressSensor({
        rules: parts.networks ?? DEFAULT_NETWORK_RULES,
        addresses: readAddresses,
        proxy: () => readProxy(() => contents.session.resolveProxy(parts.server)),
      }),
    ],
    stop: () => away.stop(),
  };
};
