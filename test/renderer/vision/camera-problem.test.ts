import { describe, expect, it } from 'vitest';
import { cameraProblemOf } from '#renderer/vision/open-camera.ts';

describe('why a camera does not open', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'in-use'],
    ['AbortError', 'in-use'],
    ['TypeError', 'failed'],
  ])('%s is %s', (name, problem) => {
    expect(cameraProblemOf(new DOMException('', name))).toBe(problem);
  });

  it('anything else thrown is a failure', () => {
    expect(cameraProblemOf(undefined)).toBe('failed');
  });
});
