import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, type Result } from '#shared/kernel/result.ts';
import { bareView } from '#shared/kiosk/view.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { HostCapabilities, KioskAction } from '#shared/wire/kiosk-view.ts';

/** The lock's name in the browser profile. */
const LOCK = 'atalaya-kiosk';
/** A page that goes away (a reload) lets go within a moment; only then this one says that it waits, ms. */
const HANDOVER_MS = 1_000;

interface Listening {
  readonly listener: (view: KioskView) => void;
  stop(): void;
}

/** Stands for the host while another page has it, and passes everything on once this page does. */
class WaitingHost implements KioskHost {
  readonly #capabilities: HostCapabilities;
  readonly #listening = new Set<Listening>();
  #host: KioskHost | null = null;
  #view: KioskView = bareView({ code: 'already-open-elsewhere' });

  constructor(capabilities: HostCapabilities) {
    this.#capabilities = capabilities;
  }

  takeOver(host: KioskHost): void {
    this.#host = host;
    for (const one of this.#listening) one.stop = host.subscribe(one.listener);
  }

  failed(): void {
    this.#view = bareView({ code: 'storage-failed' });
    for (const { listener } of this.#listening) listener(this.#view);
  }

  async capabilities(): Promise<HostCapabilities> {
    return this.#capabilities;
  }

  subscribe(listener: (view: KioskView) => void): () => void {
    if (this.#host !== null) return this.#host.subscribe(listener);
    const one: Listening = { listener, stop: () => undefined };
    this.#listening.add(one);
    listener(this.#view);
    return () => {
      this.#listening.delete(one);
      one.stop();
    };
  }

  async perform(action: KioskAction): Promise<Result<null, Problem>> {
    return this.#host === null
      ? fail({ code: 'already-open-elsewhere' })
      : this.#host.perform(action);
  }

  reportCamera(sample: Parameters<KioskHost['reportCamera']>[0]): void {
    this.#host?.reportCamera(sample);
  }

  reportIdentity(capture: FaceCapture): void {
    this.#host?.reportIdentity(capture);
  }

  offerStill(jpeg: Uint8Array): void {
    this.#host?.offerStill(jpeg);
  }
}

/**
 * One host per browser profile: two pages on one ledger would write two chains. The first page opens it
 * and keeps it while it lives; any other says `already-open-elsewhere` and takes over when the first is gone.
 * @param capabilities what the host will be able to do, also told while waiting.
 * @param open puts the host together; runs at most once, and in no other page at the same time.
 * @throws what `open` throws, when this page is the first.
 */
export const openSoleHost = (
  capabilities: HostCapabilities,
  open: () => Promise<KioskHost>,
): Promise<KioskHost> =>
  new Promise((resolve, reject) => {
    let waiting: WaitingHost | null = null;
    const patience = setTimeout(() => {
      waiting = new WaitingHost(capabilities);
      resolve(waiting);
    }, HANDOVER_MS);
    const held = async (): Promise<void> => {
      clearTimeout(patience);
      try {
        const host = await open();
        if (waiting === null) resolve(host);
        else waiting.takeOver(host);
      } catch (failure) {
        if (waiting === null) return reject(failure);
        console.error('atalaya: the host did not open', failure);
        return waiting.failed();
      }
      // Held until the page goes away.
      await new Promise<never>(() => undefined);
    };
    navigator.locks.request(LOCK, held).catch(reject);
  });
