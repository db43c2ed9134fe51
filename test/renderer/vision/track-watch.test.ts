import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TrackWatch } from '#renderer/vision/track-watch.ts';

const OWN = { kind: 'videoinput', deviceId: 'own' } as const;
const OTHER = { kind: 'videoinput', deviceId: 'other' } as const;

/** A camera of ten frames a second that the page checks ten times a second, in virtual time. */
const watched = () => {
  const track = {
    readyState: 'live' as 'live' | 'ended',
    muted: false,
    getSettings: () => ({ deviceId: 'own' }),
  };
  let devices: readonly { readonly kind: MediaDeviceKind; readonly deviceId: string }[] | null = [
    OWN,
  ];
  let now = 1_000;
  const listed = async () => {
    if (devices === null) throw new Error('nobody answers');
    return devices;
  };
  const watch = new TrackWatch(track, listed, now);
  const said = new Set<string>();
  return {
    track,
    said,
    plug: (list: typeof devices) => {
      devices = list;
    },
    status: () => watch.status(now),
    /** @param stepMs how often the page's timers come. @param frames whether frames come between them. */
    pass: async (ms: number, frames: boolean, stepMs = 100) => {
      for (let left = ms; left > 0; left -= stepMs) {
        now += stepMs;
        if (frames) watch.frame(now);
        watch.check(now);
        said.add(watch.status(now));
        await Promise.resolve();
        await Promise.resolve();
      }
    },
  };
};

describe('a camera without a picture', () => {
  test('that works says so', async () => {
    const { pass, said } = watched();
    await pass(10_000, true);
    expect([...said]).toEqual(['ok']);
  });

  test.each<[string, (camera: ReturnType<typeof watched>) => Promise<void>, string]>([
    [
      'its track ended',
      async ({ track, pass }) => {
        track.readyState = 'ended';
        await pass(100, false);
      },
      'ended',
    ],
    [
      'it is muted in the middle of its frames',
      async ({ track, pass }) => {
        track.muted = true;
        await pass(5_000, false);
      },
      'muted',
    ],
    ['its frames stop', ({ pass }) => pass(1_000, false), 'no-frames'],
    [
      'its frames stop, and the browser calls that muted',
      async ({ track, pass }) => {
        await pass(2_500, false);
        track.muted = true;
        await pass(20_000, false);
      },
      'no-frames',
    ],
    [
      'the page stood still, and finds it muted',
      async ({ track, pass }) => {
        track.muted = true;
        await pass(4_000, false, 4_000);
      },
      'no-frames',
    ],
    [
      'its frames stop and its device is not there among others',
      async ({ plug, pass }) => {
        plug([OTHER]);
        await pass(1_500, false);
      },
      'ended',
    ],
    [
      'its frames stop and the list of devices is empty, which says nothing',
      async ({ plug, pass }) => {
        plug([]);
        await pass(5_000, false);
      },
      'no-frames',
    ],
    [
      'its frames stop and devices have no names',
      async ({ plug, pass }) => {
        plug([{ kind: 'videoinput', deviceId: '' }]);
        await pass(5_000, false);
      },
      'no-frames',
    ],
    [
      'its frames stop and nobody lists devices',
      async ({ plug, pass }) => {
        plug(null);
        await pass(5_000, false);
      },
      'no-frames',
    ],
    ['timers come once a second for good', ({ pass }) => pass(600_000, false, 1_000), 'unheard'],
    ['timers come once a minute for good', ({ pass }) => pass(600_000, false, 60_000), 'unheard'],
    [
      'timers come once a second after its frames had stopped',
      async ({ pass }) => {
        await pass(2_000, false);
        await pass(60_000, false, 1_000);
      },
      'unheard',
    ],
    [
      'timers come in time again, and still no frame',
      async ({ pass }) => {
        await pass(60_000, false, 1_000);
        await pass(2_000, false);
      },
      'no-frames',
    ],
    [
      'its frames come back by themselves',
      async ({ track, pass }) => {
        await pass(2_500, false);
        track.muted = true;
        await pass(10_000, false);
        track.muted = false;
        await pass(200, true);
      },
      'ok',
    ],
    [
      'timers come once a second, and its frames too',
      ({ pass }) => pass(600_000, true, 1_000),
      'ok',
    ],
  ])('because %s', async (_why, happen, expected) => {
    const camera = watched();
    await camera.pass(3_000, true);
    await happen(camera);
    expect(camera.status()).toBe(expected);
  });

  test('is told within seconds however the timers come, and never as an act', () => {
    const step = fc.integer({ min: 300, max: 60_000 });
    return fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 40 }), async (steps) => {
        const { pass, status, said } = watched();
        await pass(1_000, true);
        for (const ms of steps) await pass(ms, false, ms);
        expect(status()).toBe('unheard');
        expect(said.has('ended') || said.has('muted') || said.has('no-frames')).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
