import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeOffer, type TrustContext } from '#electron/update/release-trust.ts';
import { compareVersions, type ReleaseManifest } from '#shared/wire/release.ts';
import {
  feedFor,
  manifestOf,
  newReleaseKey,
  permitFor,
  sha512,
  signWith,
} from '#test/support/signed-release.ts';

const key = newReleaseKey();
const stranger = newReleaseKey();
const bytes = Buffer.from('an installer');
const context: TrustContext = {
  keys: [key.publicKey],
  current: '1.4.0',
  platform: 'linux',
  arch: 'x64',
  now: 1_800_000_000_000,
};
const release = (version: string, changes: Partial<ReleaseManifest> = {}) =>
  manifestOf(version, 'Atalaya.deb', bytes, changes);
const offer = (manifest: ReleaseManifest) => feedFor(manifest, signWith(key, manifest));

describe('what the server offers is judged by the signature alone', () => {
  test('a newer signed release is taken', () => {
    const manifest = release('1.5.0');
    expect(judgeOffer(offer(manifest), context)).toEqual({
      ok: true,
      value: { manifest, downgrade: false },
    });
  });

  test('the version that runs is nothing to do', () => {
    expect(judgeOffer(offer(release('1.4.0')), context)).toEqual({ ok: true, value: null });
  });

  test('a second key is as good as the first', () => {
    const keys = [stranger.publicKey, key.publicKey];
    expect(judgeOffer(offer(release('1.5.0')), { ...context, keys }).ok).toBe(true);
  });

  const good = offer(release('1.5.0'));
  const [file] = good.files;
  const evil = Buffer.from('something else');
  const refused: [string, unknown, string, Partial<TrustContext>?][] = [
    ['no build key', good, 'no-keys', { keys: [] }],
    [
      'a stranger signed it',
      feedFor(release('1.5.0'), signWith(stranger, release('1.5.0'))),
      'bad-signature',
    ],
    [
      'the text was changed after signing',
      {
        ...good,
        atalaya: {
          ...good.atalaya,
          manifest: {
            ...good.atalaya.manifest,
            text: good.atalaya.manifest.text.replace('1.5.0', '1.6.0'),
          },
        },
      },
      'bad-signature',
    ],
    ['another processor', offer(release('1.5.0', { arch: 'arm64' })), 'other-system'],
    ['another system', offer(release('1.5.0', { platform: 'win32' })), 'other-system'],
    ['the feed names another version', { ...good, version: '1.6.0' }, 'files-differ'],
    [
      'the feed names another file',
      { ...good, files: [{ ...file, sha512: sha512(evil) }] },
      'files-differ',
    ],
    ['the feed names no file', { ...good, files: [] }, 'files-differ'],
    [
      'one file is signed and one is not',
      { ...good, files: [...good.files, { url: 'b.deb', sha512: sha512(evil), size: 14 }] },
      'files-differ',
    ],
    ['the old way of naming the file differs', { ...good, sha512: sha512(evil) }, 'files-differ'],
    ['parts of a web installer', { ...good, packages: { x64: { path: 'x.7z' } } }, 'malformed'],
    [
      'a path instead of a name',
      { ...good, files: [{ ...file, url: '../../bin/x' }] },
      'malformed',
    ],
    ['no signature at all', { ...good, atalaya: undefined }, 'malformed'],
    ['something else', 'latest: 9', 'malformed'],
    ['signed, but no manifest', feedFor(release('1.5.0'), signWith(key, { a: 1 })), 'malformed'],
    [
      'a permit in place of a manifest',
      feedFor(release('1.5.0'), signWith(key, permitFor(['1.4.0'], '1.5.0'))),
      'malformed',
    ],
  ];
  test.each(refused)('%s', (_name, offered, reason, changes) => {
    expect(judgeOffer(offered, { ...context, ...changes })).toEqual({ ok: false, error: reason });
  });
});

describe('an older release', () => {
  const old = release('1.2.0');
  const judged = (permit: unknown, signer = key, changes: Partial<TrustContext> = {}) =>
    judgeOffer(
      feedFor(old, signWith(key, old), permit === null ? null : signWith(signer, permit)),
      { ...context, ...changes },
    );

  test('is taken with a signed permit that names both versions', () => {
    const value = { manifest: old, downgrade: true };
    expect(judged(permitFor(['1.3.0', '1.4.0'], '1.2.0'))).toEqual({ ok: true, value });
  });

  test.each([
    ['without a permit', null, 'older'],
    ['to another version', permitFor(['1.4.0'], '1.1.0'), 'permit-does-not-fit'],
    ['from another version', permitFor(['1.5.0'], '1.2.0'), 'permit-does-not-fit'],
    [
      'for another system',
      permitFor(['1.4.0'], '1.2.0', { platform: 'darwin' }),
      'permit-does-not-fit',
    ],
    [
      'for another processor',
      permitFor(['1.4.0'], '1.2.0', { arch: 'arm64' }),
      'permit-does-not-fit',
    ],
    [
      'that has run out',
      permitFor(['1.4.0'], '1.2.0', { expiresAt: context.now }),
      'permit-expired',
    ],
    ['that is no permit', release('1.2.0'), 'permit-does-not-fit'],
  ])('is refused with a permit %s', (_name, permit, reason) => {
    expect(judged(permit)).toEqual({ ok: false, error: reason });
  });

  test('is refused with a permit that a stranger signed', () => {
    const reason = 'permit-bad-signature';
    expect(judged(permitFor(['1.4.0'], '1.2.0'), stranger)).toEqual({ ok: false, error: reason });
  });
});

describe('the order of versions', () => {
  // semver.org, section 11.
  const rising = [
    '0.9.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.10',
    '1.2.0',
    '2.0.0',
  ];
  test('is that of semver', () => {
    for (const [i, a] of rising.entries())
      for (const [j, b] of rising.entries())
        expect(Math.sign(compareVersions(a, b)), `${a} ${b}`).toBe(Math.sign(i - j));
  });

  test('is the same from both sides', () => {
    const number = fc.nat(30);
    const version = fc
      .tuple(number, number, number, fc.option(fc.constantFrom('a', 'a.1', '1', '1.a', '2')))
      .map(([x, y, z, tail]) => `${x}.${y}.${z}${tail === null ? '' : `-${tail}`}`);
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
