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
  /** Whether the next worker that is in charge is a newer one: another was, or this page asked it to take over. */
  let served = serviceWorker.controller !== null;
  /** Whether the files of the version that this page came with are gone: it must come anew before it needs one. */
  let outdated = false;
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

  /** A worker that is asked may be stopped before it hears: as long as it waits, it is asked again. */
  const letIn = (): void => {
    if (view === null || !atDoor(view) || !nothingTyped()) return;
    if (outdated) location.reload();
    else if (registration?.waiting != null) {
      served = true;
      tell(registration.waiting, { type: 'take-over' });
    }
  };

  const register = async (): Promise<void> => {
    const scope = new URL(SCOPE, location.href);
    try {
      registration = await serviceWorker.register(new URL(WORKER, location.href), {
        scope: scope.pathname,
        updateViaCache: 'none',
      });
    } catch (failure) {
      console.warn('atalaya: no start off line', failure);
      // What an earlier start has registered serves all the same, also without a network.
      registration = (await serviceWorker.getRegistration(scope).catch(() => null)) ?? null;
    }
    hold();
    letIn();
  };

  const look = (): void => {
    letIn();
    if (view === null || !atDoor(view) || performance.now() - looked < LOOK_MS) return;
    looked = performance.now();
    if (registration === null) void register();
    else registration.update().catch(() => undefined);
  };

  serviceWorker.addEventListener('controllerchange', () => {
    outdated ||= served;
    served = true;
    held = null;
    hold();
    letIn();
  });
  host.subscribe((next) => {
    view = next;
    hold();
  });
  setInterval(look, IDLE_LOOK_MS);
  void register().then(async () => {
    await serviceWorker.ready;
    hold();
  });
};
