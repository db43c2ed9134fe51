import { parseSettings } from '#electron/kiosk/steps/settings/gsettings.ts';
import type { RunTool, ToolResult } from '#electron/kiosk/steps/settings/tool-runner.ts';

/** A tool of the system whose settings are in memory: hundreds of crashes cost no process. */
export interface MemoryTool {
  readonly run: RunTool;
  /** Every setting as text, sorted. */
  state(): string;
}

const ok = (stdout = ''): ToolResult => ({ code: 0, stdout, stderr: '' });
const no = (stderr: string): ToolResult => ({ code: 1, stdout: '', stderr });
const asText = (values: ReadonlyMap<string, string>): string =>
  [...values]
    .map(([place, value]) => `${place} ${value}`)
    .toSorted()
    .join('\n');

/**
 * A `gsettings` with the verbs that the kiosk uses, as `recording-gsettings.sh` answers them.
 * @param printed what a real one printed as its defaults: `schema key value` per line.
 */
export const memoryGsettings = (printed: string): MemoryTool => {
  const defaults = parseSettings(printed).map(
    ({ schema, key, value }): readonly [string, string] => [`${schema} ${key}`, value],
  );
  const came = new Map(defaults);
  const now = new Map(defaults);
  const schemas = [...new Set(defaults.map(([place]) => place.split(' ')[0]))];
  return {
    run: async ([verb, schema = '', key = '', value = '']) => {
      const place = `${schema} ${key}`;
      if (verb === 'list-schemas') return ok(schemas.join('\n'));
      if (!schemas.includes(schema)) return no(`No such schema “${schema}”`);
      if (verb === 'list-recursively') {
        const mine = [...now].filter(([name]) => name.startsWith(`${schema} `));
        return ok(mine.map((one) => one.join(' ')).join('\n'));
      }
      if (!came.has(place)) return no(`No such key “${key}”`);
      if (verb === 'set') now.set(place, value === '[]' ? '@as []' : value);
      else if (verb === 'reset') now.set(place, came.get(place) ?? '');
      else return no(`Unknown command ${verb}`);
      return ok();
    },
    state: () => asText(now),
  };
};

/** One value: key, name, type, data. */
export type RegistryRow = readonly [key: string, name: string, type: string, data: string];

/** A `reg.exe` with the verbs that the kiosk uses, as `recording-reg.sh` answers them. */
export const memoryRegistry = (rows: readonly RegistryRow[]): MemoryTool => {
  const now = new Map(
    rows.map(([key, name, type, data]) => [`${key}\n${name}`, `${type} ${data}`]),
  );
  const option = (args: readonly string[], name: string): string =>
    args[args.indexOf(name) + 1] ?? '';
  return {
    run: async ([verb, key = '', ...args]) => {
      const place = `${key}\n${option(args, '/v')}`;
      if (verb === 'query') {
        const lines = [...now]
          .filter(([name]) => name.startsWith(`${key}\n`))
          .map(([name, value]) => [name.split('\n')[1], value.replace(' ', '    ')].join('    '));
        if (lines.length === 0) return no('ERROR: The system was unable to find the key.');
        return ok(lines.map((line) => `    ${line}\r\n`).join(''));
      }
      if (verb === 'add') now.set(place, `${option(args, '/t')} ${option(args, '/d')}`);
      else if (!now.delete(place)) return no('ERROR: The system was unable to find the value.');
      return ok();
    },
    state: () => asText(now),
  };
};
