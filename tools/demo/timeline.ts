import type { Page } from '@playwright/test';
import { factOf } from '#shared/attempt/apply-entry.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { readKioskLedger } from './kiosk-ledger.ts';

/** How often the kiosk's ledger is looked at, ms. */
const LOOK_MS = 300;

const inWords = (entry: LedgerEntry): string | null => {
  const fact = factOf(entry);
  if (fact === null) return `desconocido: ${entry.type}`;
  switch (fact.type) {
    case 'incident-opened': {
      const { incident } = fact.data;
      return `incidencia ${incident.kind}${incident.counted ? ' (cuenta)' : ' (revisión)'}`;
    }
    case 'incident-closed':
      return `termina ${fact.data.incidentId}`;
    case 'copy-attempt':
      return `INTENTO DE COPIA ${fact.data.number}`;
    case 'warning-shown':
      return `aviso ${fact.data.kind}`;
    case 'attempt-closed':
      return `examen cerrado: ${fact.data.by}`;
    case 'observation':
      return `hecho ${fact.data.kind} ${fact.data.phase}`;
    case 'question-visited':
    case 'checkpoint':
      return null;
    default:
      return fact.type;
  }
};

/**
 * Prints what the kiosk records while it records it.
 * @returns a function that stops it.
 */
export const printTimeline = (page: Page, print: (line: string) => void): (() => Promise<void>) => {
  let running = true;
  const loop = async (): Promise<void> => {
    let seq = 0;
    while (running) {
      // A page that is loading answers at the next look.
      const entries = await readKioskLedger(page, seq).catch(() => []);
      for (const entry of entries) {
        seq = entry.seq;
        const text = inWords(entry);
        if (text !== null)
          print(
            `${(entry.t / 1_000).toFixed(1).padStart(7)} s  #${String(entry.seq).padEnd(4)} ${text}`,
          );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  const done = loop();
  return async () => {
    running = false;
    await done;
  };
};
