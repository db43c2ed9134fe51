import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tile } from '#shared/wire/dashboard.ts';
import { type DashboardBench, DIALOG, PANEL, sharedBench } from './dashboard-page.ts';

// A machine that does not answer, what staff decide about it, and a server that cannot keep anything.

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

/** Whoever wants pictures names a folder. */
const shots = process.env.SHOTS ?? '';
const shotOf = (page: { screenshot(o: { path: string }): Promise<unknown> }, name: string) =>
  shots === ''
    ? {}
    : {
        shot: async (width: number) => {
          mkdirSync(shots, { recursive: true });
          await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
        },
      };

const change = (number: number, with_: Partial<Tile>): void => {
  const tile = bench.server.tiles.find(({ attemptId }) => attemptId === `attempt-${number}`);
  if (tile === undefined) throw new Error('no such tile');
  bench.server.frame({ tiles: [{ ...tile, ...with_ }] });
};
const ended = (kind: 'closed' | 'revoked' | 'let-go', later = 0) => ({
  phase: 'closed' as const,
  closedBy: null,
  endsAt: null,
  connection: 'offline' as const,
  ended: {
    kind,
    at: Date.now() - 60_000,
    by: 'Mónica Andrade',
    reason: 'El equipo dejó de funcionar',
    later,
  },
});

describe('a machine that does not answer', () => {
  it('is ended with a reason, by one of three decisions, and nothing of it is offered while it is there', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    await visit.tile(1).click();
    const button = visit.panel().getByRole('button', { name: 'El equipo no responde…' });
    await visit.panel().getByRole('button', { name: 'Pausar' }).waitFor();
    expect(await button.count()).toBe(0);
    change(1, { connection: 'offline', connectionSince: Date.now() - 90_000 });
    await button.click();
    const dialog = visit.page.getByRole('dialog', { name: /no responde \(puesto A1\)/ });
    await dialog.waitFor();
    expect(
      await visit.flaws('light', { within: DIALOG, ...shotOf(visit.page, 'ending-es') }),
    ).toEqual([]);
    for (const [label, send, ending] of [
      ['Revocar el examen', 'Revocar el examen', 'revoked'],
      ['Cerrar el examen', 'Cerrar el examen', 'closed'],
      ['Dejar que siga en otro equipo', 'Dejar que siga', 'let-go'],
    ] as const) {
      if ((await dialog.count()) === 0) await button.click();
      await dialog.getByRole('radio', { name: label }).check();
      await dialog.getByRole('button', { name: 'El equipo dejó de funcionar' }).click();
      await dialog.getByRole('button', { name: send, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(bench.server.received.at(-1)?.command).toEqual({
        type: 'close',
        reason: 'El equipo dejó de funcionar',
        ending,
      });
    }
    expect(visit.faults).toEqual([]);
  });

  it('shows on tile and panel what was decided, by whom, and what came afterwards', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    change(1, ended('closed', 12));
    change(2, ended('let-go'));
    change(3, ended('revoked', 1));
    await visit.page.locator('[data-state=ended-closed]').waitFor();
    for (const [number, word, came] of [
      [1, 'Cerrado por el personal: el equipo no responde.', /llegaron 12 registros/],
      [2, 'El personal permitió seguir en otro equipo: este no responde.', /no llegó nada/],
      [3, 'Revocado por el personal: el equipo no responde.', /llegó 1 registro/],
    ] as const) {
      await visit.tile(number).click();
      await visit.panel().getByText(word).waitFor();
      await visit.panel().getByText(came).waitFor();
      await visit
        .panel()
        .getByText(/Mónica Andrade/)
        .first()
        .waitFor();
    }
    expect(
      await visit.flaws('light', { within: PANEL, ...shotOf(visit.page, 'ended-es') }),
    ).toEqual([]);
  });

  it('gives the seat to who goes on with another machine', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    const [before] = bench.server.tiles.filter(({ attemptId }) => attemptId === 'attempt-1');
    if (before === undefined) throw new Error('no tile');
    const next: Tile = {
      ...before,
      attemptId: 'attempt-next' as Tile['attemptId'],
      answered: 0,
      copyAttempts: 0,
      copyAttemptLimit: 2,
      carries: { copyAttempts: 1 },
    };
    bench.server.frame({ tiles: [{ ...before, ...ended('let-go'), carriedOn: true }, next] });
    const tile = visit.page.locator('[data-attempt-id=attempt-next]');
    await tile.click();
    expect(await visit.tile(1).count()).toBe(0);
    await visit
      .panel()
      .getByText(/Continúa lo que empezó en otro equipo/)
      .waitFor();
    await visit
      .panel()
      .getByText(/quedó 1 intento de copia/)
      .waitFor();
    await visit.page.keyboard.press('Escape');
    await visit.page.getByText('Lista', { exact: true }).click();
    await visit.page.getByText('Sigue en otro equipo').waitFor();
  });

  it('says all of it in English', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    change(1, ended('let-go', 3));
    change(2, { connection: 'offline' });
    await visit.page.getByRole('button', { name: 'English' }).click();
    await visit.tile(1).click();
    await visit
      .panel()
      .getByText(/Staff allowed going on at another computer/)
      .waitFor();
    await visit.flaws('light', { within: PANEL, ...shotOf(visit.page, 'ended-en') });
    await visit.tile(2).click();
    await visit.panel().getByRole('button', { name: 'Computer not answering…' }).click();
    await visit.page.getByRole('dialog').waitFor();
    expect(
      await visit.flaws('light', { within: DIALOG, ...shotOf(visit.page, 'ending-en') }),
    ).toEqual([]);
    await visit.page.keyboard.press('Escape');
    await visit.page.getByRole('button', { name: 'Español' }).click();
  });
});

describe('a server that cannot keep anything', () => {
  it('tells everybody who watches a room, and that it is over', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    const say = (storage: 'ok' | 'failed') =>
      bench.server.raw(JSON.stringify({ type: 'server', serverTime: Date.now(), storage }));
    say('failed');
    const banner = visit.page.locator('[data-storage=failed]');
    await banner.getByText(/no puede guardar nada ahora/).waitFor();
    expect(await visit.flaws('light', shotOf(visit.page, 'storage-es'))).toEqual([]);
    say('ok');
    await banner.waitFor({ state: 'detached' });
    expect(visit.faults).toEqual([]);
  });
});
