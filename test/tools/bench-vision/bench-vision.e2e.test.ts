// One lab for all of it: a browser and the models cost seconds.
import { afterAll } from 'vitest';
import { sharedLab } from './shared-lab.ts';
import './scenes.suite.ts';
import './shapes.suite.ts';
import './clips.suite.ts';

afterAll(async () => (await sharedLab()).close());
