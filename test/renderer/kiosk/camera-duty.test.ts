import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CameraDuty, startCameraDuty } from '#renderer/kiosk/camera-duty.ts';
import type { CameraFault, CameraFeed, VisionLoading } from '#renderer/kiosk/camera-feed.ts';
import { createKioskStore, type KioskStore } from '#renderer/kiosk/store.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import { policyFor } from '#test/support/fake/policy-for.ts';
import { ScriptedHost } from './harness/scripted-host.ts';
import { beforeExam, closedView, inExam, ticketAt } from './views.ts';

const GOOD: CameraSample = {
  ageMs: 20,
  status: 'ok',
  faces: [{ x: 0.38, y: 0.22, width: 0.24, height: 0.36, score: 0.96, yaw: 0.02 }],
  luma: { mean: 120, std: 48, flatFraction: 0.2, faceMean: 130, difference: 2.4 },
};

const CAPTURE: FaceCapture = {
  ageMs: 30,
  faces: 1,
  face: { x: 0.38, y: 0.22, width: 0.24, height: 0.36, score: 0.96, yaw: 0.02 },
  facePixels: 154,
  faceMean: 130,
  sharpness: 90,
  descriptor: new Array<number>(128).fill(0.1),
};

const FRAMELESS: CameraSample = { ageMs: 0, status: 'no-frames', faces: [], luma: null };

/** A camera under the test's hand. */
const fakeFeed = () => {
  const listeners = new Set<(sample: CameraSample) => void>();
  const loading = new Set<(loading: VisionLoading) => void>();
  const state = {
    starts: 0,
    stops: 0,
    fault: null as CameraFault | null,
    captures: 0,
    capture: CAPTURE as FaceCapture | null,
    /** What a capture under way waits for. */
    capturing: Promise.resolve(),
    prepared: 0,
  };
  const feed: CameraFeed = {
    start: async () => {
      state.starts += 1;
      return state.fault === null ? ok(null) : fail(state.fault);
    },
    stop: () => {
      state.stops += 1;
    },
    onSample: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show: () => () => undefined,
    onCameras: () => () => undefined,
    chooseCamera: async () => ok(null),
    still: async () => new Uint8Array([1]),
    portrait: async () => new Uint8Array([2]),
    capture: async () => {
      state.captures += 1;
      await state.capturing;
      return state.capture;
    },
    prepareIdentity: () => {
      state.prepared += 1;
    },
    onLoading: (listener) => {
      loading.add(listener);
      return () => loading.delete(listener);
    },
  };
  const say = (sample: CameraSample) => {
    for (const listener of listeners) listener(sample);
  };
  const load = (progress: VisionLoading) => {
    for (const listener of loading) listener(progress);
  };
  return { feed, state, say, load };
};

let host: ScriptedHost;
let store: KioskStore;
let camera: ReturnType<typeof fakeFeed>;
let duty: CameraDuty;

beforeEach(() => {
  vi.useFakeTimers();
  host = new ScriptedHost();
  store = createKioskStore(host);
  camera = fakeFeed();
  duty = startCameraDuty(host, camera.feed, store, () => Date.now());
});
afterEach(() => {
  duty.stop();
  store.dispose();
  vi.useRealTimers();
});
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the camera runs', () => {
  test('from the device check to the closing, and is given back', async () => {
    await pass(10);
    expect(camera.state.starts).toBe(0);
    host.show(beforeExam('device-check'));
    await pass(10);
    expect(camera.state.starts).toBe(1);
    host.show(inExam());
    await pass(5_000);
    expect(camera.state.starts).toBe(1);
    host.show(closedView({ closedBy: 'examinee' }));
    expect(camera.state.stops).toBe(1);
    expect(store.getState().camera).toEqual({ status: 'off' });
  });

  test('never for the exempt', async () => {
    host.show(beforeExam('waiting', { ticket: ticketAt(Date.now(), true) }));
    await pass(20_000);
    expect(camera.state.starts).toBe(0);
    expect(host.samples).toEqual([]);
  });
});

describe('the host gets', () => {
  test('every sample, and a still each second while the picture is good', async () => {
    host.show(inExam());
    await pass(10);
    await pass(3_000);
    expect(host.stills).toBe(0);
    camera.say(GOOD);
    await pass(3_000);
    expect(host.samples).toEqual([GOOD]);
    expect(host.stills).toBe(3);
  });

  test('nothing after closing', async () => {
    host.show(inExam());
    await pass(10);
    camera.say(GOOD);
    host.show(closedView({ closedBy: 'time' }));
    camera.say(GOOD);
    await pass(3_000);
    expect(host.samples).toHaveLength(1);
    expect(host.stills).toBe(0);
  });
});

