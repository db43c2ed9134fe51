import { join } from 'node:path';
import type { Place, SettingChange, SettingTool, Survey } from './setting-tool.ts';
import { type RunTool, toolRunner } from './tool-runner.ts';

/** What one value of the user's registry is to be during an exam. */
export interface RegistryRule {
  readonly key: string;
  readonly name: string;
  readonly type: 'REG_DWORD' | 'REG_SZ';
  /** @param old its data as `reg query` prints it, null when it is not set. @returns null to leave it. */
  readonly next: (old: string | null) => string | null;
}

/** One value as `reg query` prints it. */
export interface RegistryValue {
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

/** Reads the output of `reg query KEY`: four blanks between name, type and data; names may hold blanks. */
export const parseRegistry = (output: string): readonly RegistryValue[] =>
  output.split(/\r?\n/).flatMap((line): readonly RegistryValue[] => {
    const [, name, type, data] = /^ {4}(.+?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/.exec(line) ?? [];
    return name && type ? [{ name, type, data: data ?? '' }] : [];
  });

/** A key that every user has: when it cannot be read, the tool is blocked by policy. */
const PROBE = 'HKCU\\Control Panel\\Desktop';

/** Type and data in one, as the journal keeps them. */
const written = ({ type, data }: { type: string; data: string }): string => `${type} ${data}`;
const split = (value: string): [type: string, data: string] => {
  const at = value.indexOf(' ');
  return [value.slice(0, at), value.slice(at + 1)];
};

/** The registry tool of the system itself, wherever PATH leads. */
const REG = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'reg.exe');

/** Settings of the signed-in user in the Windows registry, through `reg.exe`. */
export const registry = (
  rules: readonly RegistryRule[],
  run: RunTool = toolRunner(REG),
): SettingTool => {
  const values = async (key: string): Promise<readonly RegistryValue[]> => {
    const { code, stdout } = await run(['query', key]);
    return code === 0 ? parseRegistry(stdout) : [];
  };
  const named = (all: readonly RegistryValue[], name: string): RegistryValue | undefined =>
    all.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const act = async (...args: readonly string[]): Promise<void> => {
    const { code, stderr } = await run(args);
    if (code !== 0) throw new Error(stderr.trim() || `reg ended with ${code}`);
  };
  return {
    async survey(): Promise<Survey> {
      if ((await run(['query', PROBE])).code !== 0)
        return { changes: [], missing: [{ what: 'registry', reason: 'tool-blocked' }] };
      const keys = new Map<string, readonly RegistryValue[]>();
      const changes: SettingChange[] = [];
      for (const { key, name, type, next } of rules) {
        const all = keys.get(key) ?? (await values(key));
        keys.set(key, all);
        const old = named(all, name);
        const data = next(old?.data ?? null);
        if (data === null || (old?.type === type && old.data === data)) continue;
        changes.push({
          at: [key, name],
          old: old === undefined ? null : written(old),
          next: written({ type, data }),
        });
      }
      return { changes, missing: [] };
    },
    write: ([key, name], value) => {
      const [type, data] = split(value);
      return act('add', key, '/v', name, '/t', type, '/d', data, '/f');
    },
    restore: async (settings) => {
      const left: Place[] = [];
      for (const { at, old } of settings) {
        const [key, name] = at;
        const isSo = async (): Promise<boolean> => {
          const now = named(await values(key), name);
          return (now === undefined ? null : written(now)) === old;
        };
        if (await isSo()) continue;
        const [type, data] = split(old ?? '');
        const how = old === null ? ['delete', key] : ['add', key, '/t', type, '/d', data];
        await run([...how, '/v', name, '/f']);
        if (!(await isSo())) left.push(at);
      }
      return left;
    },
  };
};
