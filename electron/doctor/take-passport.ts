import type { Survey } from '#shared/kiosk/engine.ts';
import type { HostCapabilities } from '#shared/wire/kiosk-view.ts';
import type { KeyStoreKind, Passport } from '#shared/wire/passport.ts';
import { type MachineFacts, passportRisks, passportUnread } from './passport-risks.ts';

/** What a passport is made of, besides the machine's facts. */
export interface PassportParts {
  /** @returns null while there is an attempt on the machine. */
  readonly survey: (ms: number) => Promise<Survey | null>;
  readonly facts: () => Promise<MachineFacts>;
  readonly capabilities: Pick<HostCapabilities, 'version' | 'build'>;
  readonly keyStore: KeyStoreKind;
  readonly deviceName: string;
  readonly now: () => number;
}

/** How long the sensors may take to say what they cannot do, ms: PowerShell needs its time. */
const SURVEY_MS = 6_000;

/**
 * Makes the machine's passport. Takes some seconds.
 * @returns null while there is an attempt on the machine: nothing disturbs an exam.
 */
export const takePassport = async (parts: PassportParts): Promise<Passport | null> => {
  const survey = await parts.survey(SURVEY_MS);
  if (survey === null) return null;
  const facts = await parts.facts();
  const word = (text: string, length = 80): string => text.trim().slice(0, length);
  return {
    format: 'atalaya-passport-1',
    createdAt: parts.now(),
    device: {
      name: word(parts.deviceName),
      manufacturer: word(facts.manufacturer),
      model: word(facts.model),
      system: word(facts.system),
      architecture: word(facts.architecture, 20),
      processor: word(facts.processor),
      memoryMb: facts.memoryMb,
    },
    host: {
      kind: 'electron',
      version: word(parts.capabilities.version, 40),
      build: parts.capabilities.build,
    },
    keyStore: parts.keyStore,
    coverage: survey.coverage,
    requirements: survey.requirements.slice(0, 40),
    risks: [...passportRisks(facts)],
    unread: [...passportUnread(facts)],
  };
};
