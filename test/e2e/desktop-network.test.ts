import { afterAll, beforeAll, expect, test } from 'vitest';
import es from '#assets/locales/es/connection.json' with { type: 'json' };
import {
  type DesktopSeat,
  type ExamRoom,
  openExamRoom,
  takeDesktopSeat,
} from '#test/support/exam-room.ts';
import { type RecordedNmcli, recordNmcli } from '#test/support/recorded-nmcli.ts';

/** Of the network that the machine may join. */
const PASSWORD = 'clave del aula 2';
const words = es.network;

let room: ExamRoom;
let seat: DesktopSeat;
let nmcli: RecordedNmcli;
beforeAll(async () => {
  room = await openExamRoom();
  nmcli = recordNmcli(room.newFolder('tools'), PASSWORD);
  seat = await takeDesktopSeat(room, { env: nmcli.env, settings: { network: 'choose' } });
  await seat.examinee.signIn(room.nextExaminee());
  await seat.examinee.goToExam();
});
afterAll(async () => {
  await seat?.close();
  await room?.close();
});

const stated = () => seat.ledger().filter(({ type }) => type === 'observation');

test('the person sees the machine’s network, joins another and connects again, without leaving the exam', async () => {
  const { page } = seat.kiosk;
  const before = stated().length;
  await page.getByTitle('Ver el estado de la conexión').click();
  const panel = page.getByRole('dialog');
  await panel.getByText('Conectado al Wi-Fi «AULA-1».').waitFor();
  const join = async (password: string, said: string) => {
    await panel.getByRole('button', { name: 'Conectar a AULA-2' }).click();
    await panel.getByLabel('Clave de la red AULA-2').click();
    // As a hand does: keys at the speed of a device are something else.
    await page.keyboard.type(password, { delay: 60 });
    await page.keyboard.press('Enter');
    await panel.getByText(said).waitFor();
  };
  await join('otra clave', words.outcome['wrong-password']);
  await join(PASSWORD, words.outcome.done);
  await panel.getByText('Conectado al Wi-Fi «AULA-2».').waitFor();
  await panel.getByRole('button', { name: words.reconnect }).click();
  await panel.getByText(words.outcome.done).waitFor();
  await expect.poll(() => nmcli.calls().at(-1)).toContain('wifi list');
  expect(nmcli.calls()).toContain('--wait 25 device connect wlp2s0');
  expect(nmcli.typed()).toEqual(['otra clave', PASSWORD]);
  await panel.getByRole('button', { name: es.close, exact: true }).click();
  await panel.waitFor({ state: 'detached' });
  // Nothing of it is held against anybody, and neither a name nor a password is on record or among arguments.
  expect(stated().slice(before)).toEqual([]);
  const written = JSON.stringify(seat.ledger()) + seat.kiosk.output();
  for (const secret of [PASSWORD, 'AULA-2']) expect(written).not.toContain(secret);
  expect(nmcli.calls().join()).not.toContain(PASSWORD);
});
