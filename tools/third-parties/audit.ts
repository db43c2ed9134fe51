import { spawn } from 'node:child_process';

/** A known weakness of something that ships. */
export interface Advisory {
  readonly name: string;
  /** `critical`, `high`, `moderate`, `low` or `info`. */
  readonly severity: string;
  readonly title: string;
  readonly url: string;
  /** Where in `node_modules` it is. */
  readonly paths: readonly string[];
}

/** What the registry says: its advisories, or why it did not answer. */
export type AuditAnswer =
  | { readonly advisories: readonly Advisory[] }
  | { readonly unanswered: string };

interface Via {
  readonly title?: string;
  readonly url?: string;
  readonly severity?: string;
}
interface Vulnerability {
  readonly name?: string;
  readonly severity?: string;
  readonly via?: readonly (string | Via)[];
  readonly nodes?: readonly string[];
}

/** The gravest first. */
const SEVERITIES = ['critical', 'high', 'moderate', 'low', 'info'];
const gravity = ({ severity }: Advisory): number => {
  const place = SEVERITIES.indexOf(severity);
  return place < 0 ? SEVERITIES.length : place;
};

/**
 * Reads what `npm audit --json` printed.
 * @param printed its standard output. @param complained its standard error, for the reason where there is no answer.
 */
export const readAudit = (printed: string, complained = ''): AuditAnswer => {
  let said: unknown;
  try {
    said = JSON.parse(printed);
  } catch {
    const reason = complained.trim().split('\n')[0] ?? '';
    return { unanswered: reason === '' ? 'npm audit printed no JSON' : reason };
  }
  if (typeof said !== 'object' || said === null) return { unanswered: 'npm audit said nothing' };
  const { error, message, vulnerabilities } = said as {
    readonly error?: { readonly summary?: string; readonly code?: string };
    readonly message?: string;
    readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  };
  if (vulnerabilities === undefined) {
    const reason = [error?.summary, message, error?.code].find((text) => text);
    return { unanswered: reason ?? 'npm audit gave no list' };
  }
  const advisories = Object.entries(vulnerabilities).flatMap(([name, found]): Advisory[] =>
    // A name alone says that it is another entry's fault, which is listed by itself.
    (found.via ?? []).flatMap((via) =>
      typeof via === 'string'
        ? []
        : [
            {
              name: found.name ?? name,
              severity: via.severity ?? found.severity ?? 'unknown',
              title: via.title ?? 'no title',
              url: via.url ?? '',
              paths: found.nodes ?? [],
            },
          ],
    ),
  );
  return { advisories: advisories.toSorted((a, b) => gravity(a) - gravity(b)) };
};

/** How long the registry may take, ms. */
const PATIENCE_MS = 60_000;

/** Asks the registry, through npm, about what ships. Never fails: no answer is an answer. @param root the project's folder. */
export const askRegistry = (root: string): Promise<AuditAnswer> =>
  new Promise((resolve) => {
    const windows = process.platform === 'win32';
    const child = spawn('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=0'], {
      cwd: root,
      shell: windows,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let complained = '';
    const late = setTimeout(() => child.kill(), PATIENCE_MS);
    child.stdout?.on('data', (text) => {
      printed += String(text);
    });
    child.stderr?.on('data', (text) => {
      complained += String(text);
    });
    child.on('error', (failure) => {
      clearTimeout(late);
      resolve({ unanswered: failure.message });
    });
    child.on('close', () => {
      clearTimeout(late);
      resolve(readAudit(printed, complained));
    });
  });
