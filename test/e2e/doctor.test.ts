import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '#shared/kernel/schema.ts';
import type { DevicesResponse } from '#shared/wire/devices.ts';
import { PassportSchema } from '#shared/wire/passport.ts';
import { kioskCommand } from '#test/support/electron-launch.ts';
import {
  type DesktopSeat,
  type ExamRoom,
  openExamRoom,
  takeDesktopSeat,
} from '#test/support/exam-room.ts';

/** The doctor as technology staff runs it: the built program, a real desktop, a real server. */
let room: ExamRoom;
let seat: DesktopSeat;
let folder: string;

beforeAll(async () => {
  room = await openExamRoom();
  seat = await takeDesktopSeat(room);
  folder = mkdtempSync(join(tmpdir(), 'atalaya-doctor-'));
});
afterAll(async () => {
  await seat?.close();
  await room?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly code: number | null;
  readonly output: string;
}

const doctor = (userData: string, ...args: readonly string[]): Promise<Run> => {
  const {
    command,
    args: all,
    env,
  } = kioskCommand({
    main: room.build.main,
    userData,
    desktop: seat.desktop,
    env: { ATALAYA_SERVER: room.cable.origin },
    args: ['--doctor', ...args],
  });
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...all], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, output }));
  });
};

const devices = async (): Promise<DevicesResponse> => {
  const person = room.server.credentials.staff.find(({ role }) => role === 'lab-technician');
  const signedIn = await fetch(new URL('/api/staff/sign-in', room.server.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: person?.user, password: person?.password }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const answer = await fetch(new URL('/api/devices', room.server.origin), { headers: { cookie } });
  return (await answer.json()) as DevicesResponse;
};

describe('the doctor', () => {
  test('turns away while the kiosk is open', async () => {
    const { code, output } = await doctor(seat.userData);
    expect(code).toBe(1);
    expect(output).toContain('Atalaya está abierta');
  });

  test('says what an enrolled machine is, writes the passport and sends it', async () => {
    await seat.examinee.isAtSignIn();
    await seat.kill();
    const file = join(folder, 'pasaporte.json');
    const { code, output } = await doctor(seat.userData, '--json', file, '--upload');
    // A test machine has no key store and no camera: warnings, and nothing that blocks.
    expect([code, output]).toEqual([2, expect.stringContaining('Resultado: el equipo sirve')]);
    expect(output).toContain('El sistema no ofrece un almacén de llaves');
    expect(output).toContain(`El pasaporte se envió al servidor ${room.cable.origin}`);
    expect(output).not.toMatch(/\b(doctor|risk|reason|device\.lines)\.[a-z]/);
    const passport = check(PassportSchema, JSON.parse(readFileSync(file, 'utf8')));
    if (!passport.ok) throw new Error(`${passport.error.path} ${passport.error.message}`);
    expect(passport.value.keyStore).toBe('file');
    expect(passport.value.requirements.find(({ id }) => id === 'server')?.outcome).toBe('ok');
    const known = (await devices()).devices.find(
      ({ passport: kept }) => kept?.createdAt === passport.value.createdAt,
    );
    expect(known).toMatchObject({
      name: passport.value.device.name,
      passport: { verdict: 'warnings', keyStore: 'file' },
    });
    expect(known?.passport?.detected).toBeGreaterThan(5);
  });

  test('leaves the machine as it was: the kiosk opens where it stood', async () => {
    await seat.start();
    await expect.poll(() => seat.examinee.isAtSignIn(), { timeout: 15_000 }).toBe(true);
    await seat.kill();
  });

  test('a folder from another machine: said, kept aside, and to be enrolled again', async () => {
    const copied = mkdtempSync(join(folder, 'copied-'));
    for (const file of ['device-vault.json', 'kiosk.db']) {
      writeFileSync(join(copied, file), readFileSync(join(seat.userData, file)));
    }
    const vault = join(copied, 'device-vault.json');
    const other = JSON.parse(readFileSync(vault, 'utf8')) as { machine: { mark: string } };
    other.machine.mark = 'f'.repeat(64);
    writeFileSync(vault, JSON.stringify(other));
    const { code, output } = await doctor(copied, '--upload');
    expect(code).not.toBe(0);
    expect(output).toContain('La identidad anterior de este equipo no se pudo abrir');
    expect(output).toContain('No se pudo enviar el pasaporte');
    const kept = readdirSync(join(copied, 'kept'));
    expect(kept).toHaveLength(1);
    expect(existsSync(join(copied, 'kept', kept[0] ?? '', 'kiosk.db'))).toBe(true);
  });
});
