// One build, one server and one browser for all of it: each costs seconds.
import { afterAll } from 'vitest';
import { sharedBench } from './dashboard-page.ts';
import './sign-in.suite.ts';
import './router.suite.ts';
import './rooms.suite.ts';
import './room.suite.ts';
import './commands.suite.ts';
import './endings.suite.ts';
import './room-event.suite.ts';
import './connection.suite.ts';
import './looks.suite.ts';
import './devices.suite.ts';
import './privacy.suite.ts';
import './identity-setup.suite.ts';
import './identity.suite.ts';
import './report.suite.ts';
import './complaints.suite.ts';
import './broken.suite.ts';
import './fuzz.suite.ts';

afterAll(async () => (await sharedBench()).stop());
