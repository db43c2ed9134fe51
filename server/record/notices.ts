import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import { type LiveAttempt, register } from './live-attempt.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { Notice, RecordStore } from './ports.ts';
import type { RecordFacts } from './record-facts.ts';
import type { Registration, RegistryStore } from './registry-ports.ts';

/** What the server itself notices about an attempt: second log-ins and addresses (S7; Art. 29l, 35l). */
export interface NoticeBoard {
  /** Stores the notice, tells it to whoever follows the record and writes it to the audit trail. */
  post(attempt: LiveAttempt, kind: IncidentKind, facts: Facts): Promise<void>;
  /** The kiosk connected from this address; another one than before is noticed. */
  heardFrom(registration: Registration, address: string): void;
}

export interface NoticeDeps {
  readonly registry: RegistryStore;
  readonly store: UnitOfWork<{
    readonly records: Pick<RecordStore, 'addNotice'>;
    readonly trail: AuditTrail;
  }>;
  readonly attempts: Pick<LiveAttempts, 'load'>;
  readonly facts: Pick<RecordFacts, 'changed'>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly log: ServerLog;
}

/** One machine has two loopback addresses and IPv4 may come dressed as IPv6: none of it is a move. */
const plainAddress = (address: string): string => {
  const bare = address.replace(/^::ffff:(?=\d+\.)/, '');
  return bare === '::1' || bare.startsWith('127.') ? 'loopback' : bare;
};

export const noticeBoard = (deps: NoticeDeps): NoticeBoard => {
  const post: NoticeBoard['post'] = async (attempt, kind, facts) => {
    const { attemptId } = attempt.registration;
    const notice: Notice = {
      id: `server:${kind}:${deps.random.uuid()}`,
      attemptId,
      kind,
      at: deps.clock.now(),
      facts,
    };
    await deps.store.transaction(async ({ records, trail }) => {
      await records.addNotice(notice);
      await trail.audit({
        at: notice.at,
        actor: 'server',
        action: `notice-${kind}`,
        subject: attemptId,
        detail: facts,
      });
    });
    attempt.notices.push(notice);
    deps.facts.changed(attempt, { notices: [notice] });
  };

  const moved = async ({ attemptId }: Registration, address: string): Promise<void> => {
    const attempt = await deps.attempts.load(attemptId);
    const before = attempt?.registration.address;
    if (attempt === null || before === undefined || before === address) return;
    register(attempt, { ...attempt.registration, address });
    await deps.registry.setAddress(attemptId, address);
    if (before !== null) await post(attempt, 'second-ip', { before, now: address });
  };

  return {
    post,
    heardFrom: (registration, address) => {
      const now = plainAddress(address);
      // Most stay where they are, and need nobody's ledger.
      if (registration.address === now) return;
      moved(registration, now).catch((error: unknown) =>
        deps.log('error', 'address not stored', { error }),
      );
    },
  };
};
