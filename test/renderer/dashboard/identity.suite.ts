import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SECOND } from '#shared/kernel/time.ts';
import type { AttemptIdentity } from '#shared/wire/attempt-identity.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import {
  type DashboardBench,
  type DashboardPage,
  DIALOG,
  NARROW,
  PANEL,
  SIZES,
  sharedBench,
} from './dashboard-page.ts';
import { doubtfulIdentity, hashOf, incident, roomScanShown } from './room-data.ts';

/** Set to a folder to keep pictures of it (for people who look at the design). */
const shots = process.env.DASHBOARD_SHOTS;

let bench: DashboardBench;
let visit: DashboardPage;
beforeAll(async () => {
  bench = await sharedBench();
  if (shots !== undefined) mkdirSync(shots, { recursive: true });
});

const tileOf = (number: number): Tile => {
  const tile = bench.server.tiles.find((t) => t.attemptId === `attempt-${number}`);
  if (tile === undefined) throw new Error(`no tile ${number}`);
  return tile;
};
const change = (number: number, changes: Partial<Tile>) =>
  bench.server.frame({ tiles: [{ ...tileOf(number), ...changes }] });

/** Examinee 1 stands at the identity check and waits for a person. */
const WAITS: Partial<Tile> = {
  phase: 'identity',
  identity: 'needs-person',
  endsAt: null,
  answered: 0,
};
const enter = async (
  identity: AttemptIdentity = doubtfulIdentity(),
  tile: Partial<Tile> = WAITS,
  options: Parameters<DashboardBench['open']>[0] = {},
) => {
  visit = await bench.open(options);
  bench.server.identities.set('attempt-1', identity);
  bench.server.tiles = bench.server.tiles.map((t) =>
    t.attemptId === 'attempt-1' ? { ...t, ...tile } : t,
  );
  await visit.enterRoom();
};
const openPanel = async () => {
  await visit.tile(1).click();
  await visit.panel().waitFor();
  return visit.panel();
};
const dialog = () => visit.page.getByRole('dialog');
const openReview = async () => {
  const panel = await openPanel();
  await panel.getByRole('button', { name: 'Revisar y decidir' }).click();
  await dialog().getByText('Su decisión').waitFor();
  return dialog();
};
/** How often pictures of the attempt were asked for. */
const pictures = () =>
  [...bench.server.asked].filter(([path]) => /\/attempt-1\/(identity|evidence)\//.test(path));
const commands = () => bench.server.received.map(({ command }) => command);

describe('who waits for a decision', () => {
  beforeEach(() => enter(doubtfulIdentity(), { phase: 'identity', identity: 'pending' }));

  it('is on the tile in words, in amber, among those to attend to, read out, and first in the list', async () => {
    const attention = visit.page.locator('[data-total=attention]');
    const before = Number.parseInt((await attention.textContent()) ?? '', 10);
    expect(await visit.tile(1).getAttribute('data-tone')).toBe('plain');
    change(1, WAITS);
    await expect.poll(() => visit.tile(1).getAttribute('data-attention')).toBe('identity');
    expect(await visit.tile(1).getAttribute('data-tone')).toBe('look');
    expect(await visit.tile(1).textContent()).toMatch(/Identidad.*Por decidir/s);
    await expect.poll(() => attention.textContent()).toContain(String(before + 1));
    await expect
      .poll(() => visit.page.locator('[data-announce=polite]').textContent())
      .toBe('Puesto A1, Alvarado Cedeño, Valentina. Identidad por decidir.');
    change(9, { phase: 'identity', identity: 'needs-person', closedBy: null });
    await visit.page.getByText('Lista', { exact: true }).click();
    const first = visit.page.locator('tbody [data-attempt-id]');
    await expect
      .poll(async () => [
        await first.nth(0).getAttribute('data-attempt-id'),
        await first.nth(1).getAttribute('data-attempt-id'),
        await first.nth(2).getAttribute('data-attempt-id'),
      ])
      .toEqual(['attempt-1', 'attempt-9', 'attempt-2']);
  });

  it('and who was refused is said too', async () => {
    change(1, { phase: 'identity', identity: 'refused' });
    await expect.poll(() => visit.tile(1).getAttribute('data-attention')).toBe('identity-refused');
    expect(await visit.tile(1).textContent()).toContain('No aceptada');
  });
});

describe('deciding', () => {
  beforeEach(() => enter());

  it('tells the checks in words, and the distance as a place between the thresholds', async () => {
    const panel = await openPanel();
    const section = panel.locator('[data-panel-identity=needs-person]');
    await section.getByText('Por decidir').waitFor();
    expect(await section.locator('li').count()).toBe(2);
    const newest = section.locator('li').first();
    expect(await newest.textContent()).toMatch(/No es seguro.*Giros completos/s);
    expect(await newest.locator('[data-zone]').getAttribute('data-zone')).toBe('unsure');
    await newest.getByText('Diferencia con el registro: 0,58').waitFor();
    await newest.getByText('Entre 0,50 y 0,60: la cámara no puede decidirlo.').waitFor();
    const track = await newest.locator('[class*=track]').boundingBox();
    const mark = await newest.locator('[class*=track] i').boundingBox();
    const unsure = await newest.locator('[class*=unsure]').boundingBox();
    if (track === null || mark === null || unsure === null) throw new Error('no scale');
    const middle = mark.x + mark.width / 2;
    expect(middle).toBeGreaterThan(unsure.x);
    expect(middle).toBeLessThan(unsure.x + unsure.width);
    expect(await visit.violations({ within: PANEL })).toEqual([]);
  });

  it('asks for no picture before it is told to; then shows all three side by side, large if wanted', async () => {
    const review = await openReview();
    await review.getByText(/queda registrada con su nombre/).waitFor();
    expect(pictures()).toEqual([]);
    await review.getByRole('button', { name: 'Abrir las imágenes' }).click();
    const images = review.locator('img');
    await expect.poll(() => images.count()).toBe(3);
    for (const image of await images.all()) {
      await expect
        .poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth))
        .toBeGreaterThan(0);
    }
    const looks = pictures().map(([path, times]) => [path.split('/attempt-1/')[1], times]);
    expect(looks.sort()).toEqual([
      [`evidence/${hashOf('live 1')}`, 1],
      ['identity/document', 1],
      ['identity/portrait', 1],
    ]);
    const boxes = await Promise.all((await images.all()).map((image) => image.boundingBox()));
    expect(new Set(boxes.map((box) => box?.y)).size, 'side by side').toBe(1);
    await review.getByRole('button', { name: 'Ampliar lado a lado' }).click();
    await expect
      .poll(async () => (await images.first().boundingBox())?.height ?? 0)
      .toBeGreaterThan((boxes[0]?.height ?? 0) * 1.5);
    await review.getByText('https://cedula.gob.ec/v?d=0912345678&s=9f3c1a').waitFor();
    await review.getByText(/Valídelo en GOB\.EC/).waitFor();
    expect(await review.getByRole('link').count(), 'a text, not a way out').toBe(0);
    await review.getByRole('button', { name: 'Otra imagen (1 de 2)' }).click();
    await expect.poll(() => pictures().length).toBe(4);
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    await visit.page.keyboard.press('Escape');
    await review.waitFor({ state: 'detached' });
    expect(commands()).toEqual([]);
    await visit.panel().waitFor();
  });

  it.each([
    ['Verificada en persona', null, 'Cédula revisada en el puesto', 'verified-in-person'],
    ['Cédula digital validada', null, 'QR y PIN validados en GOB.EC', 'digital-id-validated'],
    [
      'Alternativa autorizada',
      'Dra. Elena Viteri, coordinación',
      'Sin documento; carné institucional con foto',
      'authorised-alternative',
    ],
  ])('sends "%s" as the contract has it', async (name, authorisedBy, reason, decision) => {
    const review = await openReview();
    await review.getByRole('radio', { name }).check();
    await review.getByRole('button', { name: reason, exact: true }).click();
    if (authorisedBy !== null) {
      await review.getByRole('button', { name: 'Enviar la decisión' }).click();
      await review.getByText('Escriba quién autorizó la alternativa.').waitFor();
      expect(commands()).toEqual([]);
      await review.getByLabel('Quién la autorizó').fill(authorisedBy);
    } else expect(await review.getByLabel('Quién la autorizó').count()).toBe(0);
    await review.getByRole('button', { name: 'Enviar la decisión' }).click();
    await review.waitFor({ state: 'detached' });
    expect(commands()).toEqual([{ type: 'identity', decision, authorisedBy, reason }]);
    await visit.panel().getByText('Decisión enviada: se espera al equipo.').waitFor();
  });

  it('says what is missing: a decision, and a reason of three letters', async () => {
    const review = await openReview();
    await review.getByLabel('Motivo').fill('no');
    await review.getByRole('button', { name: 'Enviar la decisión' }).click();
    await review.getByText('Elija una decisión.').waitFor();
    await review.getByText('Escriba al menos 3 caracteres.').waitFor();
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    expect(commands()).toEqual([]);
  });

  it('refuses only after asking again, by keyboard, and can go back', async () => {
    const review = await openReview();
    await review.getByRole('radio', { name: 'No se acepta' }).check();
    await review.getByLabel('Motivo').fill('La persona no corresponde al documento');
    await review.getByRole('button', { name: 'No aceptar…' }).press('Enter');
    await review.getByText(/¿No aceptar la identidad de Alvarado Cedeño, Valentina\?/).waitFor();
    expect(commands()).toEqual([]);
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    await review.getByRole('button', { name: 'Volver a revisar' }).press('Enter');
    await review.getByRole('button', { name: 'No aceptar…' }).press('Enter');
    await review.getByRole('button', { name: 'No aceptar la identidad' }).press('Enter');
    await review.waitFor({ state: 'detached' });
    expect(commands()).toEqual([
      {
        type: 'identity',
        decision: 'refused',
        authorisedBy: null,
        reason: 'La persona no corresponde al documento',
      },
    ]);
  });

  it('keeps what was written when the server refuses or its answer is lost, and sends it once', async () => {
    const review = await openReview();
    await review.getByRole('radio', { name: 'Verificada en persona' }).check();
    await review.getByLabel('Motivo').fill('Cédula revisada');
    bench.server.refusals.set('/api/attempts/:id/commands', { code: 'forbidden' });
    await review.getByRole('button', { name: 'Enviar la decisión' }).click();
    await review.getByText(/Su rol no permite/).waitFor();
    expect(await review.getByLabel('Motivo').inputValue()).toBe('Cédula revisada');
    bench.server.refusals.clear();
    bench.server.answersOrders = false;
    await review.getByRole('button', { name: 'Enviar la decisión' }).click();
    await review.getByText(/se cumplirá una sola vez/).waitFor();
    bench.server.answersOrders = true;
    await review.getByRole('button', { name: 'Enviar la decisión' }).click();
    await review.waitFor({ state: 'detached' });
    expect(commands()).toHaveLength(1);
  });

  it('shows the decision once the device has it', async () => {
    const panel = await openPanel();
    await panel.locator('[data-panel-identity=needs-person]').waitFor();
    const { checks } = doubtfulIdentity();
    bench.server.identities.set(
      'attempt-1',
      doubtfulIdentity({
        checks,
        decision: {
          decision: 'authorised-alternative',
          by: 'Mónica Andrade',
          authorisedBy: 'Dra. Elena Viteri',
          reason: 'Carné institucional con foto',
          t: 240 * SECOND,
        },
      }),
    );
    change(1, { phase: 'waiting', identity: 'verified' });
    const section = panel.locator('[data-panel-identity=verified]');
    await section.getByText('Autorizó: Dra. Elena Viteri').waitFor();
    await section.getByText('Carné institucional con foto').waitFor();
    await section.getByRole('button', { name: 'Revisar la decisión' }).waitFor();
  });
});

