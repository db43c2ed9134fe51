import { describe, expect, test, vi } from 'vitest';
import type { FaceFeed } from '#renderer/enrolment/face-feed.ts';
import { type FaceRunState, startFaceRun, type TakenFaces } from '#renderer/enrolment/face-run.ts';
import type { VisionLoading } from '#renderer/kiosk/camera-feed.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import { CAPTURES } from '#shared/wire/enrolment.ts';
import { capture } from './captures.ts';

vi.mock('#renderer/enrolment/picture-cut.ts', () => ({
  // There is no canvas here; the cut has its own test.
  cutPortrait: async (whole: Uint8Array) => whole,
}));

/** A camera that shows what `next` says, with its clock moving on a second at each look. */
const feedOf = (next: (look: number) => FaceCapture | null) => {
  let looks = 0;
  let clock = 0;
  const samples = new Set<(sample: CameraSample) => void>();
  const loading = new Set<(loading: VisionLoading) => void>();
  let state: VisionLoading = { progress: 1, identity: 'ready' };
  const feed: FaceFeed = {
    start: async () => ok(null),
    stop: () => undefined,
    show: () => () => undefined,
    onSample: (listener) => {
      samples.add(listener);
      return () => samples.delete(listener);
    },
    capture: async () => {
      looks += 1;
      clock += 1_000;
      return next(looks);
    },
    portrait: async () => Uint8Array.of(looks),
    prepareIdentity: () => undefined,
    onLoading: (listener) => {
      loading.add(listener);
      listener(state);
      return () => loading.delete(listener);
    },
  };
  return {
    feed,
    now: () => clock,
    sample: (status: CameraSample['status']) => {
      for (const listener of samples) listener({ ageMs: 0, status, faces: [], luma: null });
    },
    load: (change: Partial<VisionLoading>) => {
      state = { ...state, ...change };
      for (const listener of loading) listener(state);
    },
  };
};

const start = (camera: ReturnType<typeof feedOf>, secure = true) => {
  const states: FaceRunState[] = [];
  const taken: { readonly faces: TakenFaces; readonly complete: boolean }[] = [];
  const run = startFaceRun({
    feed: camera.feed,
    onState: (state) => states.push(state),
    onTaken: (faces, complete) => taken.push({ faces, complete }),
    now: camera.now,
    secure,
  });
  return { run, states, taken };
};
const until = (check: () => boolean) => vi.waitUntil(check, { timeout: 15_000, interval: 10 });

describe('the run of captures', () => {
  test('takes as many as there are to be, offers what there is from the least number on, and ends', async () => {
    const camera = feedOf((look) => capture(look));
    const { taken } = start(camera);
    await until(() => taken.some(({ complete }) => complete));
    expect(taken.map(({ faces }) => faces.captures.length)).toEqual([3, 4, 5]);
    expect(taken.map(({ complete }) => complete)).toEqual([false, false, true]);
    expect(taken.at(-1)?.faces.captures).toHaveLength(CAPTURES.most);
  });

  test('keeps the picture of the sharpest frames', async () => {
    // The picture is taken after the odd look and confirmed by the even one.
    const camera = feedOf((look) =>
      capture(look, { sharpness: look === 5 || look === 6 ? 190 : 100 }),
    );
    const { taken } = start(camera);
    await until(() => taken.some(({ complete }) => complete));
    expect(taken.at(-1)?.faces.portrait).toEqual(Uint8Array.of(5));
  });

  test.each<[string, Partial<FaceCapture>]>([
    ['two people', { faces: 2 }],
    ['a dark room', { faceMean: 12 }],
  ])('takes nothing of %s', async (_, wrong) => {
    const camera = feedOf((look) => capture(look, wrong));
    const { run, states, taken } = start(camera);
    await until(() => states.filter(({ phase }) => phase === 'looking').length >= 5);
    run.stop();
    expect(taken).toEqual([]);
    expect(states.every((state) => state.phase !== 'looking' || state.count === 0)).toBe(true);
  });

  test('a picture with somebody else in the frame right after it is not taken', async () => {
    // Alone at each odd look, with somebody at each even one: the picture between them is nobody's.
    const camera = feedOf((look) => capture(look, { faces: look % 2 === 0 ? 2 : 1 }));
    const { run, states, taken } = start(camera);
    await until(() => states.filter(({ phase }) => phase === 'looking').length >= 6);
    run.stop();
    expect(taken).toEqual([]);
  });
});

describe('what is in the way', () => {
  test('a page without encryption gets no camera, and says so', async () => {
    const { states } = start(
      feedOf(() => null),
      false,
    );
    await until(() => states.length > 0);
    expect(states).toEqual([{ phase: 'fault', fault: 'insecure' }]);
  });

  test.each(['denied', 'missing', 'in-use', 'failed'] as const)('%s', async (fault) => {
    const camera = feedOf(() => null);
    const refused = { ...camera, feed: { ...camera.feed, start: async () => fail(fault) } };
    const { states } = start(refused);
    await until(() => states.some(({ phase }) => phase === 'fault'));
    expect(states.at(-1)).toEqual({ phase: 'fault', fault });
  });

  test('a camera that gives nothing for a while is lost, and found again', async () => {
    const camera = feedOf((look) => capture(look, { faces: 2 }));
    const { run, states } = start(camera);
    await until(() => states.some(({ phase }) => phase === 'looking'));
    camera.sample('ok');
    camera.sample('no-frames');
    expect(states.at(-1)?.phase).toBe('looking');
    await until(() => {
      camera.sample('no-frames');
      return states.at(-1)?.phase === 'fault';
    });
    expect(states.at(-1)).toEqual({ phase: 'fault', fault: 'lost' });
    camera.sample('ok');
    await until(() => states.at(-1)?.phase === 'looking');
    run.stop();
  });

  test('nothing is taken before the model is there; one that cannot be had is said', async () => {
    const camera = feedOf((look) => capture(look));
    camera.load({ identity: 'loading', progress: 0.4 });
    const { run, states, taken } = start(camera);
    await until(() => camera.now() > 3_000);
    expect(taken).toEqual([]);
    expect(states.at(-1)).toEqual({ phase: 'starting', progress: 0.4 });
    camera.load({ identity: 'failed' });
    expect(states.at(-1)).toEqual({ phase: 'fault', fault: 'vision' });
    camera.load({ identity: 'ready' });
    await until(() => taken.some(({ complete }) => complete));
    run.stop();
  });
});
