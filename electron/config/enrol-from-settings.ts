import { dialog } from 'electron';
import { enrolUnattended, whenNotEnrolled } from '#shared/kiosk/door/unattended-enrolment.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import type { Settings } from '../settings.ts';
import { configWord, describeConfigProblem } from './config-problem.ts';
import { codeIsSpent, forgetCode } from './spent-code.ts';

export interface EnrolFromSettingsDeps {
  readonly host: KioskHost;
  readonly settings: Settings;
  /** The kiosk's data folder. */
  readonly folder: string;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/**
 * Enrols the machine with the code of its configuration; when the configuration has codes but none is good
 * here and the machine is not enrolled, says why, once.
 * @returns how to stop.
 */
export const enrolFromSettings = (deps: EnrolFromSettingsDeps): (() => void) => {
  const { enrolment, enrolmentProblem } = deps.settings;
  if (enrolment !== null && !codeIsSpent(deps.folder, enrolment.code)) {
    return enrolUnattended({
      ...deps,
      code: enrolment.code,
      onEnrolled: () => forgetCode(deps.folder, enrolment),
    });
  }
  if (enrolmentProblem !== null) {
    whenNotEnrolled(deps.host, () => {
      deps.log('warn', 'no enrolment code of the configuration is good here', {
        problem: enrolmentProblem.code,
        file: enrolmentProblem.file,
      });
      dialog.showErrorBox(configWord('enrolment.title'), describeConfigProblem(enrolmentProblem));
    });
  }
  return () => undefined;
};
