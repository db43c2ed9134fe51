import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '#renderer/ui/global.css';
import './shell/dashboard.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { composeDashboard } from './compose.ts';
import { App } from './dashboard-app.tsx';
import { DashboardProvider } from './shell/dashboard-context.tsx';
import { startDashboardI18n } from './shell/dashboard-locale.ts';
import { dashboardTheme } from './shell/dashboard-theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the dashboard');

const i18n = startDashboardI18n();
const dashboard = composeDashboard(location.href);
void dashboard.start();

createRoot(root).render(
  <I18nextProvider i18n={i18n}>
    <MantineProvider theme={dashboardTheme} defaultColorScheme="auto">
      <DashboardProvider dashboard={dashboard}>
        <App />
      </DashboardProvider>
    </MantineProvider>
  </I18nextProvider>,
);
