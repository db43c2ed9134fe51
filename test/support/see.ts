import { expect } from '@playwright/test';

/**
 * Playwright's expectations of a page, with the patience of a loaded machine, ms. A page that is right is waited for
 * no longer than it takes; a wrong one costs the time.
 */
export const see = expect.configure({ timeout: 30_000 });
