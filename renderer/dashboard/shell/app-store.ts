import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Problem } from '#shared/kernel/problem.ts';
import type { StaffProfile } from '#shared/wire/dashboard.ts';

/** `unreachable`: nobody knows yet whether somebody is signed in, because the server does not answer. */
export type Stage = 'starting' | 'unreachable' | 'signed-out' | 'signed-in';

export interface AppState {
  readonly stage: Stage;
  readonly me: StaffProfile | null;
  /** Why the person is not in: shown with the log-in. */
  readonly notice: Problem | null;
  readonly sound: boolean;
}

export const SIGNED_OUT: Omit<AppState, 'sound'> = { stage: 'signed-out', me: null, notice: null };

export type AppStore = StoreApi<AppState>;
export const createAppStore = (sound: boolean): AppStore =>
  createStore<AppState>()(() => ({ ...SIGNED_OUT, stage: 'starting', sound }));
