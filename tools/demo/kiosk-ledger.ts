import type { Page } from '@playwright/test';
import type { LedgerEntry } from '#shared/ledger/entry.ts';

/**
 * Reads the kiosk's own ledger where it really is: the IndexedDB of its page.
 * @returns entries with seq > `afterSeq`, in order.
 */
export const readKioskLedger = (page: Page, afterSeq: number): Promise<readonly LedgerEntry[]> =>
  page.evaluate(async (after) => {
    // Opening a database that is not there yet would make an empty one in the kiosk's place.
    const there = await indexedDB.databases();
    if (!there.some(({ name }) => name === 'atalaya-kiosk')) return [];
    return new Promise<LedgerEntry[]>((resolve, reject) => {
      const opening = indexedDB.open('atalaya-kiosk');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const database = opening.result;
        if (!database.objectStoreNames.contains('entries')) {
          database.close();
          return resolve([]);
        }
        const reading = database.transaction('entries').objectStore('entries').getAll();
        reading.onerror = () => reject(reading.error);
        reading.onsuccess = () => {
          database.close();
          const entries = reading.result as LedgerEntry[];
          resolve(entries.filter((entry) => entry.seq > after).sort((a, b) => a.seq - b.seq));
        };
      };
    });
  }, afterSeq);
