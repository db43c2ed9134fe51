import type { AttemptCore } from '#shared/kiosk/attempt/attempt-core.ts';

/** Enters the lockdown; what it cannot do must never keep an examinee from the exam. Nothing when it is entered. */
export const enterLockdown = async (core: AttemptCore): Promise<void> => {
  try {
    await core.deps.lockdown.enter(core.state().policy ?? core.ticket.policy);
  } catch (failure) {
    core.deps.log('error', 'lockdown could not be entered', { detail: String(failure) });
  }
};

/** Gives the machine back; a step that fails is the host's to undo at its next start. */
export const leaveLockdown = async (core: AttemptCore): Promise<void> => {
  try {
    await core.deps.lockdown.leave();
  } catch (failure) {
    core.deps.log('error', 'lockdown could not be left', { detail: String(failure) });
  }
};
