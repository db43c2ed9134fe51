import { pbkdf2Sync } from 'node:crypto';
import { exitCodeText } from '#shared/exam/exit-code.ts';
import type { Form, Ticket } from '#shared/exam/ticket.ts';
import type { Template } from '#shared/identity/face-capture.ts';
import { BY_HAND, type IdentitySettings } from '#shared/identity/identity-facts.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type {
  AttemptId,
  ExamineeId,
  Hash,
  QuestionId,
  RoomId,
  SessionId,
} from '#shared/kernel/ids.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { policyFor } from '#test/support/fake/policy-for.ts';

/** Options of a test's exam. */
export interface FakeExam {
  readonly document?: string;
  /** Minutes from the start of the world to the shift's start; negative for a shift under way. */
  readonly startsInMs?: number;
  readonly shiftMs?: number;
  readonly durationMs?: number;
  readonly cameraExempt?: boolean;
  /** None when absent: the exam begins at once. */
  readonly gate?: Policy['gate'];
  /** By hand when absent. */
  readonly identity?: IdentitySettings;
  readonly template?: Template;
  /** Whether the room sees a small picture now and then; not when absent. */
  readonly thumbnails?: boolean;
  /** The session's exit code, as staff read it; none when absent. */
  readonly exitCode?: string;
}

/** Few rounds: a test's code need not be hard to guess. */
const staffExit = (code: string): Ticket['staffExit'] => {
  const salt = '00112233445566778899aabbccddeeff';
  const iterations = 10;
  const hash = pbkdf2Sync(exitCodeText(code), Buffer.from(salt, 'hex'), iterations, 32, 'sha256');
  return { salt, hash: hash.toString('hex') as Hash, iterations };
};

/** @param now the server's time at which the world begins. */
export const fakeTicket = (attempt: string, now: number, exam: FakeExam): Ticket => {
  const startsAt = now + (exam.startsInMs ?? 0);
  return {
    attemptId: attempt as AttemptId,
    sessionId: 'session-1' as SessionId,
    examinee: {
      id: `examinee-${attempt}` as ExamineeId,
      name: 'María Fernanda Zambrano',
      documentMasked: '······4321',
    },
    exam: {
      id: 'exam-1',
      title: 'Razonamiento numérico',
      instructions: 'Lea cada pregunta con calma.',
      durationMs: exam.durationMs ?? 60 * MINUTE,
      questionCount: 3,
    },
    shift: { startsAt, endsAt: startsAt + (exam.shiftMs ?? 75 * MINUTE) },
    room: { id: 'room-1' as RoomId, name: 'Aula 101', seat: 'A1' },
    policy: {
      ...policyFor(new Set(exam.cameraExempt === true ? ['camera-exempt'] : [])),
      gate: exam.gate ?? null,
    },
    rulesVersion: '3.00',
    identity: exam.identity ?? BY_HAND,
    privacy: { retentionDays: 180, thumbnails: exam.thumbnails ?? false },
    staffExit: exam.exitCode === undefined ? null : staffExit(exam.exitCode),
  };
};

const question = (id: string, type: 'single' | 'multiple'): Form['questions'][number] => ({
  id: id as QuestionId,
  type,
  stem: `Pregunta ${id}`,
  options: ['a', 'b', 'c', 'd'].map((option) => ({ id: option, text: `Opción ${option}` })),
});

export const fakeForm = (attemptId: AttemptId): Form => ({
  attemptId,
  questions: [question('q1', 'single'), question('q2', 'single'), question('q3', 'multiple')],
});
