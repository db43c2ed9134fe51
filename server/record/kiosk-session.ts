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
import type { LedgerBacklog } from './ledger-backlog.ts';
import { type KioskLink, type LiveAttempt, openCommands, type Presence } from './live-attempt.ts';
import type { Doorway, LiveAttempts } from './live-attempts.ts';
import type { NoticeBoard } from './notices.ts';
import type { AttemptPace } from './pace.ts';
import type { RecordStore } from './ports.ts';
import type { RecordFacts } from './record-facts.ts';
import type { Registration } from './registry-ports.ts';

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
  readonly backlog: Pick<LedgerBacklog, 'add'>;
  readonly clock: ServerClock;
  readonly log: ServerLog;
}

export const kioskSessions = (deps: KioskSessionDeps): KioskSessions => {
  const { clock, facts } = deps;

  /** Those with an open socket. */
  const linked = new Set<Presence>();

  /** Who watches an attempt has it in memory; of one that is not there nobody has to be told. */
  const changed = ({ attemptId }: Presence): void => {
    const attempt = deps.attempts.find(attemptId);
    if (attempt !== null) facts.changed(attempt, {});
  };

  const goOffline = (presence: Presence): void => {
    linked.delete(presence);
    presence.link = null;
    presence.connectionSince = clock.now();
    changed(presence);
  };

  const open = (link: KioskLink, address: string): KioskSession => {
    let kiosk: Doorway | null = null;
    /** Read when it is first needed, and kept from then on. */
    let attempt: LiveAttempt | null = null;
    let ended = false;

    const refuse = (code: ProblemCode, detail: string): void => {
      deps.log('warn', 'kiosk message refused', {
        code,
        detail,
        attemptId: kiosk?.registration.attemptId ?? null,
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
        attemptId: kiosk?.registration.attemptId ?? null,
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
      const found = await deps.attempts.enter(owned);
      if (ended) return;
      if (found === null) return end(CLOSE.unauthorised, 'not-found', 'no such attempt');
      connect(found);
    };

    const connect = (found: Doorway): void => {
      const { registration, presence } = found;
      const before = presence.link;
      kiosk = found;
      attempt = deps.attempts.find(registration.attemptId);
      // Whoever ordered something while the store was asked has it in memory.
      const head = attempt?.state ?? found.head;
      const open = attempt === null ? found.open : openCommands(attempt.commands.values());
      linked.add(presence);
      presence.link = link;
      presence.connectionSince = clock.now();
      presence.heardAt = clock.now();
      presence.heardSteady = clock.steady();
      before?.close(CLOSE.replaced, 'replaced');
      link.send({
        type: 'welcome',
        protocol: PROTOCOL,
        serverTime: clock.now(),
        lastSeq: head.seq,
        lastHash: head.hash,
      });
      for (const issued of open) link.send({ type: 'command', issued });
      changed(presence);
      if (attempt === null) deps.backlog.add(registration.attemptId);
      deps.notices.heardFrom(registration, address);
    };

    /** The attempt itself, for what cannot be answered without its ledger. @throws when it is gone. */
    const read = async ({ attemptId }: Registration): Promise<LiveAttempt> => {
      attempt ??= await deps.attempts.load(attemptId);
      if (attempt === null) throw new Error(`${attemptId} is gone`);
      return attempt;
    };

    /** @returns a promise when the ledger has to be read first. */
    const known = (
      { registration, presence }: Doorway,
      said: KioskToServer,
    ): Promise<void> | null => {
      presence.heardAt = clock.now();
      presence.heardSteady = clock.steady();
      switch (said.type) {
        case 'hello':
          refuse('bad-request', 'hello was said before');
          return null;
        case 'heartbeat': {
          presence.live = said.live;
          hearTime(registration, said.sentAt);
          link.send({ type: 'heartbeat-ack', sentAt: said.sentAt, serverTime: clock.now() });
          attempt ??= deps.attempts.find(registration.attemptId);
          if (attempt !== null) facts.heard(attempt);
          return null;
        }
        case 'entries':
        case 'command-received': {
          if (attempt === null) {
            return read(registration).then((found) => (ended ? undefined : take(found, said)));
          }
          take(attempt, said);
          return null;
        }
      }
    };

    const take = (
      attemptNow: LiveAttempt,
      said: Extract<KioskToServer, { type: 'entries' | 'command-received' }>,
    ): void => {
      if (said.type === 'entries') deps.ingest.submit(attemptNow, said.entries, sender);
      else received(attemptNow, said.commandId);
    };

    const hearTime = ({ device }: Registration, at: EpochMs): void => {
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
        if (kiosk !== null) {
          const connected = kiosk;
          const wait = deps.pace.take(connected.presence, text.length);
          if (wait === 0) return known(connected, said);
          return sleep(wait).then(() =>
            ended ? undefined : (known(connected, said) ?? undefined),
          );
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
        if (kiosk !== null && kiosk.presence.link === link) goOffline(kiosk.presence);
      },
    };
  };

  return {
    open,
    sweep: () => {
      const limit = clock.steady() - SILENCE_MS;
      for (const presence of linked) {
        const { link: silent, heardSteady } = presence;
        if (heardSteady !== null && heardSteady > limit) continue;
        goOffline(presence);
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
