import { createContext, type ReactNode, use, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Locale } from '#renderer/ui/i18n.ts';
import { showTimesOf } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EnrolmentStatus } from '#shared/wire/enrolment.ts';
import { localeOf } from './enrolment-locale.ts';
import type { Enrolment } from './enrolment-session.ts';
import type { EnrolmentState } from './enrolment-store.ts';

const Context = createContext<Enrolment | null>(null);

export const EnrolmentProvider = ({
  enrolment,
  children,
}: {
  enrolment: Enrolment;
  children: ReactNode;
}) => <Context value={enrolment}>{children}</Context>;

export const useEnrolment = (): Enrolment => {
  const enrolment = use(Context);
  if (enrolment === null) throw new Error('There is no enrolment around this screen');
  return enrolment;
};

export const useEnrolmentState = <T,>(select: (state: EnrolmentState) => T): T =>
  useStore(useEnrolment().store, select);

/** Of whoever is signed in. @throws on a screen for those who are not. */
export const useStatus = (): EnrolmentStatus => {
  const status = useEnrolmentState((state) => state.status);
  if (status === null) throw new Error('Nobody is signed in');
  // Before anything of it is drawn: hours are those of the venue, however this machine is set.
  showTimesOf(status.timeZone);
  return status;
};

export const useLocale = (): Locale => localeOf(useTranslation().i18n);

/** Something that is asked of the server by a button: whether it runs, and what came in its way. */
export const useAction = (): {
  readonly running: boolean;
  readonly problem: Problem | null;
  /** @returns whether it went well. */
  run(action: () => Promise<Problem | null>): Promise<boolean>;
} => {
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    running,
    problem,
    run: async (action) => {
      setRunning(true);
      setProblem(null);
      const outcome = await action();
      setProblem(outcome);
      setRunning(false);
      return outcome === null;
    },
  };
};
