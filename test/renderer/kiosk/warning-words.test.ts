import { describe, expect, test } from 'vitest';
import en from '#assets/locales/en/incidents.json' with { type: 'json' };
import es from '#assets/locales/es/incidents.json' with { type: 'json' };
import { CATALOGUE } from '#shared/incident/catalogue.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';

/** There are two to six seconds to read it and act. */
const LONGEST = 60;

const warned = INCIDENT_KINDS.filter((kind) => CATALOGUE[kind].policy.warnAfterMs !== null);

describe.each([
  ['es', es],
  ['en', en],
] as const)('warnings in %s', (_, words) => {
  test('there are some', () => {
    expect(warned.length).toBeGreaterThan(4);
  });

  test.each(warned)('%s says what to do, short enough to read in time', (kind) => {
    const entry: Readonly<Record<string, string>> = words[kind];
    expect(entry.warn ?? '').toMatch(/\.$/);
    expect(entry.warn?.length).toBeLessThanOrEqual(LONGEST);
    expect(entry.warn).not.toMatch(/Se registró|was recorded/i);
  });
});
