import { fillsTheScreen, hasKeyboardLock } from '#renderer/adapters/web-lockdown.ts';
import { presentWebSession } from '#renderer/adapters/web-session.ts';
import { asked, type BrowserCheck, browserChecks, presentFacts } from './browser-checks.ts';

/** What the page shows of its browser; asked again when somebody wants it. */
export const checkPresentBrowser = async (): Promise<readonly BrowserCheck[]> => {
  const [kiosk, keyboardLock] = await Promise.all([
    asked(async () => (await presentWebSession(fillsTheScreen())).kind === 'managed-kiosk', false),
    asked(hasKeyboardLock, false),
  ]);
  return browserChecks(await presentFacts(kiosk, keyboardLock));
};
