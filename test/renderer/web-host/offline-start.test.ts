import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepForOfflineStart } from '#renderer/adapters/offline-start.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';

/** The sign-in screen is looked at this often. */
const LOOK_MS = 5_000;

/** As much of a browser as the page's side of it uses. */
class FakeWorkers extends EventTarget {
  controller: object | null = {};
  readonly heard: unknown[] = [];
  readonly worker = (name: string) => ({
    postMessage: (message: object) => this.heard.push({ to: name, ...message }),
  });
  readonly registration = {
    active: this.worker('active') as object | null,
    waiting: null as object | null,
    update: vi.fn(async () => undefined),
  };
  ready = Promise.resolve(this.registration);
  register = vi.fn(async (): Promise<object> => this.registration);
  getRegistration = vi.fn(async (): Promise<object | undefined> => this.registration);
  takeOver(): void {
    this.registration.waiting = null;
    this.controller = {};
    this.dispatchEvent(new Event('controllerchange'));
  }
}

let workers: FakeWorkers;
let reload: ReturnType<typeof vi.fn>;
let fields: { type: string; value: string }[];
let show: (view: Pick<KioskView, 'stage'>) => void;

beforeEach(() => {
  vi.useFakeTimers();
  workers = new FakeWorkers();
  reload = vi.fn();
  fields = [
    { type: 'radio', value: 'es' },
    { type: 'text', value: '' },
  ];
  vi.stubGlobal('navigator', { serviceWorker: workers });
  vi.stubGlobal('location', { href: 'https://examenes.edu.ec/kiosk/', reload });
  vi.stubGlobal('document', {
    querySelector: () => ({ content: '1'.repeat(16) }),
    querySelectorAll: () => fields,
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const start = async (stage: KioskView['stage'] = 'signed-out') => {
  const host: Pick<KioskHost, 'subscribe'> = {
    subscribe: (listener) => {
      show = (view) => listener(view as KioskView);
      return () => undefined;
    },
  };
  keepForOfflineStart(host as KioskHost);
  show({ stage });
  await vi.advanceTimersByTimeAsync(0);
};
const pass = (ms = LOOK_MS) => vi.advanceTimersByTimeAsync(ms);
const askedToTakeOver = () =>
  workers.heard.filter((one) => (one as { type: string }).type === 'take-over').length;
const waits = () => {
  workers.registration.waiting = workers.worker('waiting');
};

describe('a newer version', () => {
  test('is asked in again as long as it waits: it may be stopped before it hears', async () => {
    await start();
    waits();
    await pass();
    await pass();
    expect(askedToTakeOver()).toBe(2);
    expect(reload).not.toHaveBeenCalled();
    workers.takeOver();
    expect(reload).toHaveBeenCalledOnce();
    await pass();
    expect(askedToTakeOver()).toBe(2);
  });

  test.each<[string, () => void]>([
    ['something is typed', () => fields.push({ type: 'text', value: '09' })],
    ['somebody is at an exam', () => show({ stage: 'attempt' })],
  ])('waits while %s', async (_name, happens) => {
    await start();
    waits();
    happens();
    await pass(4 * LOOK_MS);
    expect(askedToTakeOver()).toBe(0);
  });

  test('that took over by itself makes the page come anew, once nothing is typed', async () => {
    await start();
    fields.push({ type: 'text', value: '09' });
    workers.takeOver();
    await pass();
    expect(reload).not.toHaveBeenCalled();
    fields.pop();
    await pass();
    expect(reload).toHaveBeenCalled();
  });

  test('that took over during an exam lets it be until it is over', async () => {
    await start('attempt');
    workers.takeOver();
    await pass(10 * LOOK_MS);
    expect(reload).not.toHaveBeenCalled();
    show({ stage: 'signed-out' });
    await pass();
    expect(reload).toHaveBeenCalled();
  });

  test.each([
    ['the first worker of all is no newer one', false, 0],
    ['one that this page asked in is one, whoever was in charge', true, 1],
  ])('%s', async (_name, asked, times) => {
    workers.controller = null;
    await start();
    if (asked) {
      waits();
      await pass();
    }
    workers.takeOver();
    expect(reload).toHaveBeenCalledTimes(times);
  });
});

describe('a registration that fails', () => {
  const fails = () => workers.register.mockRejectedValueOnce(new TypeError('no network'));

  test('leaves what an earlier start registered: the attempt’s version is held, a newer one comes', async () => {
    fails();
    await start('attempt');
    expect(workers.heard).toContainEqual({ to: 'active', type: 'hold', version: '1'.repeat(16) });
    show({ stage: 'signed-out' });
    waits();
    await pass();
    expect(askedToTakeOver()).toBe(1);
  });

  test('where there is none, it is tried again', async () => {
    fails();
    workers.getRegistration.mockResolvedValueOnce(undefined);
    await start();
    expect(workers.register).toHaveBeenCalledTimes(1);
    await pass(30 * 60_000 + LOOK_MS);
    expect(workers.register).toHaveBeenCalledTimes(2);
    await pass(30 * 60_000 + LOOK_MS);
    expect(workers.register).toHaveBeenCalledTimes(2);
    expect(workers.registration.update).toHaveBeenCalled();
  });
});
