import { afterEach, expect, test, vi } from 'vitest';
import { pageFault } from '#renderer/adapters/page-fault.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  [true, new TypeError('Failed to fetch'), 'unknown'],
  [true, new DOMException('signal timed out', 'TimeoutError'), 'timeout'],
  [false, new TypeError('Failed to fetch'), 'no-network'],
  [false, new DOMException('signal timed out', 'TimeoutError'), 'no-network'],
  [true, null, 'unknown'],
])('a page on line: %s, %s', (onLine, failure, cause) => {
  vi.stubGlobal('navigator', { onLine });
  expect(pageFault(failure).cause).toBe(cause);
});
