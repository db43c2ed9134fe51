import type { Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor, edges } from './dom-sensor.ts';

interface ScreenDetails extends EventTarget {
  readonly screens: readonly unknown[];
}
interface ManyScreens {
  readonly isExtended?: boolean;
}

const manyScreens = (): Screen & ManyScreens & EventTarget => window.screen as Screen & EventTarget;

/** The list of screens, only where policy or the person has allowed it already: nobody is asked during an exam. */
const allowedDetails = async (): Promise<ScreenDetails | null> => {
  const source = window as Window & { getScreenDetails?: () => Promise<ScreenDetails> };
  if (source.getScreenDetails === undefined) return null;
  try {
    const name = 'window-management' as PermissionName;
    const { state } = await navigator.permissions.query({ name });
    return state === 'granted' ? await source.getScreenDetails() : null;
  } catch {
    // A browser that does not know the permission.
    return null;
  }
};

/** Art. 29p: more than one screen. */
export const displaySensor = (): Sensor =>
  domSensor(
    'display',
    ['extra-display'],
    ({ listen, emit, limited, stopped }) => {
      const screen = manyScreens();
      if (screen.isExtended === undefined) {
        return limited({ 'extra-display': { reason: 'platform', partly: false } });
      }
      // Screens that show the same picture are one screen to a page.
      limited({ 'extra-display': { reason: 'page-only', partly: true } });
      const extra = edges(emit, 'extra-display');
      let details: ScreenDetails | null = null;
      const look = () => {
        const screens = details?.screens.length;
        const now = screen.isExtended === true || (screens ?? 1) > 1;
        extra(now, { extended: now, ...(screens === undefined ? {} : { screens }) });
      };
      listen(screen, 'change', look);
      look();
      void allowedDetails().then((allowed) => {
        if (allowed === null || stopped.aborted) return;
        details = allowed;
        listen(allowed, 'screenschange', look);
        look();
      });
    },
    async () => {
      const { isExtended } = manyScreens();
      if (isExtended === undefined) {
        return { id: 'display', outcome: 'not-watched', cause: 'unknown', blocks: false };
      }
      return isExtended
        ? { id: 'display', outcome: 'failed', cause: 'several', blocks: true }
        : { id: 'display', outcome: 'ok', blocks: true };
    },
  );
