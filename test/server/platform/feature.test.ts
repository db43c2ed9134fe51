import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkRights, FeatureError, feature } from '#server/platform/feature.ts';
import { startJobs } from '#server/platform/jobs.ts';
import { RIGHTS } from '#shared/wire/roles.ts';
import { startServer, type TestServer } from '#test/server/harness.ts';

const FAULT = new Error('the disk is full');
const fails = (): never => {
  throw FAULT;
};

describe('a feature that cannot start is named', () => {
  test('when it is built', async () => {
    const broken = feature('fleet', (_: null) => fails());
    await expect(broken(null)).rejects.toThrow('feature fleet could not start: the disk is full');
    await expect(broken(null)).rejects.toMatchObject({ cause: FAULT });
  });

  /** What breaks in a whole server, and the feature that it belongs to. */
  const BROKEN = [
    ['platform', { pagesFolder: '/dev/null' }],
    ['people', { passwords: { hash: fails, verify: fails } }],
    ['fleet', { devices: { allowedBuilds: () => Promise.reject(FAULT) } }],
    ['privacy', { certificateSeed: new Uint8Array(3) }],
  ] as const;

  test.each(BROKEN)('%s', async (name, deps) => {
    const start = startServer({ deps: deps as Partial<TestServer['deps']> });
    await expect(start).rejects.toThrow(FeatureError);
    await expect(start).rejects.toThrow(`feature ${name} could not start: `);
  });

  /** Of these nothing is read at the start; what can go wrong there is that somebody else has a route of theirs. */
  test.each([
    ['record', 'POST', '/api/attempts/:attemptId/entries'],
    ['identity', 'POST', '/api/enrolment/sign-in'],
    ['exam', 'POST', '/api/examinees/sign-in'],
    ['room', 'GET', '/api/rooms'],
  ] as const)('%s', async (name, method, url) => {
    const beforeRoutes: TestServer['deps']['beforeRoutes'] = async (app) => {
      app.route({ method, url, handler: async () => 'taken' });
    };
    const start = startServer({ deps: { beforeRoutes } });
    await expect(start).rejects.toThrow(FeatureError);
    await expect(start).rejects.toThrow(`feature ${name} could not start: `);
  });
});

test('each right belongs to one feature', () => {
  const one = { name: 'one', rights: RIGHTS.slice(1) };
  const two = { name: 'two', rights: RIGHTS.slice(0, 1) };
  expect(() => checkRights([one, two])).not.toThrow();
  expect(() => checkRights([one])).toThrow(`the right ${RIGHTS[0]} belongs to no feature`);
  expect(() => checkRights([one, two, { ...two, name: 'three' }])).toThrow(
    `the right ${RIGHTS[0]} belongs to two, three`,
  );
});

describe('jobs', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const job = (run: () => void | Promise<void>, atStart = false) => {
    const lines: unknown[] = [];
    const jobs = startJobs([{ name: 'sweep', everyMs: 1_000, atStart, run }], (...line) =>
      lines.push(line),
    );
    return { jobs, lines };
  };

  test('run at their pace, at the start only when asked, and no more once stopped', async () => {
    vi.useFakeTimers();
    let runs = 0;
    const { jobs } = job(() => {
      runs += 1;
    });
    expect(runs).toBe(0);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(runs).toBe(3);
    await jobs.stop();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(runs).toBe(3);
    const eager = job(() => {
      runs += 1;
    }, true);
    expect(runs).toBe(4);
    await eager.jobs.stop();
  });

  test('are never run twice at a time, and stopping waits for the run under way', async () => {
    vi.useFakeTimers();
    let runs = 0;
    let finish = (): void => undefined;
    const { jobs } = job(() => {
      runs += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(runs).toBe(1);
    let stopped = false;
    const stopping = jobs.stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect([runs, stopped]).toEqual([1, false]);
    finish();
    await stopping;
    expect(stopped).toBe(true);
  });

  test('that fail are logged by name and tried again', async () => {
    vi.useFakeTimers();
    const { jobs, lines } = job(fails);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lines).toEqual([
      ['error', 'job failed', { job: 'sweep', error: FAULT }],
      ['error', 'job failed', { job: 'sweep', error: FAULT }],
    ]);
    await jobs.stop();
  });
});
