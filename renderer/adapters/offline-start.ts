import { type ToServiceWorker, VERSION_META } from '#renderer/service-worker/page-messages.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';

/** The worker serves the kiosk's page and what it loads, which lie beside it under the same root. */
const WORKER = '../sw.js';
const SCOPE = '../';
/** A kiosk stays open for days: a newer version is looked for this often while nobody is at an exam, ms. */
const LOOK_MS = 30 * 60_000;
/** Whether the sign-in screen is free of half-typed text is asked this often while a version waits, ms. */
const IDLE_LOOK_MS = 5_000;

const atDoor = ({ stage }: KioskView): boolean =>
  stage === 'signed-out' || stage === 'not-enrolled';

const pageVersion = (): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${VERSION_META}"]`)?.content ?? '';

const nothingTyped = (): boolean =>
  [...document.querySelectorAll('input')].every(
    ({ type, value }) => type === 'radio' || type === 'checkbox' || value === '',
  );

/**
 * Lets this page start without a network, and lets newer versions in only while nobody is at an exam: at the
 * sign-in screen with nothing typed. Browsers without service workers just do not start off line.
 */
export const keepForOfflineStart = (host: KioskHost): void => {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  let registration: ServiceWorkerRegistration | null = null;
  let view: KioskView | null = null;
  let held: boolean | null = null;
  let takingOver = false;
  let looked = performance.now();

  const tell = (worker: ServiceWorker | null, message: ToServiceWorker): void =>
    worker?.postMessage(message);

  /** A reload during the attempt shows the page that it was begun with. */
  const hold = (): void => {
    if (view === null || view.stage === 'starting' || registration?.active == null) return;
    const on = view.stage === 'attempt' && view.attempt?.phase !== 'closed';
    if (on === held) return;
    held = on;
    tell(registration.active, on ? { type: 'hold', version: pageVersion() } : { type: 'release' });
  };

  const letIn = (): void => {
    if (view === null || !atDoor(view) || takingOver) return;
    if (registration?.waiting == null || !nothingTyped()) return;
    takingOver = true;
    tell(registration.waiting, { type: 'take-over' });
  };

  const look = (): void => {
    letIn();
    if (view === null || !atDoor(view) || performance.now() - looked < LOOK_MS) return;
    looked = performance.now();
    registration?.update().catch(() => undefined);
  };

  // The files of the version that this page came with are gone: it must come anew before it needs one.
  serviceWorker.addEventListener('controllerchange', () => {
    if (takingOver) location.reload();
    held = null;
    hold();
  });
  host.subscribe((next) => {
    view = next;
    hold();
  });
  setInterval(look, IDLE_LOOK_MS);
  serviceWorker
    .register(new URL(WORKER, location.href), {
      scope: new URL(SCOPE, location.href).pathname,
      updateViaCache: 'none',
    })
    .then(async (made) => {
      registration = made;
      await serviceWorker.ready;
      hold();
      look();
    })
    .catch((failure: unknown) => console.warn('atalaya: no start off line', failure));
};
