import { expect, test } from 'vitest';
import { type Planting, runPlanted } from './planted.ts';

const RULES = 'shared/incident/rule-sets.ts';
const SET = 'shared/incident/rule-set.ts';
const DEADLINES = 'shared/incident/deadlines.ts';
const EPISODES = 'shared/incident/episodes.ts';
const CATALOGUE = 'shared/incident/catalogue.ts';
const REPLAY = 'shared/attempt/replay.ts';
const STATE = 'shared/attempt/attempt-state.ts';

/** Changes of what was released, each of which decides some attempt otherwise. */
const CHANGES: readonly (readonly [what: string, Planting])[] = [
  ['what lasts is carried on for less', { file: RULES, find: '15_000', put: '14_000' }],
  ['what lasts is carried on for longer', { file: RULES, find: '15_000', put: '16_000' }],
  ['fewer episodes are remembered', { file: RULES, find: 'Episodes: 8', put: 'Episodes: 2' }],
  ['closing may take longer', { file: RULES, find: 'closingMs: 5_000', put: 'closingMs: 5_002' }],
  [
    'what the policy ignores is judged',
    { file: RULES, find: "effect !== 'ignore'", put: "effect !== 'none'" },
  ],
  [
    'the exempt are judged by the camera',
    { file: RULES, find: '!(policy.cameraExempt && needsCamera(kind))', put: 'true' },
  ],
  [
    'a technical kind counts',
    { file: CATALOGUE, find: "CATALOGUE[kind].family !== 'technical' &&", put: '' },
  ],
  [
    'a kind changes its family',
    {
      file: CATALOGUE,
      find: /peripheral: entry\(\s+\['29q'\],\s+'machine'/,
      put: "peripheral: entry(['29q'], 'camera'",
    },
  ],
  [
    'a break at the limit is none',
    { file: SET, find: 't - act.lastT < breakMs', put: 't - act.lastT < breakMs + 500' },
  ],
  [
    'an incident opens at its warning',
    {
      file: DEADLINES,
      find: 't: condition.startedT + minMs, kind',
      put: 't: condition.startedT + minMs - 100, kind',
    },
  ],
  [
    'an episode never ends',
    { file: EPISODES, find: 'startedT - episode.firstT > policy.episodeMaxMs', put: 'false' },
  ],
  [
    'families hang together like one',
    { file: EPISODES, find: 'policy.episodeCrossGapMs', put: 'policy.episodeGapMs' },
  ],
  [
    'a dismissed act still counts',
    {
      file: STATE,
      find: 'i.copyAttempt !== null && i.dismissed === null &&',
      put: 'i.copyAttempt !== null &&',
    },
  ],
  [
    'who was not identified may begin',
    { file: REPLAY, find: "? null : 'started-unidentified'", put: '? null : null' },
  ],
  [
    'a dismissed number is given again',
    { file: RULES, find: '(_standing, highest) => highest + 1', put: '(standing) => standing + 1' },
  ],
  [
    'nobody is asked at the gate',
    { file: RULES, find: 'gate: (policy) => gateTimes(policy) !== null', put: 'gate: () => false' },
  ],
  [
    'the gate holds nothing back',
    { file: RULES, find: 'needsCamera(kind) && kind !==', put: 'false && kind !==' },
  ],
  [
    'reading aloud is excused nothing',
    { file: RULES, find: 'policy.readsByClipboard === true &&', put: 'false &&' },
  ],
];

test.each(CHANGES)(
  'the golden ledgers notice when %s',
  { timeout: 120_000 },
  async (_, planting) => {
    expect(await runPlanted([planting], 'compare.ts', 'first')).not.toEqual([]);
  },
);

test('and nothing when nothing was planted', { timeout: 120_000 }, async () => {
  expect(await runPlanted([], 'compare.ts')).toEqual([]);
});
