import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Target } from '#tools/bundle/native-addons.ts';
import { thisTarget } from '#tools/bundle/native-addons.ts';

const electron = join(import.meta.dirname, '../../node_modules/electron');

/** The version of Electron that the project is built and typed for. */
export const electronVersion = (): string =>
  (JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8')) as { version: string }).version;

/** A folder with an unpacked Electron, or why there is none, for a person to read. */
export type ElectronFolder = { readonly folder: string } | { readonly missing: string };

const PROGRAM = { linux: 'electron', win32: 'electron.exe', darwin: 'Electron.app' } as const;

/**
 * Electron for a target, found from files alone. Asking Electron's own package would start a download.
 * @param given what the person named, if anything.
 */
export const findElectron = (target: Target, given: string | undefined): ElectronFolder => {
  const program = PROGRAM[target.platform];
  if (given !== undefined) {
    const folder = resolve(given);
    return existsSync(join(folder, program))
      ? { folder }
      : { missing: `En ${folder} no está el programa ${program} de Electron.` };
  }
  const here = thisTarget();
  const own = join(electron, 'dist');
  const fits = here.platform === target.platform && here.arch === target.arch;
  if (fits && existsSync(join(own, program))) return { folder: own };
  return {
    missing: [
      `No está el programa de Electron ${electronVersion()} para ${target.platform}-${target.arch}.`,
      'Con conexión: npx install-electron, y repita la orden.',
      'Sin conexión: descargue en otro equipo el archivo de Electron para este sistema, descomprímalo',
      'e indique la carpeta: npm run dist -- --dir --electron-dist CARPETA',
    ].join('\n'),
  };
};
