import { type RunTool, ToolMissing, toolRunner } from './run-tool.ts';
import type { Place, SettingChange, SettingTool, Survey } from './setting-tool.ts';
import { each } from './setting-tool.ts';

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
  return {
    async survey(): Promise<Survey> {
      const { stdout } = await run(['list-schemas']);
      const known = new Set(stdout.split('\n').map((line) => line.trim()));
      const here = rules.filter(({ schema }) => known.has(schema));
      if (here.length === 0) throw new ToolMissing('gsettings: no schema of a desktop');
      const values = new Map<string, readonly SchemaValue[]>();
      await each([...new Set(here.map(({ schema }) => schema))], async (schema) => {
        values.set(schema, parseSettings(await act('list-recursively', schema)));
      });
      const changes = here.flatMap((rule) => changesFor(rule, values.get(rule.schema) ?? []));
      // Two rules, or a schema that lists a key twice, must not write and restore it twice.
      const first = new Map(changes.map((change) => [change.at.join(' '), change] as const));
      return { changes: [...first.values()], missing: [] };
    },
    write: async ([schema, key], value) => {
      await act('set', schema, key, value);
    },
    restore: async ([schema, key]: Place, old) => {
      const { code, stdout } = await run(['get', schema, key]);
      // The schema went with its program; there is nothing left to put back.
      if (code !== 0 || old === null) return;
      if (stdout.trim() === old) return;
      // As the system came, when that is what it was: a value of one's own would outlive its next version.
      await act('reset', schema, key);
      if ((await act('get', schema, key)) !== old) await act('set', schema, key, old);
      const now = await act('get', schema, key);
      if (now !== old) throw new Error(`${schema} ${key} is ${now}`);
    },
  };
};
