import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createPart } from '#renderer/dashboard/shell/part.tsx';
import type { RoomList, RoomListState } from './room-list.ts';

export const [RoomListProvider, useRoomList] = createPart<RoomList>('RoomListProvider');

export const useRooms = <T>(select: (state: RoomListState) => T): T =>
  useStore(useRoomList().store, select);

/** Keeps the list fresh while the component is on screen. @param wanted whether it needs the list now. */
export const useRoomWatch = (wanted: boolean): void => {
  const list = useRoomList();
  useEffect(() => (wanted ? list.watch() : undefined), [list, wanted]);
};
