import { type MeasuredClip, VisionLab } from '#tools/bench-vision/measure.ts';
import type { TimedSample } from '#tools/bench-vision/page/main.ts';
import { resolveSet, type SetClip } from '#tools/bench-vision/vision-set.ts';

/** One worker of the bench's lab, with its models loaded once for all suites of a test run. */
export interface SharedLab {
  look(clip: SetClip): Promise<readonly TimedSample[]>;
  measure(clip: SetClip): Promise<MeasuredClip>;
  close(): Promise<void>;
}

let shared: Promise<SharedLab> | null = null;

/** The lab that all suites share; whoever ends the run closes it. */
export const sharedLab = (): Promise<SharedLab> => {
  shared ??= (async () => {
    const lab = await VisionLab.open();
    const worker = await lab.worker();
    return {
      look: async (clip) => (await lab.look(worker, clip)).samples,
      measure: (clip) => lab.clip(worker, clip, null),
      close: () => lab.close(),
    };
  })();
  return shared;
};

/** Clips as a set's file would name them. */
export const clipsOf = (clips: object[], folder = '.'): readonly SetClip[] =>
  resolveSet({ name: 'test', about: 'test', clips }, folder).clips;

/** A y4m file of a folder. */
export const fileClip = (folder: string, file: string): SetClip => {
  const [clip] = clipsOf([{ file, person: 'p01', condition: file, expected: [] }], folder);
  if (clip === undefined) throw new Error('no clip');
  return clip;
};
