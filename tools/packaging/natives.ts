import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOREIGN_PACKAGES, type Target, usbPackage } from '#tools/bundle/native-addons.ts';

const root = join(import.meta.dirname, '../..');

interface Locked {
  readonly version: string;
  readonly integrity?: string;
}

/**
 * npm installs the `usb` library's binary for this machine only. For another target it is fetched once from the
 * npm registry, in the version of the lock file and only if its hash is the one there.
 * @throws Error for a person to read when it cannot be had or is not the locked one.
 */
export const ensureNatives = (target: Target): void => {
  const name = usbPackage(target);
  const folder = join(FOREIGN_PACKAGES, name);
  if (existsSync(join(root, 'node_modules', name)) || existsSync(join(folder, 'package.json')))
    return;
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked | undefined>;
  };
  const locked = lock.packages[`node_modules/${name}`];
  if (locked?.integrity === undefined)
    throw new Error(`${name} no está en package-lock.json: no hay kiosco para ese sistema.`);
  const work = mkdtempSync(join(tmpdir(), 'atalaya-native-'));
  try {
    const printed = execFileSync(
      'npm',
      ['pack', `${name}@${locked.version}`, '--silent', '--ignore-scripts'],
      { cwd: work, encoding: 'utf8', shell: process.platform === 'win32' },
    );
    const archive = join(work, printed.trim().split('\n').at(-1) ?? '');
    const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (`sha512-${found}` !== locked.integrity)
      throw new Error(`${name} no es el archivo que nombra package-lock.json.`);
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1']);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `No se pudo obtener ${name} ${locked.version} del registro de npm (hace falta conexión una vez): ${reason}`,
      { cause: error },
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};
