import type { MigrationProvider } from 'kysely/migration';
import { firstTables } from './0001-first.ts';
import { orderKeys } from './0002-order-keys.ts';
import { releaseTables } from './0003-releases.ts';
import { deviceTables } from './0004-devices.ts';
import { accommodationList } from './0005-accommodations.ts';
import { identityTables } from './0006-identity.ts';
import { givenForms } from './0007-forms.ts';
import { importMarks } from './0008-imports.ts';
import { givenTerms } from './0009-given-terms.ts';
import { venueZones } from './0010-venue-zones.ts';
import { contradictions } from './0011-contradictions.ts';
import { carriedOn } from './0012-carried-on.ts';
import { carriedAttempts } from './0013-carried-attempts.ts';
import { documentDoubt } from './0015-document-doubt.ts';
import { foldTables } from './0016-folds.ts';
import { identityThresholds } from './0017-identity-thresholds.ts';

/**
 * Migrations in order, in code so that nothing has to be found on disk. One that was released is never changed, and
 * neither is what it does to SQLite; a new one is added.
 */
export const migrations: MigrationProvider = {
  getMigrations: async () => ({
    '0001-first': firstTables,
    '0002-order-keys': orderKeys,
    '0003-releases': releaseTables,
    '0004-devices': deviceTables,
    '0005-accommodations': accommodationList,
    '0006-identity': identityTables,
    '0007-forms': givenForms,
    '0008-imports': importMarks,
    '0009-given-terms': givenTerms,
    '0010-venue-zones': venueZones,
    '0011-contradictions': contradictions,
    '0012-carried-on': carriedOn,
    '0013-carried-attempts': carriedAttempts,
    '0015-document-doubt': documentDoubt,
    '0016-folds': foldTables,
    '0017-identity-thresholds': identityThresholds,
  }),
};
