import { offeredCamera } from '#shared/incident/camera-name.ts';
import type { Peripheral } from '#shared/incident/peripheral-category.ts';
import {
  acceptPeripherals,
  DEFAULT_PERIPHERAL_RULES,
  judgePeripherals,
  NO_PERIPHERALS_KNOWN,
  type PeripheralMemory,
  peripheralKey,
} from '#shared/incident/peripheral-rules.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor } from './dom-sensor.ts';

/** Browsers put the numbers of a camera on USB behind its name: `HD Webcam C270 (046d:0825)`. */
const USB_IDS = /\(([0-9a-f]{4}):([0-9a-f]{4})\)\s*$/i;

/** A camera as the desktop's listing would have it. One without numbers may be a program, a telephone in the air or a part that woke. */
const cameraAsPeripheral = (deviceId: string, label: string): Peripheral => {
  const [, vendor, product] = USB_IDS.exec(label) ?? [];
  const onUsb = vendor !== undefined && product !== undefined && !offeredCamera(label);
  return {
    bus: onUsb ? 'usb' : 'system',
    vendor: onUsb ? vendor.toLowerCase() : '',
    product: onUsb ? product.toLowerCase() : '',
    unit: deviceId,
    name: label.slice(0, 200),
    functions: onUsb ? [[0x0e, 1, 0]] : [],
    fixed: false,
    ...(onUsb ? {} : { category: 'camera' }),
  };
};

/** Cameras with a name of their own; without the camera's permission the browser names none. Null when it does not say. */
const cameras = async (): Promise<readonly Peripheral[] | null> => {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null);
  if (devices === null) return null;
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }) => cameraAsPeripheral(deviceId, label));
};

/**
 * Art. 29q: a camera that was not there when the exam began. The browser tells a page nothing about sticks,
 * keyboards or cards; the coverage says so. A camera that went and came back is the same camera.
 *
 * The same rules judge as on the desktop (`judgePeripherals`). A camera that came for one that is gone, and one of which
 * nobody can tell that it was plugged in (a telephone that offers itself, a program, a part that woke), are no act of
 * a person: they are `platform`, for people to review. Only one on USB beside the others is `peripheral`.
 */
export const mediaDeviceSensor = (): Sensor =>
  domSensor('media-device', ['peripheral', 'platform'], ({ listen, emit, limited, stopped }) => {
    limited({ peripheral: { reason: 'page-only', partly: true } });
    if (navigator.mediaDevices === undefined) return;
    /** Null until the browser has named the cameras that belong to the machine. */
    let memory: PeripheralMemory | null = null;
    let present = new Set<string>();
    const look = async (): Promise<void> => {
      const now = await cameras();
      if (now === null || stopped.aborted || (memory === null && now.length === 0)) return;
      memory ??= { ...NO_PERIPHERALS_KNOWN, complete: true, ...acceptPeripherals(now) };
      for (const one of judgePeripherals(now, memory, DEFAULT_PERIPHERAL_RULES, true)) {
        const { device, category, why } = one;
        if (present.has(peripheralKey(device))) continue;
        const sure = one.sure && device.bus === 'usb';
        emit({
          kind: sure ? 'peripheral' : 'platform',
          phase: 'happened',
          facts: {
            ...(sure ? {} : { cause: 'device-in-doubt' }),
            device: device.name,
            category,
            why: one.sure && !sure ? 'offered' : why,
          },
        });
      }
      present = new Set(now.map(peripheralKey));
    };
    let turn = Promise.resolve();
    const lookInTurn = () => {
      turn = turn.then(look);
    };
    listen(navigator.mediaDevices, 'devicechange', lookInTurn);
    lookInTurn();
    void navigator.permissions
      ?.query({ name: 'camera' as PermissionName })
      .then((status) => listen(status, 'change', lookInTurn))
      .catch(() => undefined);
  });
