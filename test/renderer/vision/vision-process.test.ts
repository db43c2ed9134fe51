import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VisionProcess } from '#renderer/vision/vision-process.ts';
import type { VisionReply, VisionRequest } from '#renderer/vision/worker/vision-messages.ts';

/** A worker whose answers the test gives: a real one can't be made to hang on demand. */
class ScriptedWorker extends EventTarget implements Worker {
  onmessage: Worker['onmessage'] = null;
  onmessageerror: Worker['onmessageerror'] = null;
  onerror: Worker['onerror'] = null;
  readonly heard: VisionRequest[] = [];
  terminated = false;
  postMessage(message: VisionRequest): void {
    this.heard.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  says(reply: VisionReply): void {
    this.onmessage?.(new MessageEvent('message', { data: reply }));
  }
}

class Frame {
  closed = false;
  close(): void {
    this.closed = true;
  }
}

const frame = () => new Frame() as unknown as VideoFrame & Frame;
const LUMA = { mean: 1, std: 1, flatFraction: 1, faceMean: null, difference: null };

describe('the life of the vision worker', () => {
  let workers: ScriptedWorker[];
  let states: string[];
  let identity: string[];
  let vision: VisionProcess;
  const last = () => {
    const worker = workers.at(-1);
    if (!worker) throw new Error('no worker yet');
    return worker;
  };
  const answer = (id: number): VisionReply => ({
    type: 'looked',
    id,
    faces: [],
    objects: undefined,
    luma: LUMA,
    lookMs: 9,
  });

  beforeEach(() => {
    vi.useFakeTimers();
    workers = [];
    states = [];
    identity = [];
    vision = new VisionProcess({
      base: 'http://localhost/vision/',
      createWorker: () => {
        const worker = new ScriptedWorker();
        workers.push(worker);
        return worker;
      },
      onState: (state, reason) => states.push(reason ? `${state}: ${reason}` : state),
      onIdentityState: (state, reason) => identity.push(reason ? `${state}: ${reason}` : state),
    });
    vision.start();
  });
  afterEach(() => {
    vision.stop();
    vi.useRealTimers();
  });

  it('loads once, however often it is started', () => {
    vision.start();
    expect(workers).toHaveLength(1);
    expect(last().heard).toEqual([{ type: 'load', base: 'http://localhost/vision/' }]);
    last().says({ type: 'ready' });
    expect(states).toEqual(['loading', 'ready']);
  });

  it('looks at one frame at a time and closes what it does not look at', async () => {
    const early = frame();
    expect(await vision.look(early)).toBeNull();
    expect(early.closed).toBe(true);

    last().says({ type: 'ready' });
    const looked = vision.look(frame());
    expect(vision.free).toBe(false);
    const second = frame();
    expect(await vision.look(second)).toBeNull();
    expect(second.closed).toBe(true);

    last().says(answer(99));
    expect(vision.free).toBe(false);
    last().says(answer(1));
    expect(await looked).toMatchObject({ faces: [], objects: undefined, lookMs: 9 });
    expect(vision.free).toBe(true);
  });

  it('replaces a worker that hangs over a look', async () => {
    last().says({ type: 'ready' });
    const looked = vision.look(frame());
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await looked).toBeNull();
    expect(workers[0]?.terminated).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(workers).toHaveLength(2);
    last().says({ type: 'ready' });
    expect(states).toEqual([
      'loading',
      'ready',
      'failed: a look took too long',
      'loading',
      'ready',
    ]);
    expect(vision.free).toBe(true);
  });

  it('replaces a worker that never finishes loading', async () => {
    await vi.advanceTimersByTimeAsync(90_000);
    expect(states.at(-1)).toBe('failed: the models took too long to load');
  });

  it('waits longer each time, up to ten seconds, until a look succeeds', async () => {
    for (const wait of [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
      const before = workers.length;
      last().says({ type: 'failed', reason: 'no model' });
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(workers).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(workers).toHaveLength(before + 1);
    }
    last().says({ type: 'ready' });
    const looked = vision.look(frame());
    last().says(answer(1));
    await looked;
    last().says({ type: 'failed', reason: 'again' });
    const before = workers.length;
    await vi.advanceTimersByTimeAsync(500);
    expect(workers).toHaveLength(before + 1);
  });

  it('makes stills while it looks, and gives up on one that does not come', async () => {
    last().says({ type: 'ready' });
    void vision.look(frame());
    const made = vision.still(frame());
    last().says({ type: 'still', id: 2, jpeg: new Uint8Array([255, 216]) });
    expect(await made).toEqual(new Uint8Array([255, 216]));

    const never = vision.still(frame());
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await never).toBeNull();
  });

  it('answers everybody when it stops, and stays silent then', async () => {
    last().says({ type: 'ready' });
    const looked = vision.look(frame());
    const made = vision.still(frame());
    vision.stop();
    expect(await looked).toBeNull();
    expect(await made).toBeNull();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(workers).toHaveLength(1);
    expect(states).toEqual(['loading', 'ready']);
  });

  it('does not come back to life when stopped between two workers', async () => {
    last().says({ type: 'failed', reason: 'broken' });
    vision.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(workers).toHaveLength(1);
  });

  const captured = (id: number): VisionReply => ({
    type: 'captured',
    id,
    capture: {
      faces: 0,
      face: null,
      facePixels: 0,
      faceMean: 0,
      sharpness: 0,
      descriptor: null,
    },
    captureMs: 50,
    descriptorMs: null,
  });
  const asked = (type: VisionRequest['type']) =>
    workers.flatMap(({ heard }) => heard).filter((request) => request.type === type).length;

  it('never captures while it looks, nor looks while it captures', async () => {
    last().says({ type: 'ready' });
    void vision.look(frame());
    const early = frame();
    expect(await vision.capture(early)).toBeNull();
    expect(early.closed).toBe(true);
    last().says(answer(1));
    const capture = vision.capture(frame());
    expect(vision.free).toBe(false);
    expect(await vision.look(frame())).toBeNull();
    last().says(captured(2));
    expect(await capture).toMatchObject({ faces: 0, descriptor: null });
    expect(vision.free).toBe(true);
  });

  it('replaces a worker that hangs over a capture', async () => {
    last().says({ type: 'ready' });
    const capture = vision.capture(frame());
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await capture).toBeNull();
    expect(states.at(-1)).toBe('failed: a capture took too long');
  });

