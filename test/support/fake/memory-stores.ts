import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { DeviceStore, LedgerStore, StoredEvidence } from '#shared/ports/ledger-store.port.ts';

const NEVER = new Promise<never>(() => undefined);

/** How a storage is gone: it refuses, or it never answers. */
export interface StorageFault {
  readonly writes: 'reject' | 'hang';
  readonly reads: 'work' | 'reject' | 'hang';
}

const failing = async (how: 'work' | 'reject' | 'hang' | undefined): Promise<void> => {
  if (how === 'hang') await NEVER;
  if (how === 'reject') throw new Error('disk full');
};

/** A ledger in memory that survives the engine, and fails or loses power on request. */
export class MemoryLedger implements LedgerStore {
  readonly entries = new Map<string, LedgerEntry[]>();
  readonly evidence = new Map<string, StoredEvidence & { sent: boolean }>();
  appends = 0;
  /** As long as it is set. */
  fault: StorageFault | null = null;
  #failures: ('before' | 'after')[] = [];
  #powerOffAt = Number.POSITIVE_INFINITY;
  #onAppend: (entry: LedgerEntry) => void = () => undefined;
  #onPowerOff: () => void = () => undefined;

  /** The next appends fail, before or after the entry was stored. */
  failNext(...when: readonly ('before' | 'after')[]): void {
    this.#failures.push(...when);
  }

  /** Power goes off when `appends` entries were stored: nothing is stored or answered after that. */
  powerOffAfter(appends: number): void {
    this.#powerOffAt = appends;
  }

  /** What else goes off with the power. */
  onPowerOff(listener: () => void): void {
    this.#onPowerOff = listener;
  }

  powerOn(): void {
    this.#powerOffAt = Number.POSITIVE_INFINITY;
  }

  get powerIsOff(): boolean {
    return this.appends >= this.#powerOffAt;
  }

  onAppend(listener: (entry: LedgerEntry) => void): void {
    this.#onAppend = listener;
  }

  of(attemptId: string): LedgerEntry[] {
    return this.entries.get(attemptId) ?? [];
  }

  async append(entry: LedgerEntry): Promise<void> {
    await failing(this.fault?.writes);
    if (this.powerIsOff) await NEVER;
    const failure = this.#failures.shift();
    if (failure === 'before') throw new Error('disk full');
    const list = this.of(entry.attemptId);
    if (list.some(({ seq }) => seq === entry.seq)) throw new Error('already there');
    this.entries.set(entry.attemptId, [...list, structuredClone(entry)]);
    this.appends += 1;
    this.#onAppend(entry);
    if (this.powerIsOff) {
      this.#onPowerOff();
      await NEVER;
    }
    if (failure === 'after') throw new Error('answer lost');
  }

  async read(attemptId: AttemptId, afterSeq: number, limit: number): Promise<LedgerEntry[]> {
    await failing(this.fault?.reads);
    if (this.powerIsOff) await NEVER;
    return structuredClone(
      this.of(attemptId)
        .filter(({ seq }) => seq > afterSeq)
        .slice(0, limit),
    );
  }

  async putEvidence(evidence: StoredEvidence): Promise<void> {
    await failing(this.fault?.writes);
    if (this.powerIsOff) await NEVER;
    const key = `${evidence.attemptId} ${evidence.hash}`;
    if (!this.evidence.has(key)) {
      this.evidence.set(key, { ...structuredClone(evidence), sent: false });
    }
  }

  async unsentEvidence(attemptId: AttemptId, limit: number): Promise<StoredEvidence[]> {
    await failing(this.fault?.reads);
    return [...this.evidence.values()]
      .filter((one) => one.attemptId === attemptId && !one.sent)
      .slice(0, limit)
      .map(({ sent: _, ...one }) => structuredClone(one));
  }

  async evidenceSent(attemptId: AttemptId, hash: string): Promise<void> {
    await failing(this.fault?.writes);
    const one = this.evidence.get(`${attemptId} ${hash}`);
    if (one !== undefined) one.sent = true;
  }
}

/** The device's small values in memory. */
export class MemoryDeviceStore implements DeviceStore {
  readonly values = new Map<string, unknown>();
  /** As long as it is set. */
  fault: StorageFault | null = null;
  #failures = 0;

  failNext(times: number): void {
    this.#failures += times;
  }

  #mayFail(): void {
    if (this.#failures === 0) return;
    this.#failures -= 1;
    throw new Error('disk full');
  }

  async get(key: string): Promise<unknown> {
    await failing(this.fault?.reads);
    return structuredClone(this.values.get(key));
  }

  async set(key: string, value: unknown): Promise<void> {
    await failing(this.fault?.writes);
    this.#mayFail();
    this.values.set(key, structuredClone(value));
  }

  async delete(key: string): Promise<void> {
    await failing(this.fault?.writes);
    this.#mayFail();
    this.values.delete(key);
  }
}
