import { setTimeout as sleep } from 'node:timers/promises';
import { Compile } from 'typebox/compile';
import type { AccessStore } from '#server/people/ports.ts';
import type { ServerClock } from '#server/platform/ports.ts';
import { problem } from '#server/platform/problems.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import { tokenHash } from '#server/platform/tokens.ts';
import type { CommandId } from '#shared/kernel/ids.ts';
import type { ProblemCode } from '#shared/kernel/problem.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import {
  CLOSE,
  HEARTBEAT_MS,
  type KioskToServer,
  KioskToServerSchema,
  MAX_MESSAGE_BYTES,
  PROTOCOL,
} from '#shared/wire/kiosk-socket.ts';
import type { Ingest, IngestOutcome } from './ingest.ts';
import type { KioskTimes } from './kiosk-times.ts';
import { type KioskLink, type LiveAttempt, openCommands } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { NoticeBoard } from './notices.ts';
import type { AttemptPace } from './pace.ts';
import type { RecordStore } from './ports.ts';
import type { RecordFacts } from './record-facts.ts';

/** A kiosk that was not heard for this long is off line, ms. */
const SILENCE_MS = 3 * HEARTBEAT_MS;

const message = Compile(KioskToServerSchema);

export interface KioskSessions {
  /** A socket opened. `address` is the other side's, for S7. */
  open(link: KioskLink, address: string): KioskSession;
  /** Puts kiosks off line that fell silent, and forgets those of long ago. Called regularly. */
  sweep(): void;
}

/** One kiosk's socket, from opening to closing. Messages are handled in the order in which they came. */
export interface KioskSession {
  /** @returns a promise while the answer to `hello` is pending, or the kiosk is too fast: hand over nothing until then. */
  receive(text: string): Promise<void> | null;
  /** The frame was larger than `MAX_MESSAGE_BYTES`. */
  oversized(): void;
  closed(): void;
}

export interface KioskSessionDeps {
  readonly access: AccessStore;
  readonly records: RecordStore;
  readonly attempts: LiveAttempts;
  readonly notices: NoticeBoard;
  readonly ingest: Ingest;
  readonly facts: RecordFacts;
  readonly pace: AttemptPace;
  readonly times: Pick<KioskTimes, 'hear'>;
  readonly clock: ServerClock;
  readonly log: ServerLog;
}

