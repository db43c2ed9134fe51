import type { TSchema } from 'typebox';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import {
  type IncidentView,
  ServerToDashboardSchema,
  type Tile,
  TileSchema,
} from '#shared/wire/dashboard.ts';
import { FACTS } from '#shared/wire/facts.ts';
import { fitting, pick, randomOf } from '#test/fuzz/from-schema.ts';
import { type DashboardBench, sharedBench } from './dashboard-page.ts';

const ENTRIES = 300;
const HASH = 'a'.repeat(64);

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

interface FrameShape {
  readonly properties: {
    readonly type: { readonly const: string };
    readonly incidents: { readonly items: TSchema };
  };
}
const incidentSchema = (): TSchema => {
  const { anyOf } = ServerToDashboardSchema as unknown as { readonly anyOf: readonly FrameShape[] };
  const frame = anyOf.find(({ properties }) => properties.type.const === 'frame');
  if (frame === undefined) throw new Error('no frame');
  return frame.properties.incidents.items;
};

describe('whatever the schemas let through', () => {
  it('is drawn: tiles, incidents and every line of a timeline', async () => {
    const random = randomOf(9);
    const visit = await bench.open();
    bench.server.entries = Array.from({ length: ENTRIES }, (_, i) => {
      const type = pick(random, Object.keys(FACTS) as (keyof typeof FACTS)[]);
      return {
        attemptId: 'attempt-1',
        seq: i + 1,
        t: i * 1_000,
        wall: i % 7 === 0 ? 253_402_300_799_999 : Date.now() + i * 1_000,
        type: i % 11 === 0 ? 'later-kind' : type,
        data: fitting(FACTS[type] as TSchema, random),
        previous: HASH,
        hash: HASH,
      } as unknown as LedgerEntry;
    });
    await visit.enterRoom();
    const known = [...bench.server.tiles];
    bench.server.frame({
      tiles: known.map((tile) => ({
        ...(fitting(TileSchema, random) as Tile),
        attemptId: tile.attemptId,
        seat: tile.seat,
        lastIncident: null,
      })),
      incidents: Array.from({ length: 150 }, (_, i) => ({
        ...(fitting(incidentSchema(), random) as IncidentView),
        id: `fuzz-${i}` as IncidentView['id'],
        attemptId: pick(random, known).attemptId,
      })),
    });
    await visit.page.locator('[data-incident-id^=fuzz-]').first().waitFor();
    await visit.tile(1).click();
    await visit.panel().getByText('Cronología', { exact: true }).click();
    await visit.panel().locator('[data-entry-type]').first().waitFor();
    for (const more of await visit.panel().getByRole('switch').all()) await more.click();
    expect(await visit.page.locator('[data-broken]').count()).toBe(0);
    await visit.page.getByText('Lista', { exact: true }).click();
    await visit.page.locator('tbody tr').first().waitFor();
    expect(await visit.page.locator('[data-broken]').count()).toBe(0);
    expect(visit.faults).toEqual([]);
  });
});
