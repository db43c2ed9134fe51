import { describe, expect, test } from 'vitest';
import type { Bundle } from '#shared/wire/http.ts';
import { givenOf } from '#test/shared/attempt/given-data.ts';
import { verifyBundle } from '#tools/verify-bundle.ts';
import { expectedOf, ledgerOf, RELEASES } from './stored.ts';

// Written by real engines through every way an exam goes: none of it may ever be called a contradiction.
describe.each(RELEASES)('what honest kiosks of %s claim', (release) => {
  const honest = Object.keys(expectedOf(release)).filter((name) => !/^(altered|lied)-/.test(name));

  test.each(honest)('%s', async (name) => {
    const bundle = ledgerOf(release, name) as Bundle;
    const report = await verifyBundle({ ...bundle, given: givenOf(bundle.entries) });
    const finding = report?.findings.filter(({ check }) => check === 'given');
    expect(finding).toMatchObject([{ ok: true }]);
  });
});
