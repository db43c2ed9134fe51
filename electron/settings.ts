import { Check } from 'typebox/value';
import type { PeripheralRules } from '#shared/incident/peripheral-rules.ts';
import type { ProgramRules } from '#shared/incident/program-rules.ts';
import type { NetworkRights } from '#shared/ports/machine-network.port.ts';
import { type ConfigMachine, configMachine } from './config/config-machine.ts';
import { ConfigError, type ConfigProblem } from './config/config-problem.ts';
import { type Config, readConfig } from './config/read-config.ts';
import { SettingsSchema } from './config/settings-schema.ts';
import { proposedName, type SiteEnrolment, siteEnrolment } from './config/site-enrolment.ts';

/** What technology staff set on a machine; `docs/deployment.md` says where and how. */
export interface Settings {
  /** Origin of the central server. */
  readonly server: string;
  readonly room: string | null;
  /** The name that enrolment proposes, 1..80 characters. */
  readonly deviceName: string;
  /** Language of the first screen; null leaves it to the program. */
  readonly locale: 'es' | 'en' | null;
  /** Which releases this machine takes; `none` never updates by itself. */
  readonly updateChannel: string;
  /** Ids of sensors that stay off. */
  readonly switchedOffSensors: readonly string[];
  /** What the person may do about the machine's network. */
  readonly network: NetworkRights;
  /** Null: only what comes with the kiosk. */
  readonly programs: ProgramRules | null;
  readonly peripherals: PeripheralRules | null;
  /** How the machine enrols by itself; null when the configuration has no good code for it. */
  readonly enrolment: SiteEnrolment | null;
  /** Why there is none although the configuration has codes. Only of interest while the machine is not enrolled. */
  readonly enrolmentProblem: ConfigProblem | null;
  /** Where each value came from, for the doctor. */
  readonly origins: Config['origins'];
}

const UPDATE_CHANNEL = 'stable';

const dayOf = (time: Date): string => {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
};

export interface SettingsOptions {
  /** Whether this is the installed program: ATALAYA_SERVER and files that anyone can write count only before that. */
  readonly packaged: boolean;
  readonly machine?: ConfigMachine;
  readonly today?: Date;
}

/**
 * Reads the settings: policy, then the machine's folder, then the user's data folder. Before packaging the
 * environment variable ATALAYA_SERVER wins over all, so that one machine can be tried against another server.
 * @param folder the kiosk's data folder.
 * @throws ConfigError with a sentence for the person who installs.
 */
export const readSettings = (
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  { packaged, machine = configMachine(environment), today = new Date() }: SettingsOptions,
): Settings => {
  const config = readConfig(machine, folder, packaged);
  const { values } = config;
  const forTrial = packaged ? undefined : environment.ATALAYA_SERVER;
  if (forTrial !== undefined && !Check(SettingsSchema.properties.server, forTrial)) {
    const file = 'ATALAYA_SERVER';
    throw new ConfigError({ code: 'wrong-value', file, line: null, key: 'server' });
  }
  const server = forTrial ?? values.server;
  if (server === undefined) {
    throw new ConfigError({ code: 'no-server', file: config.machineFile, line: null });
  }
  const { enrolment, problem } = siteEnrolment(config, machine, dayOf(today));
  const room = values.room ?? null;
  return {
    server,
    room,
    deviceName: proposedName(values.deviceName ?? '{computer}', machine.computer, room),
    locale: values.locale ?? null,
    updateChannel: values.updateChannel ?? UPDATE_CHANNEL,
    switchedOffSensors: values.switchedOffSensors ?? [],
    network: values.network ?? 'reconnect',
    programs: values.programs ?? null,
    peripherals: values.peripherals ?? null,
    enrolment,
    enrolmentProblem: problem,
    origins: config.origins,
  };
};
