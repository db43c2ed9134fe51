import type { Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor } from './dom-sensor.ts';

/** Cameras with a name of their own; without the camera's permission the browser names none. */
const cameras = async (): Promise<ReadonlyMap<string, string>> => {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return new Map(
    devices
      .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
      .map(({ deviceId, label }) => [deviceId, label.slice(0, 200)]),
  );
};

/**
 * Art. 29q: a camera that was not there when the exam began. The browser tells a page nothing about sticks,
 * keyboards or cards; the coverage says so. A camera that went and came back is the same camera.
 */
export const mediaDeviceSensor = (): Sensor =>
  domSensor('media-device', ['peripheral'], ({ listen, emit, limited, stopped }) => {
    limited({ peripheral: { reason: 'page-only', partly: true } });
    if (navigator.mediaDevices === undefined) return;
    /** Null until the browser has named the cameras that belong to the machine. */
    let known: Set<string> | null = null;
    let present = new Set<string>();
    const look = async (): Promise<void> => {
      const now = await cameras();
      if (stopped.aborted || (known === null && now.size === 0)) return;
      if (known === null) {
        known = new Set(now.keys());
        present = new Set(now.keys());
        return;
      }
      const fact = (id: string) => ({ type: 'camera', device: now.get(id) ?? '' });
      const strange = (ids: Iterable<string>) => [...ids].filter((id) => known?.has(id) !== true);
      for (const id of strange(now.keys())) {
        if (!present.has(id)) emit({ kind: 'peripheral', phase: 'happened', facts: fact(id) });
      }
      present = new Set(now.keys());
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
