import { placeName, type SettingChange, type SettingTool, type Survey } from './setting-tool.ts';
import { type RunTool, ToolMissing, toolRunner } from './tool-runner.ts';

/** Which keys of a schema are to have which value during an exam. */
export interface SchemaRule {
  readonly schema: string;
  /** Keys that the rule is about. */
  readonly keys: RegExp;
  /** Keys of them that keep their value: input languages, assistive technology, volume. */
  readonly keep?: RegExp;
  /** `off`: no shortcut at all, in the way in which this schema says so. */
  readonly to: 'off' | 'true' | 'false' | "'disabled'";
}

/** One line of `gsettings list-recursively`. */
export interface SchemaValue {
  readonly schema: string;
  readonly key: string;
  readonly value: string;
}

/** Reads the output of `gsettings list-recursively SCHEMA`: `schema key value` per line. */
export const parseSettings = (output: string): readonly SchemaValue[] =>
  output.split('\n').flatMap((line): readonly SchemaValue[] => {
    const [, schema, key, value] = /^(\S+) (\S+) (.+)$/.exec(line.trimEnd()) ?? [];
    return schema && key && value ? [{ schema, key, value }] : [];
  });

/** The value that switches a shortcut off: none of a list, or an empty text. */
const OFF = (value: string): string | null => {
  if (/^(@as )?\[/.test(value)) return '[]';
  return value.startsWith("'") ? "''" : null;
};

/** One way of writing a value: gsettings prints an empty list with its type. */
const plain = (value: string): string => value.replace(/^@\w+ /, '').replace(/^\[''\]$/, '[]');

/** What has to change so that a rule holds. */
export const changesFor = (
  rule: SchemaRule,
  values: readonly SchemaValue[],
): readonly SettingChange[] =>
  values.flatMap(({ schema, key, value }): readonly SettingChange[] => {
    if (schema !== rule.schema || !rule.keys.test(key) || rule.keep?.test(key)) return [];
    const next = rule.to === 'off' ? OFF(value) : rule.to;
    return next === null || plain(value) === next ? [] : [{ at: [schema, key], old: value, next }];
  });

/**
 * The settings of GNOME and the desktops that come from it, through the tool `gsettings`.
 * @param rules all schemas that are known; those that a machine lacks are no shortfall.
 */
export const gsettings = (
  rules: readonly SchemaRule[],
  run: RunTool = toolRunner('gsettings'),
): SettingTool => {
  const act = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(args);
    if (code !== 0) throw new Error(stderr.trim() || `gsettings ended with ${code}`);
    return stdout.trim();
  };
  /** What the system knows of these schemas now; a schema that it does not know has no values. */
  const valuesOf = async (schemas: Iterable<string>): Promise<readonly SchemaValue[]> => {
    const read = [...new Set(schemas)].map((schema) => run(['list-recursively', schema]));
    return (await Promise.all(read)).flatMap(({ code, stdout }) =>
      code === 0 ? parseSettings(stdout) : [],
    );
  };
  return {
    async survey(): Promise<Survey> {
      const known = new Set((await act('list-schemas')).split('\n'));
      const here = rules.filter(({ schema }) => known.has(schema));
      if (here.length === 0) throw new ToolMissing('gsettings: no schema of a desktop');
      const values = await valuesOf(here.map(({ schema }) => schema));
      const changes = here.flatMap((rule) => changesFor(rule, values));
      // A schema may list a key twice, and two rules may meet in one.
      return {
        changes: [...new Map(changes.map((one) => [placeName(one.at), one])).values()],
        missing: [],
      };
    },
    write: async ([schema, key], value) => {
      await act('set', schema, key, value);
    },
    restore: async (settings) => {
      const changed = async (): Promise<typeof settings> => {
        const values = await valuesOf(settings.map(({ at: [schema] }) => schema));
        const now = new Map(values.map((one) => [`${one.schema} ${one.key}`, one.value]));
        return settings.filter(({ at, old }) => {
          const value = now.get(placeName(at));
          return value !== undefined && old !== null && value !== old;
        });
      };
      // One after the other: not every store behind this tool takes two writers.
      // First as the system came: a value of one's own would outlive the system's next version.
      for (const { at } of await changed()) await act('reset', ...at);
      for (const { at, old } of await changed()) await act('set', ...at, old ?? '');
      return (await changed()).map(({ at }) => at);
    },
  };
};
