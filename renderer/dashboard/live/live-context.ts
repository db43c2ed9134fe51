import { useCallback, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { createPart } from '#renderer/dashboard/shell/part.tsx';
import { type Plain, useShell } from '#renderer/dashboard/shell/shell-context.tsx';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { LiveRoom } from './live-room.ts';
import type { RoomState } from './room-store.ts';

export const [LiveProvider, useLive] = createPart<LiveRoom>('LiveProvider');

export const useRoom = <T>(select: (state: RoomState) => T): T => useStore(useLive().store, select);

/**
 * Something that follows from the room and from the server's clock. The component is drawn again only
 * when the value changes, so what is derived must be a plain value.
 */
export const useDerived = <T extends Plain>(derive: (room: RoomState, now: EpochMs) => T): T => {
  const { store } = useLive();
  const { clock } = useShell();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [store.subscribe(listener), clock.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [store, clock],
  );
  return useSyncExternalStore(subscribe, () => derive(store.getState(), clock.lastTick()));
};
