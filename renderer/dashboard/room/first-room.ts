import { useLayoutEffect } from 'react';
import { goTo, useRoute } from '#renderer/dashboard/shell/navigation.ts';
import { useShell } from '#renderer/dashboard/shell/shell-context.tsx';
import { useRoomList, useRooms } from './room-list-context.ts';
import { onlyPlace } from './sessions.ts';

/**
 * Whoever arrives at the beginning, and watches one room with one session now, is led straight in: once per
 * log-in, so that the way back to the list stays open.
 */
export const useFirstRoom = (): void => {
  const { clock } = useShell();
  const { store } = useRoomList();
  const rooms = useRooms((s) => s.rooms);
  const arrived = useRooms((s) => s.arrived);
  const atStart = useRoute().name === 'rooms';
  // Before the list is drawn: it would only flash.
  useLayoutEffect(() => {
    if (arrived || (atStart && rooms === null)) return;
    store.setState({ arrived: true });
    const place = atStart && rooms !== null ? onlyPlace(rooms, clock.now()) : null;
    // Replaced, not pushed: "back" must not bounce into the same room again.
    if (place !== null) goTo('room', place, { replace: true });
  }, [arrived, atStart, rooms, store, clock]);
};
