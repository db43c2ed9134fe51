import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatedClips } from '#tools/bench-vision/generated-clips.ts';
import { readSet, resolveSet } from '#tools/bench-vision/vision-set.ts';
import { NORMAL_ACTS, VIOLATIONS } from '#tools/clip/acting/acts.ts';

describe('a labelled set', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'atalaya-set-'));
    mkdirSync(join(folder, 'people/ana'), { recursive: true });
    mkdirSync(join(folder, 'people/nobody'));
    for (const file of [
      'a.y4m',
      'b.jpg',
      'people/ana/1.jpg',
      'people/ana/2.PNG',
      'people/ana/x.txt',
    ])
      writeFileSync(join(folder, file), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const clip = { file: 'a.y4m', person: 'ana', condition: 'plain', expected: [] };
  const set = (rest: object) => ({ name: 'n', about: 'a', ...rest });

  it('finds its files and hands a person’s labels on', () => {
    const content = set({
      people: [{ id: 'ana', folder: 'people/ana', labels: { glasses: 'yes', ageBand: '30' } }],
      clips: [{ ...clip, labels: { glasses: 'no' } }],
      pictures: [{ file: 'b.jpg', condition: 'dark' }],
    });
    writeFileSync(join(folder, 'set.json'), JSON.stringify(content));
    const read = readSet(folder);
    expect(read.clips[0]).toMatchObject({
      source: { file: join(folder, 'a.y4m') },
      labels: { glasses: 'no', ageBand: '30' },
    });
    expect(
      read.pictures.map(({ person, faces, forIdentity }) => [person, faces, forIdentity]),
    ).toEqual([
      [null, 1, false],
      ['ana', 1, true],
      ['ana', 1, true],
    ]);
  });

  it.each<readonly [string, object, string]>([
    ['a file that is missing', { clips: [{ ...clip, file: 'c.y4m' }] }, 'c.y4m'],
    [
      'a kind that is none',
      { clips: [{ ...clip, expected: [{ kind: 'sleeping', fromMs: 0, toMs: 1 }] }] },
      '"sleeping" is no kind of incident',
    ],
    [
      'an act that is none',
      { clips: [{ ...clip, file: undefined, acts: [{ act: 'fly', ms: 900 }] }] },
      '"fly" is no act',
    ],
    ['neither file nor acts', { clips: [{ ...clip, file: undefined }] }, 'either "file" or "acts"'],
    [
      'an end before its beginning',
      { clips: [{ ...clip, expected: [{ kind: 'no-face', fromMs: 9, toMs: 3 }] }] },
      'not after its beginning',
    ],
    ['a word that is unknown', { clips: [{ ...clip, light: 'dim' }] }, '/clips/0'],
    [
      'a person without pictures',
      { people: [{ id: 'p', folder: 'people/nobody' }] },
      'has no pictures',
    ],
    ['nothing to measure', {}, 'neither clips nor pictures'],
  ])('refuses %s with a sentence', (_, rest, sentence) => {
    expect(() => resolveSet(JSON.parse(JSON.stringify(set(rest))), folder)).toThrow(sentence);
  });

  it('refuses a folder without set.json, and one that is no JSON', () => {
    expect(() => readSet(join(folder, 'people'))).toThrow('has no set.json');
    writeFileSync(join(folder, 'people/set.json'), '{');
    expect(() => readSet(join(folder, 'people'))).toThrow('is no JSON');
  });
});

describe('the generated clips', () => {
  const clips = resolveSet({ name: 'g', about: 'g', clips: generatedClips() }, '.').clips;
  const acts = (normal: boolean) =>
    clips
      .filter(({ expected }) => (expected.length === 0) === normal)
      .flatMap(({ source }) => ('acts' in source ? source.acts : []));

  it('hold an hour of normal behaviour with every act of it', () => {
    expect(acts(true).reduce((sum, { ms }) => sum + ms, 0)).toBeGreaterThanOrEqual(3_600_000);
    expect(new Set(acts(true).map(({ act }) => act))).toEqual(new Set(Object.keys(NORMAL_ACTS)));
    const glances = acts(true).filter(({ act }) => act.startsWith('glance'));
    expect(Math.max(...glances.map(({ ms }) => ms))).toBeLessThan(3_000);
  });

  it('hold every violation that the rules of the exam know', () => {
    // The same person's photograph is for the challenge before the exam: nothing in the exam judges by it.
    const violations = Object.keys(VIOLATIONS).filter((act) => act !== 'photograph');
    expect(new Set(acts(false).map(({ act }) => act))).toEqual(new Set(['sitting', ...violations]));
  });

  it('are the same each time', () => {
    expect(generatedClips()).toEqual(generatedClips());
  });
});
