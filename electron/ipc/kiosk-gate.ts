import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { FaceCaptureSchema } from '#shared/identity/face-capture.ts';
import { CameraSampleSchema } from '#shared/incident/camera-sample.ts';
import { fail } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import type { MachineNetwork } from '#shared/ports/machine-network.port.ts';
import {
  CHANNEL,
  MAX_STILL_BYTES,
  NetworkAskSchema,
  type PageSignal,
  PageSignalSchema,
} from '#shared/wire/host-ipc.ts';
import { KioskActionSchema } from '#shared/wire/kiosk-view.ts';

export interface KioskGate {
  readonly host: KioskHost;
  /** The exam's own page: calls from any other sender are refused. */
  readonly contents: WebContents;
  readonly pageUrl: string;
  readonly network: MachineNetwork;
  /** What the preload itself saw and stopped. */
  readonly onSignal: (signal: PageSignal) => void;
  readonly log: Log;
}

/**
 * The only place where the page's calls enter the main process. Each one passes the sender check (the
 * main frame of the exam's own page) and the schema check; what does not pass is logged and dropped.
 * @returns how to take the gate down.
 */
export const openKioskGate = (gate: KioskGate): (() => void) => {
  const page = new URL(gate.pageUrl);
  const fromExam = (event: IpcMainEvent | IpcMainInvokeEvent): boolean => {
    // null when the frame has navigated or gone since it called.
    const frame = event.senderFrame;
    const url = frame === null ? null : URL.parse(frame.url);
    const good =
      event.sender === gate.contents &&
      frame?.parent === null &&
      // Not `origin`, which is "null" for every scheme that Node does not know.
      url?.protocol === page.protocol &&
      url.host === page.host;
    if (!good) gate.log('warn', 'call from a foreign sender refused', { url: frame?.url ?? null });
    return good;
  };
  const refuse = (what: string, path: string) =>
    gate.log('warn', 'malformed call refused', { what, path });

  ipcMain.handle(CHANNEL.capabilities, (event) => {
    if (!fromExam(event)) throw new Error('forbidden');
    return gate.host.capabilities();
  });
  ipcMain.handle(CHANNEL.perform, (event, value: unknown) => {
    if (!fromExam(event)) return fail({ code: 'forbidden' });
    const action = check(KioskActionSchema, value);
    if (!action.ok) {
      refuse(CHANNEL.perform, action.error.path);
      return fail({ code: 'bad-request', detail: action.error.path });
    }
    return gate.host.perform(action.value);
  });

  ipcMain.handle(CHANNEL.network, (event, value: unknown) => {
    if (!fromExam(event)) throw new Error('forbidden');
    const asked = check(NetworkAskSchema, value);
    if (!asked.ok) {
      // Without the path: nothing of what was typed may reach the log.
      refuse(CHANNEL.network, '/');
      return 'failed';
    }
    const { network } = gate;
    if (asked.value.do === 'look') return network.look();
    if (asked.value.do === 'reconnect') return network.reconnect();
    return network.join(asked.value.name, asked.value.password);
  });

  let unsubscribe: (() => void) | null = null;
  const onSubscribe = (event: IpcMainEvent) => {
    if (!fromExam(event)) return;
    // A reloaded page subscribes again; the view goes to one listener, the current page.
    unsubscribe?.();
    unsubscribe = gate.host.subscribe((view) => {
      if (!gate.contents.isDestroyed()) gate.contents.send(CHANNEL.view, view);
    });
  };
  const onCamera = (event: IpcMainEvent, value: unknown) => {
    if (!fromExam(event)) return;
    const sample = check(CameraSampleSchema, value);
    if (sample.ok) gate.host.reportCamera(sample.value);
    else refuse(CHANNEL.camera, sample.error.path);
  };
  const onStill = (event: IpcMainEvent, value: unknown) => {
    if (!fromExam(event)) return;
    const isJpeg =
      value instanceof Uint8Array && value.length > 3 && value[0] === 0xff && value[1] === 0xd8;
    if (isJpeg && value.length <= MAX_STILL_BYTES) gate.host.offerStill(new Uint8Array(value));
    else refuse(CHANNEL.still, '/');
  };
  const onIdentity = (event: IpcMainEvent, value: unknown) => {
    if (!fromExam(event)) return;
    const capture = check(FaceCaptureSchema, value);
    if (capture.ok) gate.host.reportIdentity(capture.value);
    else refuse(CHANNEL.identity, capture.error.path);
  };
  const onSignal = (event: IpcMainEvent, value: unknown) => {
    if (!fromExam(event)) return;
    const signal = check(PageSignalSchema, value);
    if (signal.ok) gate.onSignal(signal.value);
    else refuse(CHANNEL.signal, signal.error.path);
  };
  ipcMain.on(CHANNEL.subscribe, onSubscribe);
  ipcMain.on(CHANNEL.camera, onCamera);
  ipcMain.on(CHANNEL.still, onStill);
  ipcMain.on(CHANNEL.identity, onIdentity);
  ipcMain.on(CHANNEL.signal, onSignal);

  return () => {
    unsubscribe?.();
    ipcMain.removeHandler(CHANNEL.capabilities);
    ipcMain.removeHandler(CHANNEL.perform);
    ipcMain.removeHandler(CHANNEL.network);
    ipcMain.off(CHANNEL.subscribe, onSubscribe);
    ipcMain.off(CHANNEL.camera, onCamera);
    ipcMain.off(CHANNEL.still, onStill);
    ipcMain.off(CHANNEL.identity, onIdentity);
    ipcMain.off(CHANNEL.signal, onSignal);
  };
};
