import type { Page } from '@playwright/test';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { HostCapabilities, KioskAction } from '#shared/wire/kiosk-view.ts';
import type { Delivery, HostPage } from './host-page/host-page.ts';

/** The machine may be busy with something else, ms. */
const PATIENCE_MS = 30_000;

/**
 * The host of a running page (`host-page/`) for a test outside of it. It adds nothing to the host and hides
 * nothing: views arrive in the page's order and never after an answer that they came before; what the host
 * still delivers to a subscriber that has stopped is delivered here too.
 */
export class HostInPage implements KioskHost {
  readonly #page: Page;
  readonly #subscribers = new Map<number, { listener(view: KioskView): void; stopped: boolean }>();
  #lastSubscriber = 0;
  /** Calls that nobody waits for, until `pull` does. */
  #sent: Promise<unknown>[] = [];

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Waits for the page's host. */
  static async of(page: Page): Promise<HostInPage> {
    await page.waitForFunction(() => globalThis.hostPage !== undefined, undefined, {
      timeout: PATIENCE_MS,
    });
    return new HostInPage(page);
  }

  capabilities(): Promise<HostCapabilities> {
    return this.#page.evaluate(() => (globalThis.hostPage as HostPage).capabilities());
  }

  subscribe(listener: (view: KioskView) => void): () => void {
    this.#lastSubscriber += 1;
    const id = this.#lastSubscriber;
    const subscriber = { listener, stopped: false };
    this.#subscribers.set(id, subscriber);
    this.#send(this.#page.evaluate((one) => globalThis.hostPage?.subscribe(one), id));
    return () => {
      subscriber.stopped = true;
      this.#send(this.#page.evaluate((one) => globalThis.hostPage?.stop(one), id));
    };
  }

  async perform(action: KioskAction): Promise<Result<null, Problem>> {
    const { outcome, deliveries } = await this.#page.evaluate(
      (wanted) => (globalThis.hostPage as HostPage).perform(wanted),
      action,
    );
    this.#deliver(deliveries);
    return outcome;
  }

  reportCamera(sample: CameraSample): void {
    this.#send(this.#page.evaluate((one) => globalThis.hostPage?.reportCamera(one), sample));
  }

  reportIdentity(capture: FaceCapture): void {
    this.#send(this.#page.evaluate((one) => globalThis.hostPage?.reportIdentity(one), capture));
  }

  offerStill(jpeg: Uint8Array): void {
    this.#send(this.#page.evaluate((one) => globalThis.hostPage?.offerStill(one), [...jpeg]));
  }

  /** Fetches what the host has delivered in the meantime. @throws what a call that nobody waited for threw. */
  async pull(): Promise<void> {
    const sent = this.#sent;
    this.#sent = [];
    await Promise.all(sent);
    this.#deliver(await this.#page.evaluate(() => (globalThis.hostPage as HostPage).take()));
  }

  #send(call: Promise<unknown>): void {
    // Until `pull` waits for it, its failure is nobody's.
    call.catch(() => undefined);
    this.#sent.push(call);
  }

  #deliver(deliveries: readonly Delivery[]): void {
    for (const { subscriber: id, view, late } of deliveries) {
      const subscriber = this.#subscribers.get(id);
      // What was on its way here when the subscriber stopped is this class's own delay.
      if (subscriber !== undefined && (!subscriber.stopped || late)) subscriber.listener(view);
    }
  }
}
