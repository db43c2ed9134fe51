import type { CommandLine as ElectronCommandLine } from 'electron';
import { strict } from '#test/electron-standin/strict.ts';

// What Playwright adds for Electron's own debugging ports, and what the stand-in sets itself.
const NOT_FOR_CHROMIUM = ['no-sandbox', 'inspect', 'remote-debugging-port', 'user-data-dir'];

/** The switches of this process, and those that the app adds before its first window. */
class CommandLine
  implements
    Pick<
      ElectronCommandLine,
      'appendSwitch' | 'appendArgument' | 'hasSwitch' | 'getSwitchValue' | 'removeSwitch'
    >
{
  private readonly switches = new Map<string, string>();

  constructor(args: readonly string[]) {
    for (const arg of args) {
      const parts = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
      if (parts?.[1]) this.switches.set(parts[1], parts[2] ?? '');
    }
  }

  appendSwitch(name: string, value = ''): void {
    this.switches.set(name, value);
  }

  appendArgument(value: string): void {
    this.appendSwitch(value.replace(/^--/, ''));
  }

  hasSwitch(name: string): boolean {
    return this.switches.has(name);
  }

  getSwitchValue(name: string): string {
    return this.switches.get(name) ?? '';
  }

  removeSwitch(name: string): void {
    this.switches.delete(name);
  }

  /** The switches as Chromium takes them. In Electron they are one and the same command line. */
  forChromium(): string[] {
    return [...this.switches]
      .filter(([name]) => !NOT_FOR_CHROMIUM.includes(name))
      .map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));
  }
}

/** Playwright's own for Electron's two debugging ports, always the first words. */
const PLAYWRIGHT = ['--inspect=0', '--remote-debugging-port=0'];
for (const word of PLAYWRIGHT) {
  const at = process.argv.indexOf(word);
  if (at >= 0) process.argv.splice(at, 1);
}

/**
 * Switches of the test itself (its camera, its data folder): Chromium gets them, and the app does not see
 * them on its command line, where nobody who starts it would have put them.
 */
const ofTheTest = JSON.parse(process.env['ELECTRON_STANDIN_SWITCHES'] ?? '[]') as string[];

/** The stand-in's `app.commandLine`, with what its own parts need beyond the app's view. */
export const commandLineParts = new CommandLine([...process.argv.slice(1), ...ofTheTest]);
export const commandLine = strict(commandLineParts, 'app.commandLine');
