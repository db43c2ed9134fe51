import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Locale } from '#renderer/ui/i18n.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { AppState, AppStore } from './app-store.ts';
import type { Server } from './desk-ask.ts';
import type { ServerClock } from './desk-clock.ts';
import { createPart } from './part.tsx';

/** What every screen stands in. */
export interface Shell {
  readonly server: Server;
  readonly app: AppStore;
  readonly clock: ServerClock;
  /** Finds out who is signed in. */
  start(): Promise<void>;
  signIn(user: string, password: string): Promise<Problem | null>;
  /** @param everywhere also on every other computer. */
  signOut(everywhere?: boolean): Promise<void>;
  setSound(on: boolean): void;
}

export const [ShellProvider, useShell] = createPart<Shell>('ShellProvider');

/** The questions that a feature asks: its `api.ts`, on this page's server. */
export const useApi = <T,>(create: (server: Server) => T): T => {
  const { server } = useShell();
  return useMemo(() => create(server), [create, server]);
};

export const useApp = <T,>(select: (state: AppState) => T): T => useStore(useShell().app, select);

/** What a component may derive: plain, so that it is drawn again only when it changes. */
export type Plain = string | number | boolean | null;

/** Something that follows from the server's clock alone. */
export const useClock = <T extends Plain>(derive: (now: EpochMs) => T): T => {
  const { clock } = useShell();
  const subscribe = useCallback((listener: () => void) => clock.subscribe(listener), [clock]);
  return useSyncExternalStore(subscribe, () => derive(clock.lastTick()));
};

export const useLocale = (): Locale => {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'es';
};
