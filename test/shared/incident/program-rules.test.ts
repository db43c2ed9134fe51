import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import allowed from '#assets/programs/allowed.json' with { type: 'json' };
import forbidden from '#assets/programs/forbidden.json' with { type: 'json' };
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import {
  allowedRule,
  listsFor,
  matchProgram,
  type ProgramPlatform,
  type ProgramRule,
  ProgramRulesSchema,
  programName,
  type SeenProgram,
} from '#shared/incident/program-rules.ts';
import { check } from '#shared/kernel/schema.ts';

const lists = programLists({});
const seen = (file: string | null, more: Partial<SeenProgram> = {}): SeenProgram => ({
  file,
  shown: [],
  ...more,
});

describe('the lists that come with the program', () => {
  const cases: [ProgramPlatform, SeenProgram, string | null][] = [
    ['linux', seen('obs'), 'obs-studio'],
    ['linux', seen('chrome'), 'chrome'],
    ['linux', seen('python3.13', { shown: ['kazam'] }), 'kazam'],
    ['linux', seen('qemu-system-x86_64'), 'qemu'],
    ['linux', seen('firefox-esr'), 'firefox'],
    ['linux', seen('Discord'), 'discord'],
    ['windows', seen('obs64.exe'), 'obs-studio'],
    ['windows', seen('notas.exe', { originalName: 'obs64.exe' }), 'obs-studio'],
    ['windows', seen('ms-teams.exe'), 'teams'],
    ['windows', seen('cosa.exe', { signer: 'Discord Inc.' }), 'discord'],
    ['darwin', seen('zoom.us', { bundle: 'us.zoom.xos' }), 'zoom'],
    ['darwin', seen('Otro nombre', { bundle: 'com.google.Chrome.canary' }), 'chrome'],
    ['darwin', seen('QuickTime Player'), 'quicktime'],
    // Not on any list.
    ['linux', seen('obsolete'), null],
    ['linux', seen('bash'), null],
    ['linux', seen('Xorg'), null],
    ['linux', seen('pipewire'), null],
    ['linux', seen('obs64'), null],
    ['linux', seen('chrome_crashpad_handler'), null],
    ['windows', seen('svchost.exe'), null],
    ['windows', seen('msedgewebview2.exe'), null],
    ['windows', seen('OneDrive.exe'), null],
    ['darwin', seen('Finder', { bundle: 'com.apple.finder' }), null],
    ['darwin', seen('com.apple.WebKit.WebContent'), null],
    ['linux', seen(null), null],
    // Assistive technology and classroom management.
    ['windows', seen('nvda.exe'), null],
    ['windows', seen('jfw.exe'), null],
    ['windows', seen('Magnify.exe'), null],
    ['windows', seen('osk.exe'), null],
    ['windows', seen('client32.exe', { signer: 'NetSupport Ltd' }), null],
    ['windows', seen('veyon-server.exe'), null],
    ['linux', seen('orca'), null],
    ['linux', seen('onboard'), null],
  ];
  it.each(cases)('%s %j is %s', (platform, program, id) => {
    expect(matchProgram(program, lists, platform)?.rule.id ?? null).toBe(id);
  });

  it('have rules that fit their schema, with ids of their own', () => {
    const ids = [...forbidden, ...allowed].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(lists.forbidden.length).toBeGreaterThan(100);
    for (const { category } of lists.forbidden) {
      expect(['assistive', 'classroom', 'system']).not.toContain(category);
    }
  });

  it('do not forbid by name what they allow', () => {
    for (const rule of lists.allowed) {
      for (const platform of ['linux', 'windows', 'darwin'] as const) {
        for (const name of rule.names?.[platform] ?? []) {
          const match = matchProgram(seen(name.replaceAll('*', '')), lists, platform);
          expect(match, `${platform} ${name}`).toBeNull();
        }
      }
    }
  });
});

const rule = (id: string, more: Partial<ProgramRule>): ProgramRule => ({
  id,
  name: id,
  category: 'other',
  ...more,
});

