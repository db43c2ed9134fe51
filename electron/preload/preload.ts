import { contextBridge, ipcRenderer } from 'electron';
import { CLIPBOARD_EVENTS, createOwnText, incomingText } from '#shared/kiosk/machine/own-text.ts';
import { CHANNEL, type PageSignal } from '#shared/wire/host-ipc.ts';

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
  reportIdentity: (capture: unknown): void => ipcRenderer.send(CHANNEL.identity, capture),
  network: (asked: unknown): Promise<unknown> => ipcRenderer.invoke(CHANNEL.network, asked),
};

contextBridge.exposeInMainWorld('atalaya', bridge);

const tell = (signal: PageSignal): void => ipcRenderer.send(CHANNEL.signal, signal);
const first = { capture: true } as const;

const own = createOwnText((field) =>
  (field as EventTarget).dispatchEvent(new Event('input', { bubbles: true })),
);

// Blocked and reported here, where a tampered page cannot reach (Art. 29r). What was copied is kept nowhere.
for (const action of CLIPBOARD_EVENTS) {
  window.addEventListener(
    action,
    (event) => {
      event.preventDefault();
      const incoming = () => incomingText((event as ClipboardEvent).clipboardData);
      if (own.isFact(action, event.target, incoming))
        tell({ kind: 'clipboard', facts: { action } });
    },
    first,
  );
}
window.addEventListener('dragover', (event) => event.preventDefault(), first);
window.addEventListener('contextmenu', (event) => event.preventDefault(), first);
// A print dialog cannot be stopped from here; what it would print can.
window.addEventListener(
  'beforeprint',
  () => {
    document.documentElement.hidden = true;
    tell({ kind: 'print', facts: { dialog: true } });
  },
  first,
);
window.addEventListener(
  'afterprint',
  () => {
    document.documentElement.hidden = false;
  },
  first,
);
window.addEventListener(
  'wheel',
  (event) => {
    if (event.ctrlKey) event.preventDefault();
  },
  { capture: true, passive: false },
);
// The page has no such field. The system's dialog for files would be a way to its programs.
window.addEventListener(
  'click',
  (event) => {
    const field = event.composedPath()[0];
    if (!(field instanceof HTMLInputElement) || field.type !== 'file') return;
    event.preventDefault();
    tell({ kind: 'outside-input', facts: { shortcut: 'file-dialog' } });
  },
  first,
);
