import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createInstance, type TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { factWords } from '#renderer/dashboard/attempt/fact-words.ts';
import { DASHBOARD_WORDS } from '#renderer/dashboard/shell/dashboard-locale.ts';
import type { Facts } from '#shared/incident/observation.ts';
import { PERIPHERAL_CATEGORIES } from '#shared/incident/peripheral-category.ts';

const wordsIn = async (locale: 'es' | 'en'): Promise<TFunction<'dashboard'>> => {
  const i18n = createInstance();
  await i18n.init({ lng: locale, resources: DASHBOARD_WORDS, defaultNS: 'dashboard' });
  return i18n.getFixedT(locale, 'dashboard');
};

const factsWithin = (value: unknown): readonly Facts[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'facts' in value && typeof value.facts === 'object' ? [value.facts as Facts] : [];
  return [...own, ...Object.values(value).flatMap(factsWithin)];
};

/** Every fact that a released build wrote into the golden ledgers. */
const golden = (): readonly Facts[] => {
  const release = new URL('../../ledgers/0.1.0-cb27e64/ledgers/', import.meta.url);
  return readdirSync(release)
    .filter((name) => name.endsWith('.json.gz'))
    .flatMap((name) =>
      factsWithin(JSON.parse(gunzipSync(readFileSync(new URL(name, release))).toString())),
    );
};

/** What today's sensors and rules state besides, one of each. */
const STATED: readonly Facts[] = [
  ...[
    'repeats',
    'name',
    'photograph',
    'graphics',
    'session',
    'process',
    'connection',
    'opened',
  ].map((sign) => ({ sign })),
  ...['usb', 'bluetooth', 'card', 'system'].map((bus) => ({ bus })),
  ...PERIPHERAL_CATEGORIES.map((category) => ({ category })),
  ...['new', 'second'].map((why) => ({ why })),
  ...['mirrored', 'several', 'virtual', 'wireless'].map((how) => ({ how })),
  ...[
    'sleep',
    'shutdown',
    'battery',
    'heat',
    'screen-locked',
    'other-session-on-screen',
    'user-switched',
    'second-user',
    'page-frozen',
    'page-restored',
    'page-stopped',
    'clock-moved',
    'time-zone-changed',
    'proxy',
    'typing-speed',
    'network',
    'tunnel',
    'hotspot',
    'device-in-doubt',
    'program-in-doubt',
  ].map((cause) => ({ cause })),
  ...['new', 'second', 'replaced', 'unlearnt', 'unheard', 'maker', 'offered'].map((why) => ({
    why,
  })),
  ...['hand', 'machine', 'undecided'].map((by) => ({ by })),
  {
    program: 'AnyDesk',
    port: 7070,
    renamed: true,
    title: 'Notas',
    covers: 0.5,
    overlay: true,
    minimised: true,
    window: true,
  },
  {
    share: 0.9,
    spread: 0.02,
    moved: 0.4,
    others: 2,
    sensorFailed: true,
    keys: 40,
    gapMs: 12,
    through: 'Miracast',
  },
  {
    network: '10.0.0.0/24',
    interface: 'wlan0',
    from: 'a',
    to: 'b',
    seconds: 40,
    sleptMs: 900,
    awayMs: 400,
    found: 'x',
    product: 'VMware',
    signs: 3,
  },
  {
    before: '10.0.0.1',
    now: '10.0.0.2',
    model: '046d:c31c',
    device: 'Cámara',
    hiddenFromCapture: true,
  },
];

describe.each(['es', 'en'] as const)('the facts of an incident in words (%s)', (locale) => {
  it('has a name for each fact, and a word for each value that is none', async () => {
    const t = await wordsIn(locale);
    const other = t('factValue.other');
    for (const facts of [...golden(), ...STATED]) {
      for (const [key, value] of Object.entries(facts)) {
        const { told, untold } = factWords({ [key]: value }, t, locale);
        expect(untold, key).toBe(0);
        expect(told.join(), `${key} ${value}`).not.toMatch(new RegExp(`: ${other}$`));
      }
    }
  });

  it('shows no key and no value of programs, and says how many facts it has no words for', async () => {
    const t = await wordsIn(locale);
    expect(
      factWords({ quantumFlux: 'on', sign: 'telepathy', request: 'command-1' }, t, locale),
    ).toEqual({
      told: [`${t('fact.sign')}: ${t('factValue.other')}`],
      untold: 1,
    });
    expect(factWords({ name: 'factValue.true', title: 'copy' }, t, locale).told[0]).toContain(
      'factValue.true',
    );
  });

  it('writes numbers as the language does', async () => {
    const t = await wordsIn(locale);
    const [told] = factWords({ distance: 0.7949 }, t, locale).told;
    expect(told).toContain(locale === 'es' ? '0,79' : '0.79');
  });
});
