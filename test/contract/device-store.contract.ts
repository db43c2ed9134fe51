import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceStore } from '#shared/ports/ledger-store.port.ts';

/** One device's small values, as a contract opens them. */
export interface DeviceStorePlace {
  readonly store: DeviceStore;
  /** The process ends and another one opens the same place. */
  reopen(): Promise<DeviceStore>;
  destroy(): Promise<void>;
}

/** What every `DeviceStore` must do. */
export const deviceStoreContract = (
  name: string,
  makePlace: () => Promise<DeviceStorePlace>,
): void => {
  describe(`${name} as a device store`, () => {
    let place: DeviceStorePlace;
    beforeEach(async () => {
      place = await makePlace();
    });
    afterEach(() => place.destroy());

    it('has nothing at first', async () => {
      expect((await place.store.get('device')) ?? null).toBeNull();
      await place.store.delete('device');
    });

    it.each([
      ['text', 'ñandú 😀'],
      ['number', -12.5],
      ['list', [1, 'dos', null, { tres: true }]],
      ['object', { a: { b: [] }, c: '' }],
      ['false', false],
    ])('keeps a %s', async (_, value) => {
      await place.store.set('form:attempt-1', value);
      expect(await place.store.get('form:attempt-1')).toEqual(value);
      expect(await (await place.reopen()).get('form:attempt-1')).toEqual(value);
    });

    it('replaces and deletes one key and leaves the others', async () => {
      await place.store.set('a', 1);
      await place.store.set('b', 2);
      await place.store.set('a', 3);
      expect(await place.store.get('a')).toBe(3);
      await place.store.delete('a');
      expect((await place.store.get('a')) ?? null).toBeNull();
      expect(await place.store.get('b')).toBe(2);
      const again = await place.reopen();
      expect((await again.get('a')) ?? null).toBeNull();
      expect(await again.get('b')).toBe(2);
    });

    it('is not changed by what happens to a value afterwards', async () => {
      const value = { list: [1] };
      await place.store.set('a', value);
      value.list.push(2);
      expect(await place.store.get('a')).toEqual({ list: [1] });
    });
  });
};
