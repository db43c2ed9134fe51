// One browser for all that need the same one: a browser, and each loading of the models, costs seconds.
import { afterAll } from 'vitest';
import { sharedVision } from '#test/support/vision-page.ts';
import './identity.suite.ts';
import './camera.suite.ts';
import './files.suite.ts';
import './machines.suite.ts';

afterAll(async () => (await sharedVision()).close());
