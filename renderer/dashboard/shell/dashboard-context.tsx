import { createContext, type ReactNode, use, useCallback, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { RoomState } from '#renderer/dashboard/live/room-store.ts';
import type { Locale } from '#renderer/ui/i18n.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { AppState } from './app-store.ts';
import type { Dashboard } from './dashboard.ts';

const DashboardContext = createContext<Dashboard | null>(null);

export const DashboardProvider = ({
  dashboard,
  children,
}: {
  dashboard: Dashboard;
  children: ReactNode;
}) => <DashboardContext value={dashboard}>{children}</DashboardContext>;

export const useDashboard = (): Dashboard => {
  const dashboard = use(DashboardContext);
  if (dashboard === null) throw new Error('A screen was drawn outside DashboardProvider');
  return dashboard;
};

export const useApp = <T,>(select: (state: AppState) => T): T =>
  useStore(useDashboard().app, select);

export const useRoom = <T,>(select: (state: RoomState) => T): T =>
  useStore(useDashboard().room, select);

type Plain = string | number | boolean | null;

/**
 * Something that follows from the room and from the server's clock. The component is drawn again only
 * when the value changes, so what is derived must be a plain value.
 */
export const useDerived = <T extends Plain>(derive: (room: RoomState, now: EpochMs) => T): T => {
  const { room, clock } = useDashboard();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [room.subscribe(listener), clock.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [room, clock],
  );
  return useSyncExternalStore(subscribe, () => derive(room.getState(), clock.lastTick()));
};

/** Something that follows from the server's clock alone. */
export const useClock = <T extends Plain>(derive: (now: EpochMs) => T): T => {
  const { clock } = useDashboard();
  return useSyncExternalStore(clock.subscribe, () => derive(clock.lastTick()));
};

export const useLocale = (): Locale => {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'es';
};
