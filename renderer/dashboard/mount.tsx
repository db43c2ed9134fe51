import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { composeDashboard } from './compose.ts';
import { DashboardApp } from './dashboard-app.tsx';
import { LiveProvider } from './live/live-context.ts';
import { RoomListProvider } from './room/room-list-context.ts';
import { startDashboardI18n } from './shell/dashboard-locale.ts';
import { dashboardTheme } from './shell/dashboard-theme.ts';
import { ShellProvider } from './shell/shell-context.tsx';

/**
 * Draws the dashboard.
 * @param page address of the page, `.../dashboard/`.
 * @returns takes it away again, with its connections and listeners.
 */
export const mountDashboard = (place: HTMLElement, page: string): (() => void) => {
  const i18n = startDashboardI18n();
  const dashboard = composeDashboard(page);
  const root = createRoot(place);
  root.render(
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={dashboardTheme} defaultColorScheme="auto">
        <ShellProvider value={dashboard.shell}>
          <LiveProvider value={dashboard.live}>
            <RoomListProvider value={dashboard.rooms}>
              <Guarded shape="screen">
                <DashboardApp />
              </Guarded>
            </RoomListProvider>
          </LiveProvider>
        </ShellProvider>
      </MantineProvider>
    </I18nextProvider>,
  );
  void dashboard.shell.start();
  return () => {
    root.unmount();
    dashboard.stop();
  };
};
