import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentId } from '#shared/kernel/ids.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { IncidentView } from '#shared/wire/dashboard.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import {
  type DashboardBench,
  type DashboardPage,
  DIALOG,
  SIZES,
  sharedBench,
} from './dashboard-page.ts';
import { incident } from './room-data.ts';

let bench: DashboardBench;
let visit: DashboardPage;
beforeAll(async () => {
  bench = await sharedBench();
});

const AGO = 90 * SECOND;
/** Seven seats that lost the focus at once: the ninth's exam was closed by it, the seventh did something of its own too. */
const SEATS = [1, 2, 4, 5, 7, 9, 11];

const planted = (): { readonly event: RoomEventView; readonly incidents: IncidentView[] } => {
  const now = Date.now();
  const incidents = SEATS.map((seat, i) =>
    incident(`attempt-${seat}`, 'focus-lost', now, {
      agoMs: AGO - i * 300,
      copyAttempt: seat === 9 ? 3 : 1,
      facts: { hidden: true },
    }),
  );
  return {
    incidents,
    event: {
      id: `focus-lost/attempt-1/${incidents[0]?.id}`,
      kind: 'focus-lost',
      startedAt: now - AGO,
      endedAt: now - AGO + 2 * SECOND,
      seats: incidents.length,
      present: 28,
      members: incidents.map(({ attemptId, id, startedAt, copyAttempt }) => ({
        attemptId,
        startedAt,
        incidents: [id],
        attempts: [
          {
            incidentId: id,
            number: copyAttempt ?? 1,
            dismissed: false,
            whole: attemptId !== 'attempt-7',
          },
        ],
      })),
    },
  };
};

const item = () => visit.page.locator('[data-room-event]');
const dialog = () => visit.page.locator(DIALOG);
const box = (seat: number) => dialog().locator(`[data-event-attempt^="attempt-${seat}/"]`);

const enter = async () => {
  visit = await bench.open();
  const { event, incidents } = planted();
  bench.server.incidents = [...incidents, ...bench.server.incidents];
  bench.server.roomEvents = [event];
  await visit.enterRoom();
  await item().waitFor();
};

