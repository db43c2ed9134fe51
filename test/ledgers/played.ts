import { sealEntry } from '#shared/chain/chain.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { Limits, SensorTells } from '#shared/ports/sensor.port.ts';
import type { Bundle } from '#shared/wire/http.ts';
import type { FakeExam } from '#test/support/fake/fake-exam.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { fakeDigest } from '#test/support/fake/fake-key.ts';
import { HOSTS } from './hosts.ts';

export type HostName = keyof typeof HOSTS;

/** A world of one host, with a hand on the ticket's policy and on what the sensor says about itself. */
export class PlayedWorld extends FakeWorld {
  limit: (limits: Limits) => void = () => undefined;

  override deps(): EngineDeps {
    return { ...super.deps(), capabilities: HOSTS.electron };
  }

  /** What lasts at least as long as its kind asks for, or happens; then some seconds without anything. */
  async observe(kind: Parameters<FakeWorld['sensor']['begin']>[0], lastsMs: number): Promise<void> {
    if (lastsMs === 0) this.sensor.happen(kind);
    else {
      this.sensor.begin(kind);
      await this.time.advance(lastsMs);
      this.sensor.end(kind);
    }
    await this.time.advance(8_000);
  }

  order(command: Parameters<FakeWorld['server']['command']>[1]): void {
    this.server.command(this.attemptId, command);
  }

  /** The last counted act that stands. */
  standing() {
    return this.view.attempt?.incidents.findLast(
      ({ copyAttempt, dismissed }) => copyAttempt !== null && dismissed === null,
    );
  }
}

class WebWorld extends PlayedWorld {
  override deps(): EngineDeps {
    return { ...super.deps(), capabilities: HOSTS.web };
  }
}

/** @param change what is different about the policy that the ticket gives. */
export const playedWorld = (
  host: HostName,
  exam: FakeExam = {},
  change: (policy: Policy) => Policy = (policy) => policy,
): PlayedWorld => {
  const world = host === 'web' ? new WebWorld(exam) : new PlayedWorld(exam);
  const { request } = world.server.api;
  (world.server.api as { request: typeof request }).request = async (...asked) => {
    const answer = await request(...asked);
    const given = answer.ok ? (answer.value as { ticket?: { policy: Policy } }) : {};
    if (given.ticket !== undefined) given.ticket.policy = change(given.ticket.policy);
    return answer;
  };
  const { start } = world.sensor;
  world.sensor.start = (emit, tell?: SensorTells) => {
    world.limit = (limits) => tell?.limited(limits);
    start.call(world.sensor, emit);
  };
  return world;
};

/** The attempt as a server would export it. */
export const bundleOf = async (world: PlayedWorld): Promise<Bundle> => {
  const stored = [...world.ledger.evidence.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return {
    format: 'atalaya-bundle-1',
    exportedAt: world.time.now(),
    attemptId: world.attemptId,
    publicKey: await world.key.publicKey(),
    entries: structuredClone(world.entries),
    evidence: Object.fromEntries(
      stored.map(({ hash, mime, bytes }) => [
        hash,
        { mime, base64: Buffer.from(bytes).toString('base64') },
      ]),
    ),
  };
};

/** Seals changed entries anew with the world's key, as a kiosk that lies would. */
export const reseal = async (
  world: PlayedWorld,
  entries: readonly LedgerEntry[],
): Promise<LedgerEntry[]> => {
  const sealed: LedgerEntry[] = [];
  for (const entry of entries) {
    const draft = { ...entry, seq: sealed.length + 1 };
    const previous = sealed.at(-1)?.hash ?? GENESIS;
    sealed.push(await sealEntry(draft, previous, { digest: fakeDigest, key: world.key }));
  }
  return sealed;
};
