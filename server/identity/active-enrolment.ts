import type { ServerLog } from '#server/platform/server-log.ts';
import type { ExamineeId } from '#shared/kernel/ids.ts';
import type { Enrolment, EnrolmentStore, Slot } from './ports.ts';

export type ReadEnrolment = (examineeId: ExamineeId, slot?: Slot) => Promise<Enrolment | null>;

/**
 * Reads an enrolment so that one that cannot be read (changed by hand, a damaged page) is like none: then a person
 * decides who sits there, and nobody is kept from an exam by it. The log says so.
 */
export const readEnrolment =
  (deps: {
    readonly enrolments: Pick<EnrolmentStore, 'enrolment'>;
    readonly log: ServerLog;
  }): ReadEnrolment =>
  async (examineeId, slot = 'active') => {
    try {
      return await deps.enrolments.enrolment(examineeId, slot);
    } catch (error) {
      deps.log('error', 'an enrolment cannot be read', { examineeId, slot, error });
      return null;
    }
  };
