import { expect, test } from 'vitest';
import type { IncidentRecord } from '#shared/attempt/attempt-state.ts';
import { roomAttempts } from '#shared/attempt/room-attempts.ts';
import type { EpisodeId, IncidentId } from '#shared/kernel/ids.ts';

const incident = (
  id: string,
  episode: string,
  change: Partial<IncidentRecord> = {},
): IncidentRecord => ({
  id: id as IncidentId,
  kind: 'focus-lost',
  startedT: 1_000,
  openedT: 1_300,
  endedT: null,
  counted: true,
  episodeId: episode as EpisodeId,
  facts: {},
  evidence: [],
  copyAttempt: null,
  acknowledged: false,
  objection: null,
  dismissed: null,
  ...change,
});
const ids = (...names: readonly string[]) => new Set(names as IncidentId[]);

test.each([
  [
    'the copy attempt that it opened',
    [incident('a', 'one', { copyAttempt: 1 })],
    ids('a'),
    ids('a'),
    [{ incidentId: 'a', number: 1, dismissed: false, whole: true }],
  ],
  [
    'one that another kind of the same act opened, if that is the room’s too',
    [incident('a', 'one', { copyAttempt: 2, kind: 'no-face' }), incident('b', 'one')],
    ids('b'),
    ids('a', 'b'),
    [{ incidentId: 'a', number: 2, dismissed: false, whole: true }],
  ],
  [
    'one in whose act something of the seat’s own counted: not whole',
    [incident('a', 'one', { copyAttempt: 1 }), incident('b', 'one', { kind: 'clipboard' })],
    ids('a'),
    ids('a'),
    [{ incidentId: 'a', number: 1, dismissed: false, whole: false }],
  ],
  [
    'what was only for review in the act does not speak against it',
    [
      incident('a', 'one', { copyAttempt: 1 }),
      incident('b', 'one', { kind: 'outside-input', counted: false }),
    ],
    ids('a'),
    ids('a'),
    [{ incidentId: 'a', number: 1, dismissed: false, whole: true }],
  ],
  [
    'a dismissed one as such',
    [incident('a', 'one', { copyAttempt: 1, dismissed: { by: 'M. Andrade', reason: 'luz' } })],
    ids('a'),
    ids('a'),
    [{ incidentId: 'a', number: 1, dismissed: true, whole: true }],
  ],
  [
    'nothing of an act in which the room’s own was only for review',
    [
      incident('a', 'one', { kind: 'low-light', counted: false }),
      incident('b', 'one', { kind: 'clipboard', copyAttempt: 1 }),
    ],
    ids('a'),
    ids('a'),
    [],
  ],
  ['nothing of other acts', [incident('a', 'one', { copyAttempt: 1 })], ids('z'), ids('z'), []],
])('%s', (_what, incidents, ofEvent, ofRoom, expected) => {
  expect(roomAttempts(incidents, ofEvent, (id) => ofRoom.has(id))).toEqual(expected);
});
