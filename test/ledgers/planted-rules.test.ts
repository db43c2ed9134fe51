import { expect, test } from 'vitest';
import { type Planting, runPlanted } from './planted.ts';

const RULES = 'shared/incident/rule-sets.ts';
const SET = 'shared/incident/rule-set.ts';
const DEADLINES = 'shared/incident/deadlines.ts';
const EPISODES = 'shared/incident/episodes.ts';
const CATALOGUE = 'shared/incident/catalogue.ts';
const REPLAY = 'shared/attempt/replay.ts';
const STATE = 'shared/attempt/attempt-state.ts';

/** The release whose ledgers show them: it has both versions of the rules. */
const RELEASE = '0.1.0-e81a687';

/**
 * Changes of what was released, each of which decides some attempt otherwise, and one that shows it: to replay all of them
 * for each change costs a second, and one that differs is enough.
 */
const CHANGES: readonly (readonly [what: string, ledger: string, Planting])[] = [
  [
    'what lasts is carried on for less',
    'back-after-crash-14500-electron',
    { file: RULES, find: '15_000', put: '14_000' },
  ],
  [
    'what lasts is carried on for longer',
    'back-after-crash-15500-web',
    { file: RULES, find: '15_000', put: '16_000' },
  ],
  [
    'fewer episodes are remembered',
    'anything-04-electron',
    { file: RULES, find: 'Episodes: 8', put: 'Episodes: 2' },
  ],
  [
    'closing may take longer',
    'lied-not-closed',
    { file: RULES, find: 'closingMs: 5_000', put: 'closingMs: 5_002' },
  ],
  [
    'what the policy ignores is judged',
    'everything-ignored-web',
    { file: RULES, find: "effect !== 'ignore'", put: "effect !== 'none'" },
  ],
  [
    'the exempt are judged by the camera',
    'exempt-by-the-flag-alone-web',
    { file: RULES, find: '!(policy.cameraExempt && needsCamera(kind))', put: 'true' },
  ],
  [
    'a technical kind counts',
    'a-technical-kind-that-should-count-electron',
    { file: CATALOGUE, find: "CATALOGUE[kind].family !== 'technical' &&", put: '' },
  ],
  [
    'a kind changes its family',
    'apart-across-3100-web',
    {
      file: CATALOGUE,
      find: /peripheral: entry\(\s+\['29q'\],\s+'machine'/,
      put: "peripheral: entry(['29q'], 'camera'",
    },
  ],
  [
    'a break at the limit is none',
    'a-key-again-electron',
    { file: SET, find: 't - act.lastT < breakMs', put: 't - act.lastT < breakMs + 500' },
  ],
  [
    'an incident opens at its warning',
    'every-kind-electron',
    {
      file: DEADLINES,
      find: 't: condition.startedT + minMs, kind',
      put: 't: condition.startedT + minMs - 100, kind',
    },
  ],
  [
    'an episode never ends',
    'one-long-episode-electron',
    { file: EPISODES, find: 'startedT - episode.firstT > policy.episodeMaxMs', put: 'false' },
  ],
  [
    'families hang together like one',
    'apart-across-3100-web',
    { file: EPISODES, find: 'policy.episodeCrossGapMs', put: 'policy.episodeGapMs' },
  ],
  [
    'a dismissed act still counts',
    'every-kind-electron',
    {
      file: STATE,
      find: 'i.copyAttempt !== null && i.dismissed === null &&',
      put: 'i.copyAttempt !== null &&',
    },
  ],
  [
    'who was not identified may begin',
    'lied-unidentified',
    { file: REPLAY, find: "? null : 'started-unidentified'", put: '? null : null' },
  ],
  [
    'a dismissed number is given again',
    'every-kind-electron',
    { file: RULES, find: '(_standing, highest) => highest + 1', put: '(standing) => standing + 1' },
  ],
  [
    'nobody is asked at the gate',
    'gate-never-pressed-electron',
    { file: RULES, find: 'gate: (policy) => gateTimes(policy) !== null', put: 'gate: () => false' },
  ],
  [
    'the gate holds nothing back',
    'lied-seen-before-the-gate',
    { file: RULES, find: 'needsCamera(kind) && kind !==', put: 'false && kind !==' },
  ],
  [
    'reading aloud is excused nothing',
    'reads-by-clipboard-electron',
    { file: RULES, find: 'policy.readsByClipboard === true &&', put: 'false &&' },
  ],
];

test.each(CHANGES)(
  'the golden ledgers notice when %s',
  { timeout: 120_000 },
  async (_, ledger, planting) => {
    expect(await runPlanted([planting], 'compare.ts', `${RELEASE}/${ledger}`)).not.toEqual([]);
  },
);

test('and nothing when nothing was planted', { timeout: 120_000 }, async () => {
  expect(await runPlanted([], 'compare.ts', `${RELEASE}/every-kind-electron`)).toEqual([]);
});