  it('loads the identity model once, when it is wanted and the face finder is there', () => {
    last().says({ type: 'ready' });
    expect(asked('load-identity')).toBe(0);
    vision.wantIdentity();
    vision.wantIdentity();
    expect(asked('load-identity')).toBe(1);
    last().says({ type: 'identity-ready' });
    void vision.capture(frame());
    expect(asked('load-identity')).toBe(1);
    expect(identity).toEqual(['loading', 'ready']);
  });

  it('keeps the wish for it until the face finder is there, and for every later worker', async () => {
    vision.wantIdentity();
    expect(asked('load-identity')).toBe(0);
    last().says({ type: 'ready' });
    last().says({ type: 'identity-ready' });
    last().says({ type: 'failed', reason: 'broken' });
    await vi.advanceTimersByTimeAsync(500);
    last().says({ type: 'ready' });
    expect(asked('load-identity')).toBe(2);
    expect(identity).toEqual(['loading', 'ready', 'off', 'loading']);
  });

  it('looks on when the identity model fails, and tries again no sooner than in half a minute', async () => {
    last().says({ type: 'ready' });
    vision.wantIdentity();
    last().says({ type: 'identity-failed', reason: 'no weights' });
    expect(identity).toEqual(['loading', 'failed: no weights']);
    expect(vision.free).toBe(true);
    await vi.advanceTimersByTimeAsync(29_999);
    vision.wantIdentity();
    expect(asked('load-identity')).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    vision.wantIdentity();
    expect(asked('load-identity')).toBe(2);
    expect(states).toEqual(['loading', 'ready']);
    expect(workers).toHaveLength(1);
  });

  it('gives up on an identity model that never finishes loading', async () => {
    last().says({ type: 'ready' });
    vision.wantIdentity();
    await vi.advanceTimersByTimeAsync(90_000);
    expect(identity.at(-1)).toBe('failed: the identity model took too long to load');
    expect(states).toEqual(['loading', 'ready']);
  });
});
