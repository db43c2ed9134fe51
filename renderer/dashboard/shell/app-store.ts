import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Here, Place } from '#renderer/dashboard/room/sessions.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { RoomSummary, StaffProfile } from '#shared/wire/dashboard.ts';

/** `unreachable`: nobody knows yet whether somebody is signed in, because the server does not answer. */
export type Stage = 'starting' | 'unreachable' | 'signed-out' | 'signed-in';

export interface AppState {
  readonly stage: Stage;
  readonly me: StaffProfile | null;
  /** Why the person is not in: shown with the log-in. */
  readonly notice: Problem | null;
  /** null until they came for the first time; then the last ones that came. */
  readonly rooms: readonly RoomSummary[] | null;
  /** When `rooms` came, server time. */
  readonly roomsAt: EpochMs | null;
  /** Why there is nothing newer than `rooms`. */
  readonly roomsProblem: Problem | null;
  /** When they are asked for again by themselves after a problem, server time. */
  readonly roomsRetryAt: EpochMs | null;
  readonly roomsBusy: boolean;
  readonly place: Place | null;
  /** What is known of `place`, also when a newer list has no such session any more (past midnight). */
  readonly here: Here | null;
  /** The examinee whose panel is open. */
  readonly selected: string | null;
  readonly sound: boolean;
}

export const SIGNED_OUT: Omit<AppState, 'sound'> = {
  stage: 'signed-out',
  me: null,
  notice: null,
  rooms: null,
  roomsAt: null,
  roomsProblem: null,
  roomsRetryAt: null,
  roomsBusy: false,
  place: null,
  here: null,
  selected: null,
};

export type AppStore = StoreApi<AppState>;
export const createAppStore = (sound: boolean): AppStore =>
  createStore<AppState>()(() => ({ ...SIGNED_OUT, stage: 'starting', sound }));
