import { afterAll, describe } from 'vitest';
import { databaseKinds } from './databases.ts';
import { accessContract } from './stores/access.contract.ts';
import { bankContract } from './stores/bank.contract.ts';
import { deviceContract } from './stores/device.contract.ts';
import { enrolmentContract } from './stores/enrolment.contract.ts';
import { entryLogContract } from './stores/entry-log.contract.ts';
import { foldContract } from './stores/fold.contract.ts';
import { identitySetupContract } from './stores/identity-setup.contract.ts';
import { keyCheckContract } from './stores/key-check.contract.ts';
import { ledgerBacklogContract } from './stores/ledger-backlog.contract.ts';
import { peopleRegisterContract } from './stores/people-register.contract.ts';
import { planContract } from './stores/plan.contract.ts';
import { privacyContract } from './stores/privacy.contract.ts';
import { recordContract } from './stores/record.contract.ts';
import { registryContract } from './stores/registry.contract.ts';
import { releaseContract } from './stores/release.contract.ts';
import { termsContract } from './stores/terms.contract.ts';
import { unitOfWorkContract } from './unit-of-work.contract.ts';
import { universityImportContract } from './university-import.contract.ts';

for (const kind of databaseKinds()) {
  describe(kind.name, () => {
    afterAll(() => kind.close());
    unitOfWorkContract(kind);
    accessContract(kind);
    registryContract(kind);
    bankContract(kind);
    peopleRegisterContract(kind);
    planContract(kind);
    universityImportContract(kind);
    recordContract(kind);
    termsContract(kind);
    entryLogContract(kind);
    foldContract(kind);
    ledgerBacklogContract(kind);
    deviceContract(kind);
    releaseContract(kind);
    enrolmentContract(kind);
    privacyContract(kind);
    identitySetupContract(kind);
    keyCheckContract(kind);
  });
}
