import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Problem } from '#shared/kernel/problem.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { MachineNetwork } from '#shared/ports/machine-network.port.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import type { CameraDuty } from './camera-duty.ts';
import type { CameraFeed } from './camera-feed.ts';
import type { KioskState, KioskStore } from './store.ts';

/** What the screens work with. Made once by `compose.ts`, or by a test with a scripted host. */
export interface Kiosk {
  readonly host: KioskHost;
  readonly store: KioskStore;
  readonly feed: CameraFeed;
  readonly duty: CameraDuty;
  /** The machine's own network; null where the screens cannot see it. */
  readonly network: MachineNetwork | null;
}

const KioskContext = createContext<Kiosk | null>(null);

export const KioskProvider = ({ kiosk, children }: { kiosk: Kiosk; children: ReactNode }) => (
  <KioskContext value={kiosk}>{children}</KioskContext>
);

export const useKiosk = (): Kiosk => {
  const kiosk = use(KioskContext);
  if (kiosk === null) throw new Error('A screen was drawn outside KioskProvider');
  return kiosk;
};

export const useKioskState = <T,>(select: (state: KioskState) => T): T =>
  useStore(useKiosk().store, select);

/** The host's current view; only inside screens, which are drawn once there is one. */
export const useView = (): KioskView => {
  const view = useKioskState((state) => state.view);
  if (view === null) throw new Error('A screen was drawn before the first view');
  return view;
};

export interface ActionRunner {
  readonly running: boolean;
  readonly problem: Problem | null;
  /** Asks the host; the call is made at once, so that it still counts as the person's own gesture. */
  run(action: KioskAction): Promise<boolean>;
}

/** Runs what a person asked for and keeps its outcome for the screen. */
export const useAction = (): ActionRunner => {
  const { host } = useKiosk();
  const [running, setRunning] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const online = useKioskState(({ view }) => view?.connection.online === true);
  useEffect(() => {
    // The server answers again: what was said of the connection is no longer so.
    if (online) setProblem((before) => (before?.code === 'offline' ? null : before));
  }, [online]);
  const run = useCallback(
    async (action: KioskAction): Promise<boolean> => {
      setRunning((count) => count + 1);
      setProblem(null);
      try {
        const result = await host.perform(action);
        if (!result.ok) setProblem(result.error);
        return result.ok;
      } catch {
        setProblem({ code: 'server-failed' });
        return false;
      } finally {
        setRunning((count) => count - 1);
      }
    },
    [host],
  );
  return { running: running > 0, problem, run };
};
