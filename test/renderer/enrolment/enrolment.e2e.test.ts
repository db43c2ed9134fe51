// One build, one server, one camera and one browser for all of it: each costs seconds.
import { afterAll } from 'vitest';
import { sharedBench } from './enrolment-page.ts';
import './door.suite.ts';
import './road.suite.ts';
import './camera.suite.ts';

afterAll(async () => (await sharedBench()).stop());
