import type { DeviceRow } from '#shared/wire/devices.ts';

/** Why a person should look at a device, and how the table can be narrowed. */
export const DEVICE_FILTERS = [
  'all',
  'blocked',
  'warnings',
  'not-allowed',
  'no-passport',
  'revoked',
] as const;
export type DeviceFilter = (typeof DEVICE_FILTERS)[number];

/** A revoked device counts as nothing else: it is out of the fleet. */
export const isIn = (device: DeviceRow, filter: DeviceFilter): boolean => {
  const { passport, revoked } = device;
  if (filter === 'revoked') return revoked !== null;
  if (revoked !== null) return false;
  switch (filter) {
    case 'all':
      return true;
    case 'blocked':
      return passport?.verdict === 'blocked';
    case 'warnings':
      return passport?.verdict === 'warnings';
    case 'not-allowed':
      return passport?.buildState === 'not-allowed';
    case 'no-passport':
      return passport === null;
  }
};

const ACCENTS = /\p{Diacritic}/gu;
const plain = (text: string): string =>
  text.normalize('NFD').replace(ACCENTS, '').toLocaleLowerCase('es');

/** Whether every word of the search is in the device's name, room, model or version. */
export const matchesDevice = (device: DeviceRow, search: string): boolean => {
  const { name, room, venue, passport } = device;
  const text = plain(
    [name, room?.name, venue, passport?.model, passport?.system, passport?.version].join(' '),
  );
  return plain(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
};

/** What needs a person first, then by name as people count (PC-2 before PC-10). */
export const sortDevices = (devices: readonly DeviceRow[]): readonly DeviceRow[] => {
  const order = new Intl.Collator('es', { numeric: true });
  const weight = ({ revoked, passport }: DeviceRow): number => {
    if (revoked !== null) return 3;
    if (passport?.verdict === 'blocked' || passport?.buildState === 'not-allowed') return 0;
    return passport === null || passport.verdict === 'warnings' ? 1 : 2;
  };
  return [...devices].sort((a, b) => weight(a) - weight(b) || order.compare(a.name, b.name));
};
