import { describe, it } from 'vitest';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { deviceKeyContract } from '#test/contract/device-key.contract.ts';
import { deviceStoreContract } from '#test/contract/device-store.contract.ts';
import {
  type FaceKioskWorld,
  faceKioskContract,
  kioskHostContract,
} from '#test/contract/kiosk-host.contract.ts';
import { ledgerStoreContract } from '#test/contract/ledger-store.contract.ts';
import { templateFor } from '#test/support/fake/face-capture.ts';
import type { FakeExam } from '#test/support/fake/fake-exam.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { fakeSignatureCheck, MemoryDeviceKey } from '#test/support/fake/fake-key.ts';
import { FAKE_CODE, FAKE_SECRET } from '#test/support/fake/fake-server.ts';
import { MemoryDeviceStore, MemoryLedger } from '#test/support/fake/memory-stores.ts';

/** Memory is its own place: it is gone with the test, and stays when "another process" opens it. */
const place = <K extends string, T>(name: K, value: T) =>
  ({ [name]: value, reopen: async () => value, destroy: async () => undefined }) as {
    readonly [key in K]: T;
  } & { reopen(): Promise<T>; destroy(): Promise<void> };

ledgerStoreContract('MemoryLedger', async () => place('store', new MemoryLedger()));
deviceStoreContract('MemoryDeviceStore', async () => place('store', new MemoryDeviceStore()));
deviceKeyContract(
  'MemoryDeviceKey',
  async () => place('key', new MemoryDeviceKey()),
  fakeSignatureCheck,
);

const fakeKioskWorld = (exam: FakeExam = {}): FaceKioskWorld => {
  const world = new FakeWorld(exam);
  // The contract's own samples are the camera.
  world.faces = null;
  return {
    policy: DEFAULT_POLICY,
    open: async () => {
      await world.start();
      return world.engine;
    },
    reopen: async () => {
      await world.crash();
      return world.engine;
    },
    pass: (ms) => world.time.advance(ms),
    code: async () => FAKE_CODE,
    examinee: async () => ({ document: world.document, secret: FAKE_SECRET }),
    faceExaminee: async () => ({ document: world.document, secret: FAKE_SECRET, person: 1 }),
    cut: async () => world.server.cut(),
    restore: async () => world.server.restore(),
    stored: async (attemptId) => world.server.of(attemptId),
    order: async (attemptId, command) => {
      world.server.command(attemptId, command);
    },
  };
};

describe('the engine on fakes as a kiosk host', () => {
  for (const step of kioskHostContract) it(step.name, () => step.run(fakeKioskWorld()));
});

describe('the engine on fakes as a kiosk host with faces', () => {
  const exam: FakeExam = {
    identity: { check: 'face', enrolled: true, challenge: true },
    template: templateFor(1),
  };
  for (const step of faceKioskContract) it(step.name, () => step.run(fakeKioskWorld(exam)));
});