describe('what a role may see of it', () => {
  it.each([
    ['authority', 'Ver las imágenes', 1],
    ['lab-technician', '', 0],
  ] as const)('%s', async (role, button, sections) => {
    visit = await bench.open();
    bench.server.role = role;
    bench.server.identities.set('attempt-1', doubtfulIdentity());
    bench.server.tiles = bench.server.tiles.map((t) =>
      t.attemptId === 'attempt-1' ? { ...t, ...WAITS } : t,
    );
    await visit.enterRoom();
    const panel = await openPanel();
    await panel.locator('[data-identity=needs-person]').waitFor();
    if (button !== '') {
      await panel.getByRole('button', { name: button }).click();
      await dialog().getByRole('button', { name: 'Abrir las imágenes' }).waitFor();
      expect(await dialog().getByRole('radio').count()).toBe(0);
    }
    expect(await panel.locator('[data-panel-identity]').count()).toBe(sections);
  });

  it('where the room checks documents, who confirmed it goes on record: no pictures, a decision and a reason', async () => {
    visit = await bench.open();
    await visit.enterRoom();
    const panel = await openPanel();
    await panel.locator('[data-panel-identity=by-hand]').waitFor();
    await panel.getByRole('button', { name: 'Registrar quién es' }).click();
    expect(await dialog().getByRole('button', { name: 'Abrir las imágenes' }).count()).toBe(0);
    await dialog().getByRole('radio').first().check();
    await dialog().getByRole('button', { name: 'Cédula revisada en el puesto' }).click();
    await dialog().getByRole('button', { name: 'Enviar la decisión' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(bench.server.received.at(-1)?.command).toMatchObject({
      type: 'identity',
      decision: 'verified-in-person',
      reason: 'Cédula revisada en el puesto',
    });
  });
});

describe('in the exam', () => {
  it('another face is compared and decided the same way, with the stills of the incident', async () => {
    const checks = doubtfulIdentity().checks.slice(0, 0);
    await enter(doubtfulIdentity({ checks }), { identity: 'verified' });
    const made = incident('attempt-1', 'identity-mismatch', Date.now(), { stills: 3 });
    bench.server.frame({ incidents: [made], tiles: [{ ...tileOf(1), lastIncident: made }] });
    const panel = await openPanel();
    const item = panel.locator(`[data-panel-incident="${made.id}"]`);
    await item.getByRole('button', { name: 'Revisar y decidir' }).click();
    await dialog().getByRole('button', { name: 'Abrir las imágenes' }).click();
    const first = dialog().locator('img').first();
    await expect.poll(() => first.getAttribute('src')).toContain(made.evidence[0]?.hash);
    await dialog().getByRole('radio', { name: 'Verificada en persona' }).check();
    await dialog()
      .getByRole('button', { name: 'Mismo rostro en las imágenes y en persona' })
      .click();
    await dialog().getByRole('button', { name: 'Enviar la decisión' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(commands()).toMatchObject([{ type: 'identity', decision: 'verified-in-person' }]);
  });
});

describe('view of the room', () => {
  it('is asked for with a reason, shows as pending, and its pictures open on demand', async () => {
    await enter(doubtfulIdentity({ checks: [] }), { identity: 'verified' });
    const panel = await openPanel();
    await panel.getByRole('button', { name: 'Ver aula (pausa)' }).click();
    await panel.getByText(/El examen se pausa/).waitFor();
    await panel.getByRole('button', { name: 'Pedir la vista del aula' }).click();
    await panel.getByText('Escriba al menos 3 caracteres.').waitFor();
    await panel.getByRole('button', { name: 'Se oyó una conversación' }).click();
    await panel.getByRole('button', { name: 'Pedir la vista del aula' }).click();
    await expect.poll(commands).toEqual([{ type: 'room-scan', reason: 'Se oyó una conversación' }]);
    change(1, { phase: 'paused', roomScan: true, endsAt: null, frozenRemainingMs: 900_000 });
    await panel.getByText('Se pidió ver el aula: se espera al examinado.').waitFor();
    await expect.poll(() => visit.tile(1).textContent()).toContain('Vista pedida');
    expect(await panel.getByRole('button', { name: 'Ver aula (pausa)' }).isDisabled()).toBe(true);
    bench.server.identities.set(
      'attempt-1',
      doubtfulIdentity({ checks: [], roomScans: [roomScanShown(600 * SECOND)] }),
    );
    change(1, { phase: 'in-progress', roomScan: false, endsAt: Date.now() + 900_000 });
    await panel.locator('[data-room-scan=shown]').waitFor();
    expect(pictures()).toEqual([]);
    await panel.getByRole('button', { name: 'Abrir 8 fotos' }).click();
    const thumbs = panel.getByRole('button', { name: /^Ampliar la imagen \d de 8/ });
    await expect.poll(() => thumbs.count()).toBe(8);
    await thumbs.nth(2).click();
    await dialog().getByText('3 / 8').waitFor();
    await visit.page.keyboard.press('ArrowRight');
    await dialog().getByText('4 / 8').waitFor();
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    expect(visit.faults).toEqual([]);
  });

  it('is not offered to whoever has no camera, nor before the start', async () => {
    await enter();
    const panel = await openPanel();
    expect(await panel.getByRole('button', { name: 'Ver aula (pausa)' }).isDisabled()).toBe(true);
    await visit.page.keyboard.press('Escape');
    await visit.tile(6).click();
    await panel.getByText('Equipo, conexión y datos').click();
    await panel.getByText(/Sin cámara/).waitFor();
    expect(await panel.getByRole('button', { name: 'Ver aula (pausa)' }).isDisabled()).toBe(true);
    expect(await panel.getByRole('button', { name: 'Pausar' }).isDisabled()).toBe(false);
  });
});

describe('the camera now', () => {
  const looks = () => [...bench.server.asked].filter(([path]) => path.includes('/thumbnail'));

  it('is looked at only while somebody wants it', async () => {
    await enter(doubtfulIdentity(), { identity: 'verified' });
    bench.server.thumbnails = true;
    const panel = await openPanel();
    const show = panel.getByRole('button', { name: 'Ver la cámara ahora' });
    await show.waitFor();
    expect(looks()).toEqual([]);
    await show.click();
    const picture = panel.getByRole('img', { name: 'Imagen actual de Alvarado Cedeño, Valentina' });
    await expect
      .poll(() => picture.evaluate((element: HTMLImageElement) => element.naturalWidth))
      .toBe(640);
    expect(await visit.violations({ within: PANEL })).toEqual([]);
    await panel.getByRole('button', { name: 'Dejar de ver la cámara' }).click();
    expect(await picture.count()).toBe(0);
  });

  it('says so where the exam does not allow it', async () => {
    await enter(doubtfulIdentity(), { identity: 'verified' });
    const panel = await openPanel();
    await panel.getByRole('button', { name: 'Ver la cámara ahora' }).click();
    await panel.getByText(/el examen no la permite/).waitFor();
  });
});

describe.each([
  { locale: 'es', scheme: 'light' },
  { locale: 'en', scheme: 'dark' },
] as const)('identity in $locale, $scheme', ({ locale, scheme }) => {
  it('fits, with no accessibility violation', async () => {
    await enter(
      doubtfulIdentity({ documentMissing: true, roomScans: [roomScanShown(600 * SECOND)] }),
      WAITS,
      { scheme },
    );
    if (locale === 'en') await visit.page.getByRole('button', { name: 'English' }).click();
    const look = async (what: string, options: Parameters<typeof visit.flaws>[1] = {}) => {
      const shot = async (width: number) =>
        shots !== undefined &&
        (await visit.page.screenshot({
          path: join(shots, `dashboard-${what}-${locale}-${width}.png`),
        }));
      expect.soft(await visit.flaws(scheme, { ...options, shot }), what).toEqual([]);
      const text = await visit.page.evaluate(() => document.body.innerText);
      expect.soft(text, what).not.toMatch(/\b(identity|roomScans|attention)\.[a-zA-Z-]+|\{\{/);
    };
    const panel = await openPanel();
    await panel.locator('[data-panel-identity]').waitFor();
    for (const size of [...NARROW, ...SIZES.toReversed()]) {
      await visit.page.setViewportSize(size);
      const cut = await visit.cutOff('main button:not([data-attempt-id]), header button');
      expect(cut, `${size.width}`).toEqual([]);
    }
    await look('identity-panel', { narrow: true });
    await panel.getByRole('button', { name: /Revisar y decidir|Look and decide/ }).click();
    await dialog().getByRole('radio').nth(2).waitFor();
    await look('identity-closed');
    await dialog()
      .getByRole('button', { name: /Abrir las imágenes|Open the pictures/ })
      .click();
    await expect
      .poll(() =>
        dialog()
          .locator('img')
          .evaluateAll(
            (all) => all.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length,
          ),
      )
      .toBe(3);
    await dialog().getByRole('radio').nth(2).check();
    await dialog()
      .getByRole('button', { name: /Enviar la decisión|Send the decision/ })
      .click();
    await look('identity-missing', { within: DIALOG });
    await dialog().getByRole('radio').nth(3).check();
    await dialog()
      .getByLabel(/Motivo|Reason/)
      .fill('La persona no corresponde');
    await dialog()
      .getByRole('button', { name: /No aceptar…|Do not accept…/ })
      .click();
    await look('identity-refuse', { within: DIALOG });
    await dialog()
      .getByRole('button', { name: /Ampliar lado a lado|Enlarge side by side/ })
      .click();
    await look('identity-large', { within: DIALOG });
    expect(visit.faults).toEqual([]);
  });
});
