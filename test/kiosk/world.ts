import { expect } from 'vitest';
import { replayIncidents } from '#shared/attempt/replay.ts';
import { verifyChain } from '#shared/chain/verify.ts';
import type { FakeWorld } from '#test/support/fake/fake-host.ts';
import { fakeDigest, fakeSignatureCheck } from '#test/support/fake/fake-key.ts';

export const HOUR_MS = 60 * 60_000;

/** The chain stands, the rules agree with it, and nothing in it happened twice. */
export const expectSound = async (world: FakeWorld): Promise<void> => {
  const { entries } = world;
  const tools = {
    digest: fakeDigest,
    signatures: fakeSignatureCheck,
    publicKey: await world.key.publicKey(),
  };
  expect(await verifyChain(entries, tools)).toEqual({ valid: true, entries: entries.length });
  expect(replayIncidents(entries)).toEqual({ ok: true });
  const once = (type: string, key: (data: Record<string, unknown>) => unknown) => {
    const keys = entries.filter((e) => e.type === type).map((e) => JSON.stringify(key(e.data)));
    expect(new Set(keys).size, type).toBe(keys.length);
  };
  once('copy-attempt', (data) => data.episodeId);
  once('incident-opened', (data) => (data.incident as { id: string }).id);
  once('incident-closed', (data) => data.incidentId);
  once('command-applied', (data) => (data.issued as { id: string }).id);
};

/** ... and the server has all of it, once. */
export const expectArrived = async (world: FakeWorld): Promise<void> => {
  await expectSound(world);
  expect(world.server.of(world.attemptId)).toEqual(world.entries);
  expect(world.view.connection.pending).toBe(0);
  expect(world.view.sentSeq).toBe(world.entries.length);
};
