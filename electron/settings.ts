import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { check } from '#shared/kernel/schema.ts';

/** What technology staff set on a machine: `kiosk.json` in the kiosk's data folder. */
export const SettingsSchema = Type.Object(
  {
    /** Origin of the central server. */
    server: Type.String({ pattern: '^https?://[^/]+$' }),
  },
  { additionalProperties: false },
);
export type Settings = Static<typeof SettingsSchema>;

/**
 * Reads the settings: the environment variable ATALAYA_SERVER wins over the file, so that one machine can be tried
 * against another server without changing it.
 * @throws Error with a sentence for the person who installs, when there are none or they do not fit.
 */
export const readSettings = (folder: string, environment: NodeJS.ProcessEnv): Settings => {
  const file = join(folder, 'kiosk.json');
  let value: unknown;
  if (environment.ATALAYA_SERVER !== undefined) value = { server: environment.ATALAYA_SERVER };
  else if (!existsSync(file))
    throw new Error(`Falta la configuración ${file}: {"server": "https://…"}`);
  else {
    try {
      value = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw new Error(`${file} no es JSON válido: ${String(error)}`);
    }
  }
  const settings = check(SettingsSchema, value);
  if (!settings.ok)
    throw new Error(
      `La configuración del kiosco no es válida en ${settings.error.path}: ${settings.error.message}`,
    );
  return settings.value;
};
