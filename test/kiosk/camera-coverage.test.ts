import { describe, expect, it } from 'vitest';
import { notWatchedIn } from '#shared/incident/coverage.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import { type CameraSight, withCamera } from '#shared/kiosk/camera/camera-coverage.ts';
import { builtCoverage } from '#shared/kiosk/machine/machine-coverage.ts';

const BUILT = builtCoverage([], new Set());
const ALL: CameraSight = { faces: 'ok', objects: true, identity: 'ok' };
const CAMERA: readonly IncidentKind[] = [
  'camera-off',
  'camera-covered',
  'camera-frozen',
  'no-face',
  'off-frame',
  'turned-away',
  'several-faces',
  'low-light',
  'prohibited-object',
  'identity-mismatch',
];

describe('what the camera covers', () => {
  it.each<[string, Partial<CameraSight>, readonly IncidentKind[]]>([
    ['all that it can', {}, []],
    ['no object model', { objects: false }, ['prohibited-object']],
    ['a room that checks by hand', { identity: 'by-hand' }, ['identity-mismatch']],
    ['no descriptor model', { identity: 'failed' }, ['identity-mismatch']],
    [
      'models that fail: only that the camera is there',
      { faces: 'failed' },
      CAMERA.filter((kind) => kind !== 'camera-off'),
    ],
  ])('%s', (_, change, expected) => {
    const open = notWatchedIn(withCamera(BUILT, { ...ALL, ...change }));
    expect(CAMERA.filter((kind) => open.includes(kind))).toEqual(expected);
  });

  it('says why', () => {
    const coverage = withCamera(BUILT, { faces: 'failed', objects: false, identity: 'by-hand' });
    expect(coverage['no-face']).toEqual({ level: 'not-watched', reason: 'sensor-failed' });
    expect(coverage['prohibited-object']).toEqual({ level: 'not-watched', reason: 'no-model' });
    expect(coverage['identity-mismatch']).toEqual({ level: 'not-watched', reason: 'by-hand' });
  });

  it('leaves what has nothing to do with the camera alone', () => {
    const coverage = withCamera(BUILT, { faces: 'failed', objects: false, identity: 'failed' });
    for (const kind of ['focus-lost', 'clipboard', 'connectivity-lost', 'peripheral'] as const)
      expect(coverage[kind]).toEqual(BUILT[kind]);
  });
});
