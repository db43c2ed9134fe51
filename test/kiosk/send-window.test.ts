import { describe, expect, it } from 'vitest';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { createSendWindow } from '#shared/kiosk/courier/send-window.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import { MemoryLedger } from '#test/support/fake/memory-stores.ts';

const attemptId = 'attempt-1' as AttemptId;
const entry = (seq: number, text = ''): LedgerEntry => ({
  attemptId,
  seq,
  t: seq,
  wall: seq,
  type: 'objection',
  data: { incidentId: 'x', text },
  previous: GENESIS,
  hash: String(seq).padStart(64, '0'),
});

const filled = async (count: number, text = ''): Promise<MemoryLedger> => {
  const ledger = new MemoryLedger();
  for (let seq = 1; seq <= count; seq += 1) await ledger.append(entry(seq, text));
  return ledger;
};
const windowOver = (ledger: MemoryLedger, localSeq: number) =>
  createSendWindow(ledger, attemptId, { localSeq, ackedSeq: 0 });
const span = (entries: readonly LedgerEntry[]) => [entries[0]?.seq, entries.at(-1)?.seq];

describe('the send window', () => {
  it('sends batches in order, and no more than the window holds', async () => {
    const sent: unknown[] = [];
    const window = windowOver(await filled(1_500), 1_500);
    const fill = () =>
      window.fill(
        (entries) => sent.push(span(entries)),
        () => true,
      );
    await fill();
    expect(sent).toEqual([
      [1, 200],
      [201, 400],
      [401, 600],
      [601, 800],
    ]);
    window.ack(300);
    await fill();
    expect(sent.slice(4)).toEqual([[801, 1_000]]);
    expect(window.pending()).toBe(1_200);
  });

  it('keeps messages under the size that a server reads', async () => {
    const sizes: number[] = [];
    const window = windowOver(await filled(200, 'ñ'.repeat(2_000)), 200);
    await window.fill(
      (entries) => sizes.push(Buffer.byteLength(JSON.stringify(entries))),
      () => true,
    );
    expect(Math.max(...sizes)).toBeLessThan(500 * 1_024);
    expect(sizes.length).toBeGreaterThan(1);
  });

  it('does not send after a rewind what was read before it', async () => {
    const ledger = await filled(400);
    const window = windowOver(ledger, 400);
    const sent: unknown[] = [];
    let rewound = false;
    const read = ledger.read.bind(ledger);
    ledger.read = async (...args) => {
      const page = await read(...args);
      if (!rewound && args[1] === 200) {
        rewound = true;
        window.rewind(100);
      }
      return page;
    };
    await window.fill(
      (entries) => sent.push(span(entries)),
      () => true,
    );
    expect(sent).toEqual([
      [1, 200],
      [101, 300],
      [301, 400],
    ]);
  });

  it('ignores acknowledgements of what was never written, and old ones', async () => {
    const window = windowOver(await filled(3), 3);
    expect(window.ack(9)).toBe(false);
    expect(window.ack(2)).toBe(true);
    expect(window.ack(1)).toBe(false);
    expect(window.acked()).toBe(2);
  });

  it('knows its own hashes', async () => {
    const window = windowOver(await filled(3), 3);
    await window.fill(
      () => undefined,
      () => true,
    );
    expect(window.agrees(3, entry(3).hash)).toBe(true);
    expect(window.agrees(3, 'f'.repeat(64))).toBe(false);
    expect(await window.hashAt(2)).toBe(entry(2).hash);
    expect(await window.hashAt(0)).toBeNull();
    expect(await window.hashAt(7)).toBeNull();
  });
});
