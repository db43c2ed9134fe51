import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SettingTool } from './setting-tool.ts';

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};

const put = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, text, { mode: 0o600 });
  renameSync(`${file}.part`, file);
};

/** A small file of the user's own that is to have one content during an exam. */
export const textFile = (file: string, content: string): SettingTool => ({
  survey: async () => {
    const old = read(file);
    const changes = old === content ? [] : [{ at: [file, ''] as const, old, next: content }];
    return { changes, missing: [] };
  },
  write: async ([path], text) => put(path, text),
  restore: async (settings) => {
    for (const {
      at: [path],
      old,
    } of settings) {
      if (old === null) rmSync(path, { force: true });
      else if (read(path) !== old) put(path, old);
    }
    return [];
  },
});
