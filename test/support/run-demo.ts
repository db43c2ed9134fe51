import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Summary } from '#tools/demo/run-summary.ts';

const root = join(import.meta.dirname, '../..');

/** How a tool ended. */
export interface ToolRun {
  readonly code: number | null;
  /** Both streams in one. */
  readonly output: string;
}

/** Runs a tool as a person would. @param script its path in `tools/`. */
export const runTool = (script: string, args: readonly string[]): Promise<ToolRun> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'tools', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('close', (code) => resolve({ code, output }));
  });

/** A folder for what the demo reads and writes. */
export interface DemoFolder {
  readonly path: string;
  /** Runs the demo, which must end well. */
  demo(args: readonly string[]): Promise<Summary>;
  remove(): void;
}

export const demoFolder = (): DemoFolder => {
  const path = mkdtempSync(join(tmpdir(), 'atalaya-demo-test-'));
  return {
    path,
    demo: async (args) => {
      const json = join(path, 'summary.json');
      const { code, output } = await runTool('demo.ts', ['--json', json, '--out', path, ...args]);
      expect(code, output).toBe(0);
      return JSON.parse(readFileSync(json, 'utf8'));
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};
