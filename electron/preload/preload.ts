import { contextBridge, ipcRenderer } from 'electron';
import { CHANNEL } from '#shared/wire/host-ipc.ts';

/**
 * Everything that the page may ask of the machine, by name. Runs sandboxed in its own world; the main
 * process checks the sender and the schema of each call again.
 */
const bridge = {
  capabilities: (): Promise<unknown> => ipcRenderer.invoke(CHANNEL.capabilities),
  perform: (action: unknown): Promise<unknown> => ipcRenderer.invoke(CHANNEL.perform, action),
  subscribe: (listener: (view: unknown) => void): (() => void) => {
    const onView = (_event: unknown, view: unknown) => listener(view);
    ipcRenderer.on(CHANNEL.view, onView);
    ipcRenderer.send(CHANNEL.subscribe);
    return () => ipcRenderer.off(CHANNEL.view, onView);
  },
  reportCamera: (sample: unknown): void => ipcRenderer.send(CHANNEL.camera, sample),
  offerStill: (jpeg: Uint8Array): void => ipcRenderer.send(CHANNEL.still, jpeg),
};
export type KioskBridge = typeof bridge;

contextBridge.exposeInMainWorld('atalaya', bridge);

// Blocked and reported here, where a tampered page cannot reach (Art. 29r). What was copied is never read.
for (const action of ['copy', 'cut', 'paste', 'dragstart', 'drop'] as const) {
  window.addEventListener(
    action,
    (event) => {
      event.preventDefault();
      ipcRenderer.send(CHANNEL.signal, { kind: 'clipboard', facts: { action } });
    },
    { capture: true },
  );
}
window.addEventListener('dragover', (event) => event.preventDefault(), { capture: true });
