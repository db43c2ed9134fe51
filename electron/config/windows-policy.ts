/** Where group policy (`deploy/windows/Atalaya.admx`) puts its values. */
export const POLICY_KEY = 'HKLM\\SOFTWARE\\Policies\\Atalaya';
/** How they are asked for; 64-bit view, whatever the kiosk is. */
export const POLICY_QUERY = {
  file: 'reg.exe',
  parameters: ['query', POLICY_KEY, '/s', '/reg:64'],
} as const;

export interface RegistryValue {
  /** The key as printed, with its hive in full. */
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

/** What the console of a Spanish or English Windows writes above ASCII (code page 850). */
const CODE_PAGE_850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';

/** The text of a console program: UTF-8 where it is that, else code page 850. */
export const consoleText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : (CODE_PAGE_850[byte - 0x80] ?? '?'),
    ).join('');
  }
};

const VALUE = /^ {4}(.+?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/;

/** Reads what `reg query /s` prints. Lines that are neither a key nor a value are passed over. */
export const parseRegistryQuery = (text: string): readonly RegistryValue[] => {
  const values: RegistryValue[] = [];
  let key = '';
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('HKEY_')) key = line.trim();
    const [, name, type, data] = VALUE.exec(line) ?? [];
    if (key !== '' && name !== undefined && type !== undefined) {
      values.push({ key, name, type, data: data ?? '' });
    }
  }
  return values;
};

/** Value names are the settings' keys with a capital: `switchedOffSensors` is `SwitchedOffSensors`. */
const settingOf = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);

/**
 * Turns the registry's values into settings, still unchecked. Texts stay texts, a policy list (a subkey with
 * numbered values) and REG_MULTI_SZ become lists, and a subkey with named values becomes an object. Values
 * that the administrator left empty do not count.
 */
export const policySettings = (text: string): Readonly<Record<string, unknown>> => {
  const values = parseRegistryQuery(text);
  const root = values
    .map(({ key }) => key)
    .find((key) => key.toLowerCase().endsWith('\\policies\\atalaya'));
  const base = root ?? 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Atalaya';
  const settings: Record<string, unknown> = {};
  const subkeys = new Map<string, RegistryValue[]>();
  for (const value of values) {
    if (value.data === '') continue;
    const below = value.key.slice(base.length + 1);
    if (below !== '') subkeys.set(below, [...(subkeys.get(below) ?? []), value]);
    else if (value.type === 'REG_MULTI_SZ') {
      settings[settingOf(value.name)] = value.data.split('\\0').filter((one) => one !== '');
    } else if (value.type === 'REG_DWORD' || value.type === 'REG_QWORD') {
      settings[settingOf(value.name)] = Number(value.data);
    } else settings[settingOf(value.name)] = value.data;
  }
  for (const [below, inside] of subkeys) {
    const numbered = inside.every(({ name }) => /^\d+$/.test(name));
    settings[settingOf(below)] = numbered
      ? inside.toSorted((a, b) => Number(a.name) - Number(b.name)).map(({ data }) => data)
      : Object.fromEntries(inside.map(({ name, data }) => [name, data]));
  }
  return settings;
};
