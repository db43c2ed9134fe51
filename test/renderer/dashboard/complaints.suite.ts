import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardBench, startDashboardBench } from './dashboard-page.ts';
import { ROOM, SESSION } from './room-data.ts';

// The libraries in their talking form complain of what the product's form passes over (a list without keys, elements
// that may not lie in each other), and take half as long again: each screen once, all other suites as the product is.
let bench: DashboardBench;
beforeAll(async () => {
  bench = await startDashboardBench('talking');
});
afterAll(() => bench?.stop());

/** The part of the identity desk that is open. */
const TAB = '[role=tab][aria-selected=true]';
const HERE = `#/room/${ROOM}/${SESSION}`;

describe('what the libraries complain of', () => {
  it('is nothing on any screen', async () => {
    const visit = await bench.open();
    bench.server.role = 'coordinator';
    const { page } = visit;
    const settled = (): Promise<void> =>
      page.waitForLoadState('networkidle').then(async () => {
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
      });
    const screens: readonly (readonly [hash: string, shown: string])[] = [
      ['#/', '[data-attempt-id="attempt-1"]'],
      [`${HERE}/attempt-7`, '[data-panel]'],
      [`${HERE}/attempt-7/timeline`, '[data-panel]'],
      ['#/devices', 'table'],
      ['#/devices/codes', '[role=dialog]'],
      ['#/devices/builds', '[role=dialog]'],
      ['#/identity', TAB],
      ['#/identity/people', TAB],
      ['#/identity/setup', TAB],
      ['#/identity/retention', TAB],
      ['#/identity/certificates', TAB],
    ];
    await visit.goto();
    await page.getByLabel('Usuario').waitFor();
    for (const [hash, shown] of screens) {
      await visit.leave();
      await visit.arrive(hash);
      await page.locator(shown).first().waitFor();
      await settled();
      expect(visit.faults, hash).toEqual([]);
    }
    await visit.leave();
    await visit.enterRoom();
    await page.getByText('Lista', { exact: true }).click();
    await page.getByRole('columnheader', { name: 'Examinado' }).waitFor();
    expect(visit.faults, 'list').toEqual([]);
  });

  it('would be heard of here', async () => {
    const visit = await bench.open();
    await visit.goto();
    await visit.page.evaluate(() => console.error('Each child in a list should have a key'));
    await expect.poll(() => visit.faults).toHaveLength(1);
  });
});
