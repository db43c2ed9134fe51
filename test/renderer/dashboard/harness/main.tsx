import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '#renderer/ui/global.css';
import '#renderer/dashboard/shell/dashboard.css';
import { MantineProvider } from '@mantine/core';
import { createRoot, type Root } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { composeDashboard } from '#renderer/dashboard/compose.ts';
import { App } from '#renderer/dashboard/dashboard-app.tsx';
import { DashboardProvider } from '#renderer/dashboard/shell/dashboard-context.tsx';
import { startDashboardI18n } from '#renderer/dashboard/shell/dashboard-locale.ts';
import { dashboardTheme } from '#renderer/dashboard/shell/dashboard-theme.ts';
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
let root: Root | null = null;

const start = (): void => {
  life = beginLife();
  const i18n = startDashboardI18n();
  const dashboard = composeDashboard(location.href);
  void dashboard.start();
  root = createRoot(element);
  root.render(
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={dashboardTheme} defaultColorScheme="auto">
        <DashboardProvider dashboard={dashboard}>
          <App />
        </DashboardProvider>
      </MantineProvider>
    </I18nextProvider>,
  );
};

const leave = (): void => {
  root?.unmount();
  life?.end();
  root = null;
  life = null;
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', location.pathname);
};

window.dashboardHarness = { start, leave };
start();
