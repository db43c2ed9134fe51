import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '#renderer/ui/global.css';
import '#renderer/dashboard/shell/dashboard.css';
import { mountDashboard } from '#renderer/dashboard/mount.tsx';
import { beginLife, type PageLife } from './page-life.ts';

declare global {
  interface Window {
    /** The dashboard on the page now. `start` is what `renderer/dashboard/main.tsx` does when the page is loaded. */
    dashboardHarness: {
      start(): void;
      /** Leaves nothing of it: neither on screen, nor in storage, nor on its way to the server. */
      leave(): void;
    };
  }
}

const element = document.getElementById('root');
if (element === null) throw new Error('The page has no #root');
let life: PageLife | null = null;
let unmount: (() => void) | null = null;

const start = (): void => {
  life = beginLife();
  unmount = mountDashboard(element, location.href);
};

const leave = (): void => {
  unmount?.();
  life?.end();
  unmount = null;
  life = null;
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', location.pathname);
};

window.dashboardHarness = { start, leave };
start();
