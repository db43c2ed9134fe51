import { describe, expect, it } from 'vitest';
import {
  attentionOf,
  classOf,
  matches,
  stateOf,
  tileTone,
  totalsOf,
} from '#renderer/dashboard/live/tile-state.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import { incident, tile } from './room-data.ts';

const NOW = 1_800_000_000_000;
const a1 = (change: Partial<Tile> = {}): Tile => tile(0, 'A1', NOW, change);

const ended = (kind: 'closed' | 'revoked' | 'let-go') => ({
  ended: { kind, at: NOW, by: 'Ana', reason: 'se apagó', later: 0 },
});

describe('state of a tile', () => {
  it.each([
    [{ phase: 'expected' }, 'expected', 'quiet'],
    [{ phase: 'device-check' }, 'device-check', 'plain'],
    [{ phase: 'in-progress' }, 'in-progress', 'ok'],
    [{ phase: 'paused' }, 'paused', 'hold'],
    [{ phase: 'closed', closedBy: 'examinee' }, 'submitted', 'done'],
    [{ phase: 'closed', closedBy: 'time' }, 'timed-out', 'done'],
    [{ phase: 'closed', closedBy: 'copy-attempts' }, 'closed-copy', 'alarm'],
    [{ phase: 'closed', closedBy: 'proctor' }, 'closed-proctor', 'alarm'],
    [{ phase: 'closed', ...ended('closed') }, 'ended-closed', 'done'],
    [{ phase: 'closed', ...ended('revoked') }, 'ended-revoked', 'alarm'],
    [{ phase: 'closed', ...ended('let-go') }, 'ended-let-go', 'hold'],
    [{ phase: 'closed', closedBy: 'proctor', ...ended('let-go') }, 'ended-let-go', 'hold'],
    [{ phase: 'closed', closedBy: 'examinee', ...ended('closed') }, 'submitted', 'done'],
    [{ phase: 'closed', closedBy: 'copy-attempts', ...ended('let-go') }, 'closed-copy', 'alarm'],
    [{ phase: 'closed', carriedOn: true, ...ended('let-go') }, 'carried-on', 'quiet'],
  ] as const)('%j is %s', (change, state, tone) => {
    expect(stateOf(a1(change))).toBe(state);
    expect(tileTone(a1(change), [])).toBe(tone);
  });

  it('is amber when a person should look, and red stays red', () => {
    expect(tileTone(a1(), ['offline'])).toBe('look');
    expect(tileTone(a1({ phase: 'closed', closedBy: 'copy-attempts' }), ['objection'])).toBe(
      'alarm',
    );
  });
});

describe('what needs attention', () => {
  const review = (agoMs: number, lastedMs: number | null) =>
    incident('attempt-1', 'low-light', NOW, { agoMs, lastedMs });
  it.each([
    ['nothing', {}, 0, []],
    ['a broken chain', { chain: 'broken' }, 0, ['chain-broken']],
    ['a gap', { chain: 'gap' }, 0, ['chain-gap']],
    ['a build that is not on the list', { build: 'not-allowed' }, 0, ['build']],
    ['a build that nobody checks', { build: 'not-checked' }, 0, []],
    ['a build without a name', { build: 'unknown' }, 0, []],
    ['no connection', { connection: 'offline' }, 0, ['offline']],
    [
      'no connection after closing',
      { connection: 'offline', phase: 'closed', closedBy: 'examinee' },
      0,
      [],
    ],
    ['one before the last', { copyAttempts: 2 }, 0, ['last-chance']],
    [
      'closed by copy attempts',
      { copyAttempts: 3, phase: 'closed', closedBy: 'copy-attempts' },
      0,
      ['closed-copy'],
    ],
    ['an opened machine', { phase: 'paused', released: true }, 0, ['released']],
    ['an open objection', {}, 1, ['objection']],
    ['an identity to decide', { phase: 'identity', identity: 'needs-person' }, 0, ['identity']],
    ['an identity not checked yet', { phase: 'identity', identity: 'pending' }, 0, []],
    ['an identity that stands', { identity: 'verified' }, 0, []],
    ['a refused identity', { phase: 'identity', identity: 'refused' }, 0, ['identity-refused']],
    [
      'an identity to decide, before a lost connection',
      { phase: 'identity', identity: 'needs-person', connection: 'offline' },
      0,
      ['identity', 'offline'],
    ],
    [
      'no identity after closing',
      { identity: 'needs-person', phase: 'closed', closedBy: 'proctor' },
      0,
      [],
    ],
    ['a view of the room that was asked for', { phase: 'paused', roomScan: true }, 0, []],
    ['nobody at the gate', { gate: { waitsFor: 'press', since: NOW - 30_000 } }, 0, ['gate-press']],
    ['somebody who just came', { gate: { waitsFor: 'press', since: NOW - 29_000 } }, 0, []],
    [
      'a camera that shows nobody',
      { gate: { waitsFor: 'picture', since: NOW - 60_000 } },
      0,
      ['gate-picture'],
    ],
    ['low battery', { battery: 0.1, charging: false }, 0, ['battery']],
    ['low battery, charging', { battery: 0.1, charging: true }, 0, []],
    ['an incident that lasts', { lastIncident: review(20 * MINUTE, null) }, 0, ['incident']],
    ['a recent incident', { lastIncident: review(MINUTE, 100) }, 0, ['incident']],
    ['an old incident', { lastIncident: review(5 * MINUTE, 100) }, 0, []],
    ['a technical one', { lastIncident: incident('attempt-1', 'platform', NOW) }, 0, []],
  ] as const)('%s', (_name, change, objections, expected) => {
    expect(attentionOf(a1(change as Partial<Tile>), objections, NOW)).toEqual(expected);
  });
});

describe('weight of an incident', () => {
  const by = { by: 'M. Andrade', reason: 'Error' };
  it.each([
    [incident('a', 'print', NOW, { copyAttempt: 1 }), 'counted'],
    [incident('a', 'outside-input', NOW, { counted: true }), 'same-act'],
    [incident('a', 'print', NOW, { copyAttempt: 1, dismissed: by }), 'dismissed'],
    [incident('a', 'low-light', NOW), 'review'],
    [incident('a', 'connectivity-lost', NOW), 'technical'],
  ] as const)('%#', (given, expected) => expect(classOf(given)).toBe(expected));
});

describe('totals and search', () => {
  it('counts an examinee in each total they belong to', () => {
    expect(totalsOf(a1({ connection: 'offline' }), ['offline'])).toEqual([
      'present',
      'in-progress',
      'offline',
      'attention',
    ]);
    expect(totalsOf(a1({ phase: 'expected', connection: 'never' }), [])).toEqual([]);
  });

  it.each([
    ['zuniga', true],
    ['ZÚÑIGA josue', true],
    ['e5', true],
    ['  ', true],
    ['alcivar pedro', false],
  ])('search %j', (search, found) => {
    const one = tile(0, 'E5', NOW, {
      examinee: { name: 'Zúñiga Alcívar, Josué', documentMasked: '••1', accommodations: [] },
    });
    expect(matches(one, search)).toBe(found);
  });
});
