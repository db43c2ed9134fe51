import type { Requirement } from '#shared/wire/kiosk-view.ts';
import type { KioskStorage } from '../adapters/kiosk-storage.ts';

/** What the sensors do not check themselves. */
export const deviceChecks = (): readonly Requirement[] => [
  { id: 'computer', outcome: 'ok', blocks: true },
];

/** Informs: an exam goes on without a key store, and the proctor's side knows from the passport. */
export const keyStoreRequirement = ({
  keyStore,
  bound,
}: Pick<KioskStorage, 'keyStore' | 'bound'>): Requirement => {
  if (keyStore !== 'file') return { id: 'key-store', outcome: 'ok', blocks: false };
  return {
    id: 'key-store',
    outcome: 'failed',
    cause: bound ? 'file' : 'unbound',
    blocks: false,
  };
};
