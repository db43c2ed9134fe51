import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { consoleText, POLICY_QUERY } from './windows-policy.ts';

/** The preferences that a macOS profile sets (`deploy/macos/atalaya.mobileconfig`). */
export const MANAGED_PREFERENCES = '/Library/Managed Preferences/ec.atalaya.kiosk.plist';

/** Tools of the system that hang are given up, ms. */
const TOOL_MS = 5_000;

/** All that reading the configuration needs of the machine. */
export interface ConfigMachine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly computer: string;
  /** The file's text; null when there is none. @throws when it is there and cannot be read. */
  readText(file: string): string | null;
  /** Whether people other than the administrator may change the file. Always false on Windows, where the installer sets the rights. */
  othersMayWrite(file: string): boolean;
  /** What `reg query` prints; null when there is no policy. */
  registry(): string | null;
  /** The managed preferences as JSON text; null when no profile sets any. */
  managedPreferences(): string | null;
}

const printed = (file: string, parameters: readonly string[]): string | null => {
  try {
    const bytes = execFileSync(file, parameters, {
      timeout: TOOL_MS,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return consoleText(bytes);
  } catch {
    // `reg` fails when the key is not there, `plutil` when the file is not.
    return null;
  }
};

/** This machine. */
export const configMachine = (
  environment: Readonly<Record<string, string | undefined>>,
): ConfigMachine => ({
  platform: process.platform,
  environment,
  computer: hostname(),
  readText: (file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
  othersMayWrite: (file) => {
    if (process.platform === 'win32') return false;
    const { uid, mode } = statSync(file);
    const forOthers = 0o022;
    return uid !== 0 || (mode & forOthers) !== 0;
  },
  registry: () => printed(POLICY_QUERY.file, POLICY_QUERY.parameters),
  managedPreferences: () =>
    printed('/usr/bin/plutil', ['-convert', 'json', '-o', '-', '--', MANAGED_PREFERENCES]),
});