describe('an event of the room', () => {
  beforeEach(enter);

  it('is one item, with its seats one by one', async () => {
    expect(await item().count()).toBe(1);
    await item().getByText('7 puestos').waitFor();
    await item().getByText('7 intentos de copia por decidir · 1 examen cerrado').waitFor();
    const inList = visit.page.locator('[data-incident-id^="focus-lost"]');
    const alone = await inList.count();
    await item().getByRole('button', { name: 'Ver uno por uno' }).click();
    expect(await inList.count()).toBe(alone + SEATS.length);
    await item().locator('ul button').first().click();
    await visit.panel().getByRole('button', { name: 'Desestimar…' }).waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('is decided together: one reason, what speaks against it not ticked, time given back', async () => {
    await item().getByRole('button', { name: 'Decidir juntos…' }).click();
    await dialog().getByText('En el mismo acto se contó algo más: revíselo aparte').waitFor();
    expect(await box(7).isChecked()).toBe(false);
    expect(await box(1).isChecked()).toBe(true);
    for (const size of SIZES) {
      await visit.page.setViewportSize(size);
      expect(await visit.violations({ within: DIALOG }), `${size.width}`).toEqual([]);
      const send = await dialog().getByRole('button', { name: 'Desestimar 6' }).boundingBox();
      expect((send?.y ?? size.height) + (send?.height ?? 0)).toBeLessThan(size.height);
    }
    await dialog().getByRole('button', { name: 'Desestimar 6' }).click();
    await dialog().getByText('Escriba al menos 3 caracteres.').waitFor();
    expect(bench.server.dismissals).toEqual([]);
    await dialog().getByRole('button', { name: 'Aviso del sistema en los equipos' }).click();
    await dialog().getByLabel('Minutos además del tiempo cerrado').fill('4');
    await box(2).click();
    await dialog().getByRole('button', { name: 'Desestimar 5' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(bench.server.dismissals).toMatchObject([
      {
        kind: 'focus-lost',
        reason: 'Aviso del sistema en los equipos',
        extraMs: 4 * MINUTE,
        attempts: [1, 4, 5, 9, 11].map((seat) => ({ attemptId: `attempt-${seat}` })),
      },
    ]);
    await item()
      .getByText(/5 desestimaciones en camino/)
      .waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('tells which could not be, leaves them out, and sends the rest as another order', async () => {
    const [first, second] = bench.server.roomEvents[0]?.members ?? [];
    const named = (of: typeof first) => ({
      attemptId: of?.attemptId as never,
      incidentId: of?.incidents[0] as IncidentId,
    });
    bench.server.refusedDismissals = [
      { ...named(first), why: 'dismissed' },
      { ...named(second), why: 'not-of-event' },
    ];
    await item().getByRole('button', { name: 'Decidir juntos…' }).click();
    await dialog().getByRole('button', { name: 'Corte de luz en el aula' }).click();
    await dialog().getByRole('button', { name: 'Desestimar 6' }).click();
    await dialog().getByText('ya estaba desestimado').waitFor();
    await dialog().getByText('ya no es parte de este suceso').waitFor();
    expect([await box(1).isChecked(), await box(2).isChecked()]).toEqual([false, false]);
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    bench.server.refusedDismissals = [];
    await dialog().getByRole('button', { name: 'Desestimar 4' }).click();
    await dialog().waitFor({ state: 'detached' });
    const [once, again] = bench.server.dismissals;
    expect(again?.attempts).toHaveLength(4);
    expect(again?.key).not.toBe(once?.key);
  });

  it('grows with whoever comes back, and is read out once', async () => {
    const { event } = planted();
    bench.server.frame({ roomEvents: [] });
    await item().waitFor({ state: 'detached' });
    bench.server.frame({
      roomEvents: [{ ...event, members: event.members.slice(0, 6), seats: 6 }],
    });
    await item().getByText('6 puestos').waitFor();
    await visit.page
      .locator('[data-announce=polite]')
      .getByText('Suceso del aula: Perdió el foco de la ventana en 6 puestos.')
      .waitFor();
    bench.server.frame({ roomEvents: [event] });
    await item().getByText('7 puestos').waitFor();
  });

  it('asks for no decision where none is to be made, or of whoever may not', async () => {
    const [event] = bench.server.roomEvents;
    if (event === undefined) throw new Error('no event');
    const settled = event.members.map((one) => ({
      ...one,
      attempts: one.attempts.map((attempt) => ({ ...attempt, dismissed: true })),
    }));
    bench.server.frame({ roomEvents: [{ ...event, members: settled }] });
    await item().getByText('Sus intentos de copia están desestimados.').waitFor();
    expect(await item().getByRole('button', { name: 'Decidir juntos…' }).count()).toBe(0);
    const nothing = event.members.map((one) => ({ ...one, attempts: [] }));
    bench.server.frame({ roomEvents: [{ ...event, members: nothing }] });
    await item().getByText('Nada se contó como intento de copia.').waitFor();
    expect(visit.faults).toEqual([]);
  });
});

it('is complete in English, and nothing sticks out in any size', async () => {
  await enter();
  await visit.page.getByRole('button', { name: 'English' }).click();
  await item().getByText('7 copy attempts to decide · 1 exam closed').waitFor();
  for (const size of SIZES) {
    await visit.page.setViewportSize(size);
    expect(await visit.overflow(), `${size.width}`).toEqual([]);
  }
  await item().getByRole('button', { name: 'Decide together…' }).click();
  const text = await dialog().innerText();
  expect(text).toContain('Minutes beside the time closed');
  expect(text).not.toMatch(/\b[a-z]+\.[a-z-]+\.[a-zA-Z-]+\b|\{\{/);
  expect(await visit.violations({ within: DIALOG })).toEqual([]);
  expect(visit.faults).toEqual([]);
});
