import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Place } from '#shared/incident/incident.ts';
import { type DashboardBench, sharedBench } from './dashboard-page.ts';
import { incident } from './room-data.ts';
import { still } from './still.ts';

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

/** The made-up person's head, and how much of the picture is compared. */
const HEAD: Place = { x: 0.3, y: 0.2, width: 0.4, height: 0.5 };

/** How many sharp steps from one pixel to the next a part of a picture has: a hidden face has next to none. */
const edgesIn = async (jpeg: Uint8Array, place: Place): Promise<number> => {
  const image = sharp(jpeg);
  const { width, height } = await image.metadata();
  const { data, info } = await image
    .extract({
      left: Math.round(place.x * width),
      top: Math.round(place.y * height),
      width: Math.round(place.width * width),
      height: Math.round(place.height * height),
    })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let edges = 0;
  for (let y = 0; y < info.height; y++) {
    for (let x = 1; x < info.width; x++) {
      const at = (y * info.width + x) * 3;
      if (Math.abs((data[at] ?? 0) - (data[at - 3] ?? 0)) > 24) edges++;
    }
  }
  return edges;
};

describe('a picture for a report', () => {
  it.each<[string, readonly Place[] | undefined, boolean]>([
    ['of two people: the other face is a few blocks', [HEAD], true],
    ['of the examinee alone: as it is', undefined, false],
  ])('%s', async (_, others, hidden) => {
    const visit = await bench.open();
    await visit.enterRoom();
    const seen = incident('attempt-2', 'several-faces', Date.now(), { stills: 1, agoMs: 0 });
    const evidence = seen.evidence.map((one) => ({
      ...one,
      ...(others === undefined ? {} : { others: [...others] }),
    }));
    const told = { ...seen, evidence };
    const tile = bench.server.tiles.find(({ attemptId }) => attemptId === 'attempt-2');
    if (tile === undefined) throw new Error('no tile');
    bench.server.frame({ incidents: [told], tiles: [{ ...tile, lastIncident: told }] });
    await visit.tile(2).click();
    await visit
      .panel()
      .getByRole('button', { name: /^Ampliar la imagen 1 de 1/ })
      .first()
      .click();
    const saving = visit.page.waitForEvent('download');
    await visit.page.getByRole('button', { name: 'Guardar para informe' }).click();
    const saved = await readFile(await (await saving).path());
    const original = await still(evidence[0]?.hash ?? '');
    const [before, after] = [await edgesIn(original, HEAD), await edgesIn(saved, HEAD)];
    expect(before).toBeGreaterThan(200);
    // The head's outline is gone, or as it was.
    if (hidden) expect(after).toBeLessThan(before / 2);
    else expect(Math.abs(after - before)).toBeLessThan(before / 5);
    expect(visit.faults).toEqual([]);
  });
});
