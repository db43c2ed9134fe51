import type { Policy } from '#shared/incident/policy.ts';

/** Closing and opening the machine around an exam. */
export interface Lockdown {
  /** Takes the screen and closes what can be closed. What it cannot do is in the capabilities, never thrown. */
  enter(policy: Policy): Promise<void>;
  /** Gives the machine back as it was. Safe to call twice. */
  leave(): Promise<void>;
}