export const kioskSessions = (deps: KioskSessionDeps): KioskSessions => {
  const { clock, facts } = deps;

  /** Attempts with an open socket. */
  const linked = new Set<LiveAttempt>();

  const goOffline = (attempt: LiveAttempt): void => {
    linked.delete(attempt);
    attempt.presence.link = null;
    attempt.presence.connectionSince = clock.now();
    facts.changed(attempt, {});
  };

  const open = (link: KioskLink, address: string): KioskSession => {
    let attempt: LiveAttempt | null = null;
    let ended = false;

    const refuse = (code: ProblemCode, detail: string): void => {
      deps.log('warn', 'kiosk message refused', {
        code,
        detail,
        attemptId: attempt?.registration.attemptId ?? null,
      });
      link.send({ type: 'refused', problem: problem(code, detail) });
    };
    const end = (closeCode: number, code: ProblemCode, detail: string): void => {
      refuse(code, detail);
      ended = true;
      link.close(closeCode, code);
    };

    const settled = ({ ack, refusal }: IngestOutcome): void => {
      if (ack !== null) link.send({ type: 'ack', seq: ack.seq, hash: ack.hash });
      if (refusal === null) return;
      deps.log('warn', 'entries refused', {
        ...refusal.problem,
        attemptId: attempt?.registration.attemptId ?? null,
      });
      link.send({
        type: 'refused',
        problem: refusal.problem,
        expectedSeq: refusal.expectedSeq,
      });
    };
    const sender = { settled };

    const hello = async (said: Extract<KioskToServer, { type: 'hello' }>): Promise<void> => {
      if (said.protocol !== PROTOCOL) {
        return end(CLOSE.protocol, 'protocol-version', `this server speaks ${PROTOCOL}`);
      }
      const owned = await deps.access.attemptByToken(tokenHash(said.token), clock.now());
      if (owned === null) return end(CLOSE.unauthorised, 'unauthorised', 'unknown token');
      if (owned !== said.attemptId) {
        return end(CLOSE.unauthorised, 'forbidden', 'token of another attempt');
      }
      const found = await deps.attempts.load(owned);
      if (ended) return;
      if (found === null) return end(CLOSE.unauthorised, 'not-found', 'no such attempt');
      connect(found);
    };

    const connect = (found: LiveAttempt): void => {
      const { presence } = found;
      const before = presence.link;
      attempt = found;
      linked.add(found);
      presence.link = link;
      presence.connectionSince = clock.now();
      presence.heardAt = clock.now();
      presence.heardSteady = clock.steady();
      before?.close(CLOSE.replaced, 'replaced');
      link.send({
        type: 'welcome',
        protocol: PROTOCOL,
        serverTime: clock.now(),
        lastSeq: found.state.seq,
        lastHash: found.state.hash,
      });
      for (const issued of openCommands(found)) link.send({ type: 'command', issued });
      facts.changed(found, {});
      deps.notices.heardFrom(found, address);
    };

    const known = (attemptNow: LiveAttempt, said: KioskToServer): void => {
      attemptNow.presence.heardAt = clock.now();
      attemptNow.presence.heardSteady = clock.steady();
      switch (said.type) {
        case 'hello':
          refuse('bad-request', 'hello was said before');
          break;
        case 'entries':
          deps.ingest.submit(attemptNow, said.entries, sender);
          break;
        case 'heartbeat':
          attemptNow.presence.live = said.live;
          hearTime(attemptNow, said.sentAt);
          link.send({ type: 'heartbeat-ack', sentAt: said.sentAt, serverTime: clock.now() });
          facts.heard(attemptNow);
          break;
        case 'command-received':
          received(attemptNow, said.commandId);
          break;
      }
    };

    const hearTime = ({ registration: { device } }: LiveAttempt, at: EpochMs): void => {
      if (device !== null) deps.times.hear(device.id, at);
    };

    const received = (attemptNow: LiveAttempt, commandId: CommandId): void => {
      const command = attemptNow.commands.get(commandId);
      if (command === undefined) {
        refuse('not-found', 'no such command');
      } else if (command.state === 'sent') {
        attemptNow.commands.set(commandId, { ...command, state: 'delivered' });
        facts.changed(attemptNow, { commands: [commandId] });
        deps.records
          .markDelivered(commandId, clock.now())
          .catch((error: unknown) => deps.log('error', 'delivery not stored', { error }));
      }
    };

    return {
      receive: (text) => {
        if (ended) return null;
        const said = parse(text);
        if (said === null) {
          refuse('bad-request', 'not a message of this protocol');
          return null;
        }
        if (attempt !== null) {
          const connected = attempt;
          const wait = deps.pace.take(connected, text.length);
          if (wait > 0) {
            return sleep(wait).then(() => {
              if (!ended) known(connected, said);
            });
          }
          known(connected, said);
          return null;
        }
        if (said.type !== 'hello') {
          end(CLOSE.unauthorised, 'unauthorised', 'hello comes first');
          return null;
        }
        return hello(said);
      },
      oversized: () =>
        end(CLOSE.tooLarge, 'too-large', `messages have at most ${MAX_MESSAGE_BYTES} bytes`),
      closed: () => {
        ended = true;
        if (attempt !== null && attempt.presence.link === link) goOffline(attempt);
      },
    };
  };

  return {
    open,
    sweep: () => {
      const limit = clock.steady() - SILENCE_MS;
      for (const attempt of linked) {
        const { link: silent, heardSteady } = attempt.presence;
        if (heardSteady !== null && heardSteady > limit) continue;
        goOffline(attempt);
        silent?.close(CLOSE.silent, 'silent');
      }
      deps.attempts.sweep(clock.now());
    },
  };
};

const parse = (text: string): KioskToServer | null => {
  try {
    const value: unknown = JSON.parse(text);
    return message.Check(value) ? (value as KioskToServer) : null;
  } catch {
    return null;
  }
};
