import type { Policy } from '#shared/incident/policy.ts';
import { bundleOf, playedWorld } from './played.ts';

/**
 * As a program of a build that was changed: plays one attempt and prints it as its server would export it.
 * Arguments: the version of the rules that its policy names; a kind that is stated, `-` for none.
 */
const [version = '1', kind = '-'] = process.argv.slice(2);

const world = playedWorld('electron', {}, (policy: Policy) => ({
  ...policy,
  version: Number(version),
}));
await world.toExam();
await world.time.advance(10_000);
if (kind === '-') {
  // The same display, gone unseen while the program was dead and stated again 20 s later: one act or two.
  world.sensor.begin('extra-display');
  await world.time.advance(4_000);
  world.sensor.lasting.delete('extra-display');
  await world.crash(6_000);
  await world.time.advance(20_000);
  world.sensor.begin('extra-display');
  await world.time.advance(6_000);
} else {
  world.sensor.begin(kind as never);
  await world.time.advance(9_000);
  world.sensor.end(kind as never);
  await world.time.advance(9_000);
  await world.copyAttempt();
}
await world.must({ type: 'submit' });
await world.time.advance(3_000);
console.log(JSON.stringify(await bundleOf(world)));
process.exit(0);