describe('a camera that cannot be used', () => {
  test('is told to the screens and to the rules, and tried again by itself', async () => {
    camera.state.fault = 'in-use';
    host.show(inExam());
    await pass(10);
    expect(store.getState().camera).toEqual({ status: 'fault', fault: 'in-use' });
    await pass(3_000);
    expect(host.samples.map(({ status }) => status)).toEqual(['ended', 'ended', 'ended']);
    camera.state.fault = null;
    await pass(4_000);
    expect(camera.state.starts).toBe(2);
    expect(store.getState().camera.status).toBe('on');
  });

  test('is tried at once when the person asks', async () => {
    camera.state.fault = 'denied';
    host.show(beforeExam('framing'));
    await pass(10);
    camera.state.fault = null;
    duty.retry();
    await pass(10);
    expect(store.getState().camera.status).toBe('on');
  });

  test('that was unplugged is opened again; its own samples are not doubled', async () => {
    host.show(inExam());
    await pass(10);
    const gone: CameraSample = { ageMs: 0, status: 'ended', faces: [], luma: null };
    for (let tick = 0; tick < 12; tick += 1) {
      camera.say(gone);
      await pass(500);
    }
    expect(camera.state.starts).toBe(2);
    expect(host.samples).toHaveLength(12);
  });

  test.each<[CameraFault | null, string]>([
    [null, 'on'],
    ['in-use', 'on'],
    ['failed', 'on'],
    ['missing', 'fault'],
    ['denied', 'fault'],
  ])('that gives no frames is opened anew beside: %s', async (fault, status) => {
    host.show(inExam());
    await pass(10);
    camera.say(FRAMELESS);
    await pass(6_000);
    expect(camera.state.starts).toBe(1);
    camera.state.fault = fault;
    camera.say(FRAMELESS);
    await pass(3_000);
    expect(camera.state.starts).toBe(2);
    expect(store.getState().camera.status).toBe(status);
    await pass(1_000);
    // Nobody says that it is gone because it could not be opened a second time.
    expect(host.samples.some((one) => one.status === 'ended')).toBe(status === 'fault');
  });

  test('is not opened anew when its frames came back meanwhile', async () => {
    host.show(inExam());
    await pass(10);
    camera.say(FRAMELESS);
    await pass(6_000);
    camera.say(GOOD);
    await pass(20_000);
    expect(camera.state.starts).toBe(1);
  });

  test('keeps its reason on screen while it also says that it is gone', async () => {
    host.show(inExam());
    await pass(10);
    camera.state.fault = 'missing';
    duty.retry();
    await pass(10);
    camera.say({ ageMs: 0, status: 'ended', faces: [], luma: null });
    expect(store.getState().camera).toEqual({ status: 'fault', fault: 'missing' });
  });
});

test('a good picture says for how long it has been good', async () => {
  host.show(beforeExam('framing'));
  await pass(10);
  camera.say(GOOD);
  await pass(1_500);
  camera.say(GOOD);
  expect(store.getState().camera).toEqual({ status: 'on', advice: 'ok', okForMs: 1_500 });
  camera.say({ ...GOOD, faces: [] });
  camera.say(GOOD);
  expect(store.getState().camera).toEqual({ status: 'on', advice: 'ok', okForMs: 0 });
});

test('who may have a helper in the picture is not held up by one', async () => {
  const ticket = ticketAt(Date.now());
  const helped = { ...ticket, policy: policyFor(new Set(['second-person'])) };
  const two = {
    ...GOOD,
    faces: [...GOOD.faces, ...GOOD.faces.map((face) => ({ ...face, x: 0.7 }))],
  };
  for (const [own, advice] of [
    [ticket, 'two-people'],
    [helped, 'ok'],
  ] as const) {
    host.show(beforeExam('framing', { ticket: own }));
    await pass(10);
    camera.say(two);
    expect(store.getState().camera).toMatchObject({ advice });
  }
});

const withFaces = () => ({
  ...ticketAt(Date.now()),
  identity: { check: 'face', enrolled: true, challenge: true } as const,
});

describe('captures for the identity', () => {
  test('go to the host as often as it asks, the first at once, and stop when it asks no more', async () => {
    host.show(inExam({}, { captureEveryMs: 1_000 }));
    await pass(10);
    expect(host.captures).toBe(1);
    await pass(3_000);
    expect(host.captures).toBe(4);
    host.show(inExam({}, { captureEveryMs: 10_000 }));
    await pass(9_990);
    expect(host.captures).toBe(5);
    host.show(inExam({}, { captureEveryMs: null }));
    await pass(60_000);
    expect(camera.state.captures).toBe(5);
  });

  test('are never two at once, and one without a picture is not told', async () => {
    const slow = Promise.withResolvers<void>();
    camera.state.capturing = slow.promise;
    host.show(inExam({}, { captureEveryMs: 500 }));
    await pass(5_000);
    expect(camera.state.captures).toBe(1);
    camera.state.capture = null;
    slow.resolve();
    await pass(600);
    expect(camera.state.captures).toBe(2);
    expect(host.captures).toBe(0);
  });

  test('end with the exam', async () => {
    host.show(inExam({}, { captureEveryMs: 500 }));
    await pass(10);
    host.show(closedView({ closedBy: 'time' }, { captureEveryMs: 500 }));
    await pass(5_000);
    expect(host.captures).toBe(1);
  });
});

describe('the identity model is loaded', () => {
  test.each([
    ['not before the rules are accepted', 'rules', true, false],
    ['while the picture is being framed', 'framing', true, true],
    ['after a restart in the waiting room', 'waiting', true, true],
    ['never where the room checks by hand', 'waiting', false, false],
  ] as const)('%s', async (_, phase, faces, loaded) => {
    host.show(beforeExam(phase, faces ? { ticket: withFaces() } : {}));
    await pass(2_000);
    expect(camera.state.prepared > 0).toBe(loaded);
  });

  test('and the screens learn how far it is', () => {
    camera.load({ progress: 0.4, identity: 'loading' });
    expect(store.getState().vision).toEqual({ progress: 0.4, identity: 'loading' });
  });
});
