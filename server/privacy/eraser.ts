import type { EnrolmentStore } from '#server/identity/ports.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { StillFiles } from '#server/record/ports.ts';
import type { ExamineeId } from '#shared/kernel/ids.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';
import { type Certifier, subjectOf } from './certificates.ts';
import type { PrivacyStore, StillRow } from './ports.ts';

export interface EraserDeps {
  readonly enrolments: Pick<EnrolmentStore, 'removable'>;
  readonly privacy: Pick<PrivacyStore, 'sharedFile' | 'emptyLog'>;
  readonly store: UnitOfWork<{
    readonly enrolments: Pick<EnrolmentStore, 'remove'>;
    readonly privacy: Pick<PrivacyStore, 'remove'>;
    readonly trail: AuditTrail;
  }>;
  readonly stills: Pick<StillFiles, 'remove'>;
  readonly certificates: Certifier;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

export interface ErasureOrder {
  readonly examineeId: ExamineeId;
  readonly reason: DeletionCertificate['reason'];
  /** Who caused it: a member of staff, the person, or `server`. */
  readonly actor: string;
  /** Template, portrait and document, those of a re-enrolment too. */
  readonly enrolment: boolean;
  readonly stills: readonly StillRow[];
  /** Why a member of staff ordered it; that goes on record as well. Absent when nobody did. */
  readonly orderedBecause?: string;
}

/** Deletes pictures and templates and says so under the server's signature. The ledger and its hashes stay. */
export interface Eraser {
  /** @returns null when there was nothing to delete. */
  erase(order: ErasureOrder): Promise<DeletionCertificate | null>;
}

export const eraser = (deps: EraserDeps): Eraser => {
  let last: Promise<unknown> = Promise.resolve();

  const erase = async (order: ErasureOrder): Promise<DeletionCertificate | null> => {
    const { examineeId, reason, actor, enrolment, stills, orderedBecause } = order;
    const values = enrolment ? await deps.enrolments.removable(examineeId) : [];
    if (values.length + stills.length === 0) return null;
    // Files first: a server that is killed here finds the rows again and deletes what is left.
    for (const still of stills) {
      if (await deps.privacy.sharedFile(still, stills)) continue;
      await deps.stills.remove(still.hash, still.mime);
    }
    const certificate = deps.certificates.certify({
      id: `certificate-${deps.random.uuid()}`,
      at: deps.clock.now(),
      reason,
      subject: subjectOf(examineeId),
      items: [
        ...values.map((value) => ({ ...value, attemptId: null })),
        ...stills.map(({ attemptId, hash, bytes }) => ({ what: 'still', attemptId, hash, bytes })),
      ],
    });
    const { id, at } = certificate;
    const entry = { at, actor, subject: examineeId };
    await deps.store.transaction(async (tx) => {
      if (enrolment) await tx.enrolments.remove(examineeId);
      await tx.privacy.remove(certificate, stills);
      await tx.trail.audit({
        ...entry,
        action: 'data-deleted',
        detail: { certificate: id, reason, items: certificate.items.length },
      });
      if (orderedBecause === undefined) return;
      const detail = { certificate: id, reason: orderedBecause };
      await tx.trail.audit({ ...entry, action: 'deletion-ordered', detail });
    });
    await deps.privacy.emptyLog();
    return certificate;
  };

  return {
    // One after the other: nothing is certified twice.
    erase: (order) => {
      const mine = last.then(() => erase(order));
      last = mine.catch(() => null);
      return mine;
    },
  };
};
