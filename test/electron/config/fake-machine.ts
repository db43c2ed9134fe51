import type { ConfigMachine } from '#electron/config/config-machine.ts';

export interface FakeMachine {
  readonly platform?: NodeJS.Platform;
  readonly computer?: string;
  /** Text by path; `null` stands for a file that may not be read. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly writableByOthers?: readonly string[];
  readonly registry?: string;
  readonly managedPreferences?: string;
}

/** A machine whose files and policy are given. */
export const fakeMachine = (given: FakeMachine): ConfigMachine => ({
  platform: given.platform ?? 'linux',
  environment: given.platform === 'win32' ? { ProgramData: 'C:\\ProgramData' } : {},
  computer: given.computer ?? 'PC-01',
  readText: (file) => {
    const text = given.files?.[file];
    if (text === null) throw Object.assign(new Error('no'), { code: 'EACCES' });
    return text ?? null;
  },
  othersMayWrite: (file) => given.writableByOthers?.includes(file) ?? false,
  registry: () => given.registry ?? null,
  managedPreferences: () => given.managedPreferences ?? null,
});
