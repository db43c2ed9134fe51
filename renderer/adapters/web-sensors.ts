import type { Sensor } from '#shared/ports/sensor.port.ts';
import { clipboardSensor } from './web-sensors/clipboard.web-sensor.ts';
import { displaySensor } from './web-sensors/display.web-sensor.ts';
import { focusSensor } from './web-sensors/focus.web-sensor.ts';
import { fullscreenSensor } from './web-sensors/fullscreen.web-sensor.ts';
import { machineSensor } from './web-sensors/machine.web-sensor.ts';
import { mediaDeviceSensor } from './web-sensors/media-device.web-sensor.ts';
import { pageLifeSensor } from './web-sensors/page-life.web-sensor.ts';
import { shortcutSensor } from './web-sensors/shortcut.web-sensor.ts';
import { unseenSensor } from './web-sensors/unseen.web-sensor.ts';

export interface WebMeans {
  /** The browser hands the system's keys to the page in full screen. */
  readonly keyboardLock: boolean;
  /** A kiosk session: the system runs this one program only. */
  readonly oneProgram: boolean;
}

/** Everything that a page can watch about its machine, and what it says about the rest. */
export const webSensors = ({ keyboardLock, oneProgram }: WebMeans): readonly Sensor[] => [
  focusSensor(),
  clipboardSensor(),
  shortcutSensor(keyboardLock),
  displaySensor(),
  fullscreenSensor(),
  pageLifeSensor(),
  mediaDeviceSensor(),
  machineSensor(),
  unseenSensor(oneProgram),
];
