import type { BenchRow } from '#test/bench/bench-row.ts';
import { type BadRoomCamera, badHour } from '#test/support/bad-hour.ts';
import type { FakeWorld } from '#test/support/fake/fake-host.ts';
import { generatedClips } from '#tools/bench-vision/generated-clips.ts';
import { VisionLab } from '#tools/bench-vision/measure.ts';
import type { TimedSample } from '#tools/bench-vision/page/main.ts';
import { resolveSet } from '#tools/bench-vision/vision-set.ts';
import { PERSON_NAMES, type PersonName } from '#tools/clip/acting/people.ts';

/** How many of each person's two-minute clips of normal behaviour are drawn; all of them are an hour. */
const CLIPS = Number(process.env.HOUR_CLIPS ?? 5);
/** Before and after what is cut out of a clip, so that the worker knows the bright picture, ms. */
const LEAD_MS = 6_000;
const SCENE_MS = 64_000;

type Scene = 'normal' | 'gone' | 'two-people' | 'lights-out';
/** What the product's worker stated of a drawn scene, and how long it lasts. */
interface Reel {
  readonly samples: readonly TimedSample[];
  readonly ms: number;
}
type Reels = Readonly<Record<Scene, Reel>>;

const lookAt = async (lab: VisionLab, worker: number, clip: object): Promise<Reel> => {
  const [resolved] = resolveSet({ name: 'hour', about: 'hour', clips: [clip] }, '.').clips;
  if (resolved === undefined) throw new Error('no clip');
  const { samples, durationMs } = await lab.look(worker, resolved);
  return { samples, ms: durationMs };
};

const endToEnd = (reels: readonly Reel[]): Reel =>
  reels.reduce(
    (all, { samples, ms }) => ({
      samples: [...all.samples, ...samples.map(({ t, sample }) => ({ t: t + all.ms, sample }))],
      ms: all.ms + ms,
    }),
    { samples: [], ms: 0 },
  );

const draw = async (lab: VisionLab, worker: number, who: PersonName): Promise<Reels> => {
  const normal: Reel[] = [];
  const own = generatedClips().filter(
    ({ condition, person }) => condition === 'normal' && person === who,
  );
  for (const clip of own.slice(0, CLIPS)) normal.push(await lookAt(lab, worker, clip));
  const scene = async (act: Exclude<Scene, 'normal'>): Promise<Reel> => {
    const acts = [
      { act: 'sitting', ms: LEAD_MS, who },
      { act, ms: SCENE_MS },
    ];
    const clip = { acts, seed: 77, person: who, condition: act, expected: [] };
    const { samples } = await lookAt(lab, worker, clip);
    const cut = samples.filter(({ t }) => t > LEAD_MS + 1_000);
    return { samples: cut.map(({ t, sample }) => ({ t: t - LEAD_MS, sample })), ms: SCENE_MS };
  };
  return {
    normal: endToEnd(normal),
    gone: await scene('gone'),
    'two-people': await scene('two-people'),
    'lights-out': await scene('lights-out'),
  };
};

/** Plays the drawn person before the camera of a world in virtual time. */
const drawnCamera =
  (reels: Reels) =>
  (world: FakeWorld): BadRoomCamera => {
    let scene: Scene = 'normal';
    let fromMs = world.time.now();
    /** Where the normal behaviour goes on after something else. */
    let normalMs = 0;
    let last: TimedSample | null = null;
    const show = (next: Scene): void => {
      const now = world.time.now();
      if (scene === 'normal') normalMs += now - fromMs;
      scene = next;
      fromMs = now;
    };
    world.camera = () => {
      const { samples, ms } = reels[scene];
      const passed = world.time.now() - fromMs + (scene === 'normal' ? normalMs : 0);
      const at = passed % ms;
      const due = samples.findLast(({ t }) => t <= at) ?? samples.at(-1);
      if (due === undefined || due === last) return null;
      last = due;
      return { ...due.sample, worked: true };
    };
    return {
      people: (count) => show(count === 0 ? 'gone' : count === 1 ? 'normal' : 'two-people'),
      lights: (on) => show(on ? 'normal' : 'lights-out'),
      // The drawn people look about by themselves.
      turn: () => undefined,
    };
  };

/**
 * An hour of drawn normal behaviour with starts, pauses, reopenings, room views, slow cameras, sleeps and lights out in
 * it, for each drawn person: the product's own worker looks at the pictures, the product's own engine judges.
 */
export async function run(): Promise<BenchRow[]> {
  const lab = await VisionLab.open();
  let counts = 0;
  let hours = 0;
  let minutes = 0;
  const kinds: string[] = [];
  try {
    const worker = await lab.worker();
    for (const [seed, who] of PERSON_NAMES.entries()) {
      const reels = await draw(lab, worker, who);
      minutes += reels.normal.ms / 60_000;
      const counted = new Set<string>();
      await badHour(seed + 1, drawnCamera(reels), ({ view }, happening) => {
        for (const one of view.attempt?.incidents ?? [])
          if (one.counted && one.kind !== 'clipboard' && !counted.has(one.id)) {
            counted.add(one.id);
            kinds.push(`${who} ${one.kind} after ${happening}`);
          }
      });
      counts += counted.size;
      hours += 1;
    }
  } finally {
    await lab.close();
  }
  for (const line of kinds) console.log(`  counted: ${line}`);
  return [
    { name: 'normal hour: normal behaviour drawn', value: minutes, unit: 'min' },
    { name: 'normal hour: hours played', value: hours, unit: 'h' },
    {
      name: 'normal hour: counts with all that stops and starts an exam',
      value: counts,
      unit: '',
      goal: '0',
      ok: counts === 0,
    },
  ];
}

if (import.meta.main) {
  const rows = await run();
  console.table(rows);
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
}
