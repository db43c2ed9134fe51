import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceKey, SignatureCheck } from '#shared/ports/digest.port.ts';

/** One device's key, as a contract opens it. */
export interface DeviceKeyPlace {
  readonly key: DeviceKey;
  /** The process ends and another one opens the same device. */
  reopen(): Promise<DeviceKey>;
  destroy(): Promise<void>;
}

/**
 * What every `DeviceKey` must do.
 * @param check verifies Ed25519 signatures, independently of the key under test.
 */
export const deviceKeyContract = (
  name: string,
  makePlace: () => Promise<DeviceKeyPlace>,
  check: SignatureCheck,
): void => {
  describe(`${name} as a device key`, () => {
    let place: DeviceKeyPlace;
    beforeEach(async () => {
      place = await makePlace();
    });
    afterEach(() => place.destroy());

    it('tells a raw public key, always the same', async () => {
      const publicKey = await place.key.publicKey();
      expect(publicKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(await place.key.publicKey()).toBe(publicKey);
      expect(await (await place.reopen()).publicKey()).toBe(publicKey);
    });

    it.each(['', 'a'.repeat(64), 'ñandú 😀', 'x'.repeat(10_000)])(
      'signs what verifies, and only that',
      async (text) => {
        const publicKey = await place.key.publicKey();
        const signature = await place.key.sign(text);
        expect(signature).toMatch(/^[A-Za-z0-9_-]{86}$/);
        expect(await check.verify(publicKey, text, signature)).toBe(true);
        expect(await check.verify(publicKey, `${text}.`, signature)).toBe(false);
      },
    );

    it('signs alike after a restart', async () => {
      const signature = await place.key.sign('hash');
      // Ed25519 is deterministic: the same key gives the same signature.
      expect(await (await place.reopen()).sign('hash')).toBe(signature);
    });

    it('is another one on another device', async () => {
      const other = await makePlace();
      try {
        expect(await other.key.publicKey()).not.toBe(await place.key.publicKey());
        const forged = await other.key.sign('hash');
        expect(await check.verify(await place.key.publicKey(), 'hash', forged)).toBe(false);
      } finally {
        await other.destroy();
      }
    });
  });
};
