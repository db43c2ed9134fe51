import { join, posix, win32 } from 'node:path';
import { Errors } from 'typebox/value';
import { check } from '#shared/kernel/schema.ts';
import { type ConfigMachine, MANAGED_PREFERENCES } from './config-machine.ts';
import { ConfigError } from './config-problem.ts';
import { type JsonLines, jsonLines, syntaxErrorLine } from './json-lines.ts';
import {
  MACHINE_ONLY,
  SETTINGS_KEYS,
  type SettingsInput,
  type SettingsKey,
  SettingsSchema,
} from './settings-schema.ts';
import { POLICY_KEY, policySettings } from './windows-policy.ts';

/** One place that says something, already checked. */
export interface ConfigSource {
  readonly file: string;
  readonly values: SettingsInput;
  /** Line of a key; null where the place has none. */
  lineOf(key: SettingsKey): number | null;
}

/** Where a value came from, for the doctor and for sentences. */
export interface Origin {
  readonly file: string;
  readonly line: number | null;
}

export interface Config {
  /** The value that counts, by key. */
  readonly values: SettingsInput;
  readonly origins: Readonly<Partial<Record<SettingsKey, Origin>>>;
  /** Every place that said something, the strongest first. */
  readonly sources: readonly ConfigSource[];
  /** The file that technology staff would write on this system. */
  readonly machineFile: string;
}

/** The folder whose files only an administrator may write. */
const machineFolder = ({ platform, environment }: ConfigMachine): string => {
  if (platform === 'win32') {
    return win32.join(environment.ProgramData ?? 'C:\\ProgramData', 'Atalaya');
  }
  return platform === 'darwin' ? '/Library/Application Support/Atalaya' : '/etc/atalaya';
};

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The known key that was probably meant: at most two letters apart. */
const nearest = (key: string): string | undefined =>
  SETTINGS_KEYS.find((known) => distance(key.toLowerCase(), known.toLowerCase()) <= 2);

const checked = (value: unknown, file: string, lines: JsonLines | null): ConfigSource => {
  const lineOf = (pointer: string): number | null => lines?.lineOf(pointer) ?? null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError({ code: 'not-an-object', file, line: lineOf('') });
  }
  const unknown = Object.keys(value).find((key) => !SETTINGS_KEYS.some((known) => known === key));
  if (unknown !== undefined) {
    const near = nearest(unknown);
    throw new ConfigError({
      code: 'unknown-key',
      file,
      line: lineOf(`/${unknown}`),
      key: unknown,
      ...(near === undefined ? {} : { near }),
    });
  }
  const settings = check(SettingsSchema, value);
  if (!settings.ok) {
    // The deepest place says most: inside a list or a table it names the element.
    const pointer = Errors(SettingsSchema, value)
      .map(({ instancePath }) => instancePath)
      .reduce((a, b) => (b.split('/').length > a.split('/').length ? b : a));
    throw new ConfigError({
      code: 'wrong-value',
      file,
      line: lineOf(pointer),
      key: pointer.slice(1),
    });
  }
  return { file, values: settings.value, lineOf: (key) => lineOf(`/${key}`) };
};

const parsed = (text: string, file: string): ConfigSource => {
  // Windows editors put a byte order mark in front.
  const json = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ConfigError({ code: 'not-json', file, line: syntaxErrorLine(json, error) });
  }
  const lines = jsonLines(json);
  if (lines.duplicate !== null) {
    throw new ConfigError({ code: 'duplicate-key', file, ...lines.duplicate });
  }
  return checked(value, file, lines);
};

const read = (machine: ConfigMachine, file: string): string | null => {
  try {
    return machine.readText(file);
  } catch (error) {
    const detail = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError({ code: 'unreadable', file, line: null, detail });
  }
};

/** macOS may leave the profile's own keys among the settings. */
const withoutPayloadKeys = (values: unknown): unknown =>
  typeof values === 'object' && values !== null && !Array.isArray(values)
    ? Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith('Payload')))
    : values;

/** Rules are written as JSON in the registry: as one text or as the lines of one. */
const withRules = (values: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const settings: Record<string, unknown> = { ...values };
  for (const key of ['programs', 'peripherals']) {
    const value = settings[key];
    const text = Array.isArray(value) ? value.join('\n') : value;
    if (typeof text !== 'string') continue;
    try {
      settings[key] = JSON.parse(text);
    } catch {
      const line = null;
      throw new ConfigError({ code: 'not-json', file: `${POLICY_KEY}\\${key}`, line });
    }
  }
  return settings;
};

const policy = (machine: ConfigMachine): ConfigSource[] => {
  if (machine.platform === 'win32') {
    const text = machine.registry();
    if (text === null) return [];
    return [checked(withRules(policySettings(text)), POLICY_KEY, null)];
  }
  if (machine.platform === 'darwin') {
    const text = machine.managedPreferences();
    if (text === null) return [];
    return [checked(withoutPayloadKeys(JSON.parse(text)), MANAGED_PREFERENCES, null)];
  }
  return [];
};

/**
 * Reads the machine's configuration, the strongest place first: policy (Windows registry, macOS profile),
 * then `kiosk.json` and `site.json` of the machine's folder, then those of the user's data folder. Each key
 * counts from the strongest place that has it.
 * @param folder the kiosk's data folder.
 * @param packaged whether this is the installed program: only then are places that the exam's user can
 *   write refused for `MACHINE_ONLY` keys, and files that anyone can write refused as a whole.
 * @throws ConfigError with a sentence that names file and line.
 */
export const readConfig = (machine: ConfigMachine, folder: string, packaged: boolean): Config => {
  const path = machine.platform === 'win32' ? win32 : posix;
  const machineFile = path.join(machineFolder(machine), 'kiosk.json');
  const sources = policy(machine);
  for (const name of ['kiosk.json', 'site.json']) {
    const file = path.join(machineFolder(machine), name);
    const text = read(machine, file);
    if (text === null) continue;
    if (packaged && machine.othersMayWrite(file)) {
      throw new ConfigError({ code: 'writable-by-others', file, line: null });
    }
    sources.push(parsed(text, file));
  }
  for (const name of ['kiosk.json', 'site.json']) {
    const file = join(folder, name);
    const text = read(machine, file);
    if (text === null) continue;
    const source = parsed(text, file);
    const weakening = SETTINGS_KEYS.find(
      (key) => MACHINE_ONLY.has(key) && source.values[key] !== undefined,
    );
    if (packaged && weakening !== undefined) {
      throw new ConfigError({
        code: 'machine-only',
        file,
        line: source.lineOf(weakening),
        key: weakening,
        machineFile,
      });
    }
    sources.push(source);
  }
  const origins: Partial<Record<SettingsKey, Origin>> = {};
  const values: Record<string, unknown> = {};
  for (const source of sources) {
    for (const key of SETTINGS_KEYS) {
      const value = source.values[key];
      if (value === undefined || values[key] !== undefined) continue;
      values[key] = value;
      origins[key] = { file: source.file, line: source.lineOf(key) };
    }
  }
  return { values: values as SettingsInput, origins, sources, machineFile };
};