describe('which proof is stronger', () => {
  const hash = 'a'.repeat(64);
  const bad = rule('bad', {
    names: { windows: ['bad', 'both'] },
    signers: ['Bad Ltd'],
    hashes: [hash],
  });
  const good = rule('good', {
    names: { windows: ['good', 'both'] },
    signers: ['Good Ltd'],
    category: 'assistive',
  });
  const two = { forbidden: [bad], allowed: [good] };
  const cases: [string, SeenProgram, string | null, boolean?][] = [
    ['a name alone', seen('bad.exe'), 'name', false],
    ['equal strength is allowed', seen('both.exe'), null],
    [
      'renamed to an allowed name, known by its original name',
      seen('good.exe', { originalName: 'bad.exe' }),
      'original-name',
      true,
    ],
    [
      'renamed to an allowed name, known by its hash',
      seen('good.exe', { sha256: hash }),
      'hash',
      true,
    ],
    [
      'renamed to an allowed name, known by its signer',
      seen('good.exe', { signer: 'Bad Ltd' }),
      'signer',
      true,
    ],
    ['an allowed publisher outweighs a name', seen('bad.exe', { signer: 'Good Ltd' }), null],
    [
      'the strongest proof is told',
      seen('bad.exe', { sha256: hash, signer: 'Bad Ltd' }),
      'hash',
      false,
    ],
    ['another hash proves nothing', seen('x.exe', { sha256: 'b'.repeat(64) }), null],
  ];
  it.each(cases)('%s', (_, program, by, renamed) => {
    const match = matchProgram(program, two, 'windows');
    expect(match?.by ?? null).toBe(by);
    if (renamed !== undefined) expect(match?.renamed).toBe(renamed);
  });
});

describe('whose name vouches for it', () => {
  const cases: [string, Partial<SeenProgram>, string | null][] = [
    ['plasmashell', { installed: true }, 'linux-shell'],
    ['plasmashell', {}, 'linux-shell'],
    ['plasmashell', { installed: false }, null],
    ['veyon-server', { installed: false }, null],
    ['orca', { installed: false }, 'orca'],
  ];
  it.each(cases)('%s %j', (file, more, id) => {
    expect(allowedRule(seen(file, more), lists, 'linux')?.rule.id ?? null).toBe(id);
  });
  it('a publisher does wherever the file lies', () => {
    const portable = seen('client32.exe', { installed: false, signer: 'NetSupport Ltd' });
    expect(allowedRule(portable, lists, 'windows')?.rule.id).toBe('netsupport');
  });
});

describe('what an institution changes', () => {
  const settings = {
    forbidden: [rule('own', { names: { linux: ['propio*'] } })],
    allowed: [rule('aid', { names: { linux: ['gnome-calculator', 'kazam'] }, category: 'other' })],
    permitted: ['obs-studio'],
  };
  it('adds, allows and takes away', () => {
    const own = listsFor(lists, settings);
    const id = (file: string) => matchProgram(seen(file), own, 'linux')?.rule.id ?? null;
    expect([id('propio-2'), id('kazam'), id('obs'), id('firefox')]).toEqual([
      'own',
      null,
      null,
      'firefox',
    ]);
  });
  it.each([
    ['as above', settings, true],
    ['nothing', {}, true],
    ['an unknown key', { forbiden: [] }, false],
    ['a hash that is none', { forbidden: [{ ...rule('x', {}), hashes: ['1234'] }] }, false],
    ['a category that is none', { forbidden: [{ ...rule('x', {}), category: 'games' }] }, false],
  ])('schema: %s', (_, value, fits) => {
    expect(check(ProgramRulesSchema, value).ok).toBe(fits);
  });
});

describe('names', () => {
  it.each([
    ['C:\\Program Files\\OBS\\OBS64.EXE', 'obs64'],
    ['/usr/bin/obs', 'obs'],
    ['Google Chrome', 'google chrome'],
    ['', ''],
  ])('%s', (file, name) => {
    expect(programName(file)).toBe(name);
  });

  it('with stars fit exactly what a pattern of dots would', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8, minLength: 1 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10, minLength: 1 });
    fc.assert(
      fc.property(letters, text, (pattern, name) => {
        const one = { forbidden: [rule('x', { names: { linux: [pattern] } })], allowed: [] };
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
        expect(matchProgram(seen(name), one, 'linux') !== null).toBe(expected);
      }),
    );
  });
});
