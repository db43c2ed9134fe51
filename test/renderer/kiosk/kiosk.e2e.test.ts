// One page, one server and one browser for all of it: each costs seconds.
import { afterAll } from 'vitest';
import { sharedHarness } from './harness/kiosk-page.ts';
import './connection.suite.ts';
import './entry-keys.suite.ts';
import './exam-keys.suite.ts';
import './identity.suite.ts';
import './screens.suite.ts';
import './fuzz.suite.ts';

afterAll(async () => (await sharedHarness()).stop());
