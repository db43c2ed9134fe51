import type { Database } from '#server/platform/sql/database.ts';
import type {
  AttemptId,
  DeviceId,
  ExamineeId,
  RoomId,
  SessionId,
  StaffId,
} from '#shared/kernel/ids.ts';

/** Later than what fits into 32 bits, as every time in the product is. */
export const T = 1_793_000_000_000;

export const HOUR = 3_600_000;
export const ids = {
  attempt: (n: number) => `attempt-${n}` as AttemptId,
  device: (n: number) => `device-${n}` as DeviceId,
  examinee: (n: number) => `examinee-${n}` as ExamineeId,
  room: (n: number) => `room-${n}` as RoomId,
  session: (n: number) => `session-${n}` as SessionId,
  staff: (n: number) => `staff-${n}` as StaffId,
};

/** 64 digits, as a SHA-256 has. */
export const hashOf = (text: string): string =>
  Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);

/**
 * Two venues with a room each, one exam with a shift in each, two people on each shift (`attempt-1`, `attempt-2` in
 * room 1), three devices (the first used for `attempt-1`), a proctor of room 1.
 */
export const university = async ({ db }: Database): Promise<void> => {
  const seatMap = JSON.stringify({ rows: 1, columns: 2, seats: [] });
  for (const n of [1, 2]) {
    await db
      .insertInto('venues')
      .values({ id: `venue-${n}`, name: `Sede ${n}` })
      .execute();
    await db
      .insertInto('rooms')
      .values({ id: ids.room(n), venue_id: `venue-${n}`, name: 'Aula', seat_map: seatMap })
      .execute();
  }
  await db
    .insertInto('exams')
    .values({
      id: 'exam-1',
      title: 'Álgebra',
      instructions: 'Lea.',
      question_count: 10,
      duration_ms: HOUR,
      rules_version: '1',
      policy: '{"kind":"test"}',
      bank: '{"id":"exam-1"}',
      form_secret: 'secret',
    })
    .execute();
  const names = ['José Peñafiel', 'Ana Ñúñez', 'Luis Ómar', 'Zoila Ávila'];
  for (const n of [1, 2, 3, 4]) {
    await db
      .insertInto('examinees')
      .values({
        id: ids.examinee(n),
        name: names[n - 1] ?? '',
        document: `091234567${n}`,
        secret_hash: `hash-${n}`,
      })
      .execute();
    await db
      .insertInto('devices')
      .values({
        id: ids.device(n),
        name: `PC-${n}`,
        public_key: `key-${n}`,
        token_hash: hashOf(`token-${n}`),
        enrolled_at: T,
      })
      .execute();
  }
  for (const n of [1, 2]) {
    await db
      .insertInto('sessions')
      .values({
        id: ids.session(n),
        exam_id: 'exam-1',
        room_id: ids.room(n),
        starts_at: T + n * HOUR,
        ends_at: T + (n + 2) * HOUR,
      })
      .execute();
  }
  for (const n of [1, 2, 3, 4]) {
    await db
      .insertInto('attempts')
      .values({
        id: ids.attempt(n),
        session_id: ids.session(n < 3 ? 1 : 2),
        examinee_id: ids.examinee(n),
        seat: n % 2 === 1 ? 'A1' : 'A2',
        extra_ms: n === 2 ? HOUR / 2 : 0,
        accommodations: n === 2 ? '["camera-exempt"]' : '[]',
        device_id: n === 1 ? ids.device(1) : null,
        broken_reason: null,
        verified_seq: 0,
        address: null,
      })
      .execute();
  }
  await db
    .insertInto('staff')
    .values({
      id: ids.staff(1),
      user: 'proctor',
      name: 'Vigilante',
      role: 'proctor',
      venue_id: 'venue-1',
      password_hash: 'argon',
    })
    .execute();
  await db
    .insertInto('staff_rooms')
    .values({ staff_id: ids.staff(1), room_id: ids.room(1) })
    .execute();
};
