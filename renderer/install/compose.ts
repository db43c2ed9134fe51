import { fillsTheScreen, hasKeyboardLock } from '#renderer/adapters/web-lockdown.ts';
import { presentWebSession } from '#renderer/adapters/web-session.ts';
import { type BrowserCheck, browserChecks, presentFacts } from './browser-checks.ts';

/** What the page shows of its browser; asked again when somebody wants it. */
export const checkPresentBrowser = async (): Promise<readonly BrowserCheck[]> => {
  const { kind } = await presentWebSession(fillsTheScreen());
  return browserChecks(await presentFacts(kind === 'managed-kiosk', hasKeyboardLock()));
};
