import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IncidentView, Tile } from '#shared/wire/dashboard.ts';
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

/** A copy attempt that the machine before has on record. */
const COUNTED = {
  id: 'clipboard:60000',
  kind: 'clipboard',
  startedT: 60_000,
  endedT: 60_000,
  counted: true,
  episodeId: 'e1',
  copyAttempt: 1,
  dismissed: null,
  objection: null,
  facts: {},
  evidence: [],
} as unknown as IncidentView;

describe('a machine that does not answer', () => {
  it('is ended with a reason, by one of three decisions; while it is there only by who saw it', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    await visit.tile(1).click();
    const button = visit.panel().getByRole('button', { name: 'El equipo no responde…' });
    await visit.panel().getByRole('button', { name: 'Pausar' }).waitFor();
    expect(await button.count()).toBe(0);
    await visit.panel().getByRole('button', { name: 'Cerrar examen' }).click();
    await visit.page.getByRole('button', { name: 'La pantalla no responde…' }).click();
    const frozen = visit.page.getByRole('dialog', { name: /La pantalla de/ });
    const letGo = frozen.getByRole('button', { name: 'Dejar que siga', exact: true });
    await frozen.getByRole('button', { name: 'El equipo dejó de funcionar' }).click();
    expect(await letGo.isDisabled()).toBe(true);
    await frozen.getByRole('checkbox', { name: /Vi el equipo/ }).check();
    expect(
      await visit.flaws('light', { within: DIALOG, ...shotOf(visit.page, 'frozen-es') }),
    ).toEqual([]);
    await letGo.click();
    await frozen.waitFor({ state: 'detached' });
    expect(bench.server.received.at(-1)).toMatchObject({
      command: { type: 'close', ending: 'let-go' },
      cutOff: true,
    });
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
      expect(bench.server.received.at(-1)).toEqual({
        attemptId: 'attempt-1',
        command: { type: 'close', reason: 'El equipo dejó de funcionar', ending },
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
      copyAttempts: 1,
      copyAttemptLimit: 3,
      carries: {
        copyAttempts: 1,
        from: [{ attemptId: before.attemptId, incidentId: COUNTED.id }],
      },
    };
    const counted = { ...COUNTED, attemptId: before.attemptId, startedAt: Date.now() - 90_000 };
    bench.server.frame({
      tiles: [{ ...before, ...ended('let-go'), carriedOn: true }, next],
      incidents: [counted],
    });
    const tile = visit.page.locator('[data-attempt-id=attempt-next]');
    await tile.click();
    expect(await visit.tile(1).count()).toBe(0);
    await visit
      .panel()
      .getByText(/Continúa lo que empezó en otro equipo/)
      .waitFor();
    await visit
      .panel()
      .getByText(/consta 1 intento de copia, que también cuenta aquí/)
      .waitFor();
    await visit
      .panel()
      .getByText(/no pasó a este equipo/)
      .waitFor();
    // It is dismissed here, where the person sits; the order names the record that has it.
    const line = visit.panel().locator(`[data-panel-incident="${COUNTED.id}"]`);
    await line.getByText('Consta en el equipo anterior').waitFor();
    await line.getByRole('button', { name: 'Desestimar…' }).click();
    await line.getByRole('button', { name: 'Detección equivocada' }).click();
    expect(
      await visit.flaws('light', { within: PANEL, ...shotOf(visit.page, 'carried-es') }),
    ).toEqual([]);
    await line.getByRole('button', { name: 'Desestimar', exact: true }).click();
    await line.getByRole('textbox').waitFor({ state: 'detached' });
    expect(bench.server.received.at(-1)?.command).toEqual({
      type: 'dismiss',
      incidentId: COUNTED.id,
      reason: 'Detección equivocada',
    });
    await visit.page.keyboard.press('Escape');
    await visit.page.getByText('Lista', { exact: true }).click();
    await visit.page.getByText('Sigue en otro equipo').waitFor();
  });

  it('that closed by its count may be let go, and says what else is needed', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    const closed = {
      phase: 'closed',
      closedBy: 'copy-attempts',
      copyAttempts: 3,
      endsAt: null,
      connection: 'offline',
    } as const;
    change(1, closed);
    await visit.tile(1).click();
    await visit.panel().getByRole('button', { name: 'El equipo no responde…' }).click();
    const dialog = visit.page.getByRole('dialog', { name: /no responde/ });
    await dialog.getByText(/al menos uno desestimado/).waitFor();
    expect(await dialog.getByRole('radio').count()).toBe(1);
    expect(
      await visit.flaws('light', { within: DIALOG, ...shotOf(visit.page, 'limit-es') }),
    ).toEqual([]);
    await visit.page.keyboard.press('Escape');
    change(1, { ...ended('let-go'), ...closed });
    await visit
      .panel()
      .getByText(/al menos uno desestimado/)
      .waitFor();
    // What was handed in is over.
    change(1, { ...closed, closedBy: 'examinee' });
    await visit
      .panel()
      .getByRole('button', { name: /no responde/ })
      .waitFor({ state: 'detached' });
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
