import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { checkClaims, NOTHING_CLAIMED, withCodes } from '#shared/attempt/claims/check-claims.ts';
import { staffProofText } from '#shared/exam/exit-code.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import { GENESIS, type JsonObject, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { Contradiction } from '#shared/wire/doubt.ts';
import type { FactData, FactType } from '#shared/wire/facts.ts';
import type { Given, GivenTerms } from '#shared/wire/given.ts';

const MINUTE = 60_000;
const STARTS = 1_790_000_000_000;
const KEY = 'k'.repeat(64);
const FACE = { check: 'face', enrolled: true, challenge: true } as const;

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const proof = (act: string): string => sha256Hex(staffProofText(KEY, 'attempt-1', act));

const order = (id: string, command: object) => ({
  id,
  attemptId: 'attempt-1',
  issuedAt: STARTS,
  issuedBy: { id: 'staff-1', name: 'Lorena Paz', role: 'proctor' },
  command,
});
const PAUSE = order('c-pause', { type: 'pause', reason: 'corte de luz' });
const RESUME = order('c-resume', { type: 'resume', reason: 'volvió la luz' });
const CLOSE = order('c-close', { type: 'close', reason: 'terminó antes' });
const SCAN = order('c-scan', { type: 'room-scan', reason: 'ruido' });
const HELLO = order('c-hello', { type: 'message', text: 'buenos días' });

const TERMS: GivenTerms = {
  policy: DEFAULT_POLICY,
  identity: FACE,
  durationMs: 60 * MINUTE,
  shift: { startsAt: STARTS, endsAt: STARTS + 75 * MINUTE },
  rulesVersion: '1',
};
/** Names no thresholds of identity. */
const { identity: _, ...POLICY_OF_BEFORE } = DEFAULT_POLICY;
const withTemplates = (...templates: boolean[]): Partial<Given> => ({
  terms: templates.map((enrolled) => ({ ...TERMS, identity: { ...FACE, enrolled } })),
});

const GIVEN: Given = {
  sessionId: 'session-1' as Given['sessionId'],
  terms: [TERMS],
  host: 'electron',
  staffKey: KEY,
  form: {
    hash: 'f'.repeat(64),
    givenAt: STARTS + MINUTE,
    questions: [
      { id: 'q-1' as QuestionId, options: 'abcd', single: true },
      { id: 'q-2' as QuestionId, options: 'abcd', single: false },
    ],
  },
  commands: [PAUSE, RESUME, CLOSE, SCAN, HELLO] as unknown as Given['commands'],
};

/** One entry, without what the chain asks for: `at` is exam time, `wall` counts from the shift's start, ms. */
type Step = readonly [
  type: FactType,
  data: object,
  at?: number | undefined,
  wall?: number | undefined,
];

const OPENED: Step = [
  'attempt-opened',
  {
    deviceId: 'device-1',
    sessionId: 'session-1',
    publicKey: 'A'.repeat(43),
    host: { kind: 'electron', version: '1', build: null },
    coverage: { clipboard: { level: 'enforced' }, 'identity-mismatch': { level: 'detected' } },
    policy: DEFAULT_POLICY,
    identity: FACE,
  },
];
const CHECKED: Step = [
  'device-checked',
  {
    results: ['server', 'storage', 'camera'].map((requirement) => ({ requirement, outcome: 'ok' })),
  },
];
const RULES: Step = ['rules-accepted', { rulesVersion: '1', locale: 'es' }];
const FRAMED: Step = ['framing-confirmed', { evidence: [] }];
const VERIFIED: Step = [
  'identity-checked',
  { outcome: 'verified', distance: 0.4, captures: 5, challenge: 'passed', evidence: [] },
];
const START_AT = 2 * MINUTE;
const STARTED: Step = [
  'exam-started',
  { durationMs: 60 * MINUTE, shiftEndsT: 75 * MINUTE, formHash: 'f'.repeat(64) },
  START_AT,
];
const answer = (questionId: string, options: string, at: number, wall?: number): Step => [
  'answer-saved',
  { questionId, optionIds: [...options] },
  at,
  wall,
];
const applied = (issued: object, at: number, outcome = 'applied'): Step => [
  'command-applied',
  { issued, outcome },
  at,
];
const ended = (by: string, at: number, remainingMs: number): Step => [
  'attempt-closed',
  { by, remainingMs },
  at,
];

const BEFORE: readonly Step[] = [OPENED, CHECKED, RULES, FRAMED, VERIFIED];
const RUNNING: readonly Step[] = [...BEFORE, STARTED];

const codesOf = (steps: readonly Step[], given: Given = GIVEN): readonly string[] => {
  let attempt = EMPTY_ATTEMPT;
  let memory = NOTHING_CLAIMED;
  let found: readonly Contradiction[] = [];
  let t = 0;
  for (const [i, [type, data, at, wall]] of steps.entries()) {
    t = Math.max(t, at ?? t + 100);
    const entry: LedgerEntry = {
      attemptId: 'attempt-1' as LedgerEntry['attemptId'],
      seq: i + 1,
      t,
      wall: STARTS + (wall ?? t),
      type,
      data: data as JsonObject,
      previous: GENESIS,
      hash: GENESIS,
    };
    const checked = checkClaims(memory, attempt, entry, given, sha256Hex);
    memory = checked.memory;
    found = withCodes(found, checked.codes, entry.seq);
    attempt = applyEntry(attempt, entry);
  }
  return found.map(({ code }) => code);
};

/** A step with other data. */
const but = ([type, data, at, wall]: Step, change: object): Step => [
  type,
  { ...data, ...change },
  at,
  wall,
];
const HOUR = 60 * MINUTE;

describe('what is true', () => {
  test.each<[string, readonly Step[], Partial<Given>?]>([
    [
      'a whole exam',
      [...RUNNING, answer('q-1', 'a', 3 * MINUTE), ended('examinee', 5 * MINUTE, 57 * MINUTE)],
    ],
    ['closed when time is over', [...RUNNING, ended('time', 62 * MINUTE, 0)]],
    ['closed hours late, by a machine that slept', [...RUNNING, ended('time', 10 * HOUR, 0)]],
    [
      'a person decides instead of the camera',
      [
        ...BEFORE.slice(0, 4),
        [
          'staff-identity',
          {
            outcome: 'decided',
            decision: 'verified-in-person',
            authorisedBy: null,
            reason: 'cédula vista',
            proof: proof('staff-identity verified-in-person'),
          } as FactData<'staff-identity'>,
        ],
        STARTED,
      ],
    ],
    [
      'a wrong code proves nothing',
      [...RUNNING, ['staff-exit', { outcome: 'refused', reason: 'baño' }]],
    ],
    [
      'an exit with the code, off line',
      [
        ...RUNNING,
        ['staff-exit', { outcome: 'opened', reason: 'baño', proof: proof('staff-exit') }],
      ],
    ],
    [
      'paused and resumed as ordered',
      [
        ...RUNNING,
        applied(PAUSE, 4 * MINUTE),
        applied(RESUME, 9 * MINUTE),
        answer('q-2', 'ab', 66 * MINUTE),
        ended('time', 67 * MINUTE, 0),
      ],
    ],
    ['an order that could not be followed', [...RUNNING, applied(RESUME, 4 * MINUTE, 'rejected')]],
    [
      'closed as ordered',
      [...RUNNING, applied(CLOSE, 4 * MINUTE), ended('proctor', 4 * MINUTE, 58 * MINUTE)],
    ],
    [
      'a view of the room as asked',
      [
        ...RUNNING,
        applied(SCAN, 4 * MINUTE),
        ['room-scanned', { commandId: 'c-scan', outcome: 'shown', evidence: [] }],
      ],
    ],
    [
      'a message read',
      [...RUNNING, applied(HELLO, 4 * MINUTE), ['message-read', { commandId: 'c-hello' }]],
    ],
    [
      'late by 20 minutes',
      [
        ...BEFORE,
        but([STARTED[0], STARTED[1], 2 * MINUTE, 22 * MINUTE], { shiftEndsT: 55 * MINUTE }),
        answer('q-1', 'a', 54 * MINUTE, 74 * MINUTE),
        ended('time', 55 * MINUTE, 0),
      ],
    ],
    [
      'a clock that was set two hours ahead in the middle',
      [
        ...RUNNING,
        answer('q-1', 'a', 4 * MINUTE, 124 * MINUTE),
        answer('q-1', 'b', 5 * MINUTE, 125 * MINUTE),
      ],
    ],
    ['an answer taken back', [...RUNNING, answer('q-1', '', 4 * MINUTE)]],
    [
      'who was enrolled between two sign-ins',
      [but(OPENED, { identity: { ...FACE, enrolled: false } }), ...RUNNING.slice(1)],
      withTemplates(false, true),
    ],
    [
      'verified by the thresholds of a policy of before',
      [
        but(OPENED, { policy: POLICY_OF_BEFORE }),
        ...RUNNING.slice(1).map((step) =>
          step[0] === 'identity-checked' ? but(step, { distance: 0.549 }) : step,
        ),
      ],
      { terms: [{ ...TERMS, policy: POLICY_OF_BEFORE }] },
    ],
    [
      'what an earlier server did not keep',
      [...RUNNING, ['staff-exit', { outcome: 'opened', reason: 'baño' }]],
      { ...withTemplates(false, true), staffKey: null },
    ],
    [
      'a host of a later version',
      [
        but(OPENED, {
          host: { kind: 'tablet', version: '9', build: null },
          coverage: { print: { level: 'enforced' }, peripheral: { level: 'enforced' } },
        }),
        ...RUNNING.slice(1),
      ],
      { host: null },
    ],
    [
      'a page that says what it cannot see before it begins',
      [
        but(OPENED, {
          host: { kind: 'web', version: '1', build: null },
          coverage: { 'remote-session': { level: 'detected' } },
        }),
        [
          'coverage-changed',
          { coverage: { 'remote-session': { level: 'not-watched', reason: 'page-only' } } },
        ],
        ...RUNNING.slice(1),
      ],
      { host: 'web' },
    ],
  ])('%s', (_name, steps, given) => {
    expect(codesOf(steps, { ...GIVEN, ...given })).toEqual([]);
  });
});

describe('what is not', () => {
  const exempt: GivenTerms['policy'] = { ...DEFAULT_POLICY, cameraExempt: true };
  test.each<[string, string[], readonly Step[], Partial<Given>?]>([
    ['another session', ['session'], [but(OPENED, { sessionId: 'session-2' })]],
    [
      'a milder policy',
      ['policy'],
      [but(OPENED, { policy: { ...DEFAULT_POLICY, copyAttemptLimit: 9 } })],
    ],
    ['a camera exemption of its own', ['policy'], [but(OPENED, { policy: exempt })]],
    [
      'no check of the face',
      ['identity-settings'],
      [but(OPENED, { identity: { check: 'by-hand', enrolled: true, challenge: true } })],
    ],
    ['no turns', ['identity-settings'], [but(OPENED, { identity: { ...FACE, challenge: false } })]],
    ['nothing said of it', ['identity-settings'], [but(OPENED, { identity: undefined })]],
    ['a template that nobody gave', ['enrolment'], [OPENED], withTemplates(false)],
    [
      'no template although one was given',
      ['enrolment'],
      [but(OPENED, { identity: { ...FACE, enrolled: false } })],
    ],
    [
      'another program',
      ['host'],
      [but(OPENED, { host: { kind: 'fake', version: '1', build: null } })],
    ],
    [
      'stops what it cannot stop',
      ['coverage'],
      [but(OPENED, { coverage: { peripheral: { level: 'enforced' } } })],
    ],
    [
      'stops it all at once later',
      ['coverage'],
      [OPENED, ['coverage-changed', { coverage: { 'no-face': { level: 'enforced' } } }]],
    ],
    [
      'a page that sees remote control',
      ['coverage'],
      [
        but(OPENED, {
          host: { kind: 'web', version: '1', build: null },
          coverage: { 'remote-session': { level: 'detected' } },
        }),
        ...RUNNING.slice(1),
      ],
      { host: 'web' },
    ],
    [
      'compares faces where nobody does',
      ['identity-settings', 'identity-check', 'coverage'],
      RUNNING,
      { terms: [{ ...TERMS, identity: { check: 'by-hand', enrolled: false, challenge: false } }] },
    ],
    ['no device check', ['steps'], [OPENED, RULES]],
    ['no rules', ['steps'], [OPENED, CHECKED, FRAMED]],
    ['no framing', ['steps'], [OPENED, CHECKED, RULES, STARTED]],
    ['nothing but the start', ['steps'], [OPENED, STARTED]],
    ['a step twice', ['steps'], [OPENED, CHECKED, CHECKED]],
    ['a device check of nothing', ['device-check'], [OPENED, but(CHECKED, { results: [] })]],
    [
      'a camera that failed',
      ['device-check'],
      [
        OPENED,
        but(CHECKED, {
          results: [
            { requirement: 'server', outcome: 'ok' },
            { requirement: 'storage', outcome: 'ok' },
            { requirement: 'camera', outcome: 'failed' },
          ],
        }),
      ],
    ],
    [
      'rules of another version',
      ['rules-version'],
      [OPENED, CHECKED, but(RULES, { rulesVersion: '0' })],
    ],
    ['verified without a template', ['enrolment', 'identity-check'], BEFORE, withTemplates(false)],
    [
      'verified without comparing',
      ['identity-check'],
      [...BEFORE.slice(0, 4), but(VERIFIED, { distance: null })],
    ],
    [
      'verified from afar',
      ['identity-check'],
      [...BEFORE.slice(0, 4), but(VERIFIED, { distance: 0.502 })],
    ],
    [
      'verified from afar by the thresholds of before',
      ['identity-check'],
      [
        but(OPENED, { policy: POLICY_OF_BEFORE }),
        ...BEFORE.slice(1, 4),
        but(VERIFIED, { distance: 0.552 }),
      ],
      { terms: [{ ...TERMS, policy: POLICY_OF_BEFORE }] },
    ],
    [
      'verified without turning',
      ['identity-check'],
      [...BEFORE.slice(0, 4), but(VERIFIED, { challenge: 'off' })],
    ],
    [
      'verified by one picture',
      ['identity-check'],
      [...BEFORE.slice(0, 4), but(VERIFIED, { captures: 1 })],
    ],
    [
      'not enrolled although enrolled',
      ['identity-check'],
      [...BEFORE.slice(0, 4), but(VERIFIED, { outcome: 'not-enrolled', distance: null })],
    ],
    [
      'verified in person without a code',
      ['staff-code'],
      [
        ...BEFORE.slice(0, 4),
        [
          'staff-identity',
          {
            outcome: 'decided',
            decision: 'verified-in-person',
            authorisedBy: null,
            reason: 'cédula vista',
          },
        ],
      ],
    ],
    [
      'with the proof of another decision',
      ['staff-code'],
      [
        ...BEFORE.slice(0, 4),
        [
          'staff-identity',
          {
            outcome: 'decided',
            decision: 'verified-in-person',
            authorisedBy: null,
            reason: 'cédula vista',
            proof: proof('staff-identity refused'),
          },
        ],
      ],
    ],
    [
      'an alternative that nobody authorised',
      ['authorisation'],
      [
        ...BEFORE.slice(0, 4),
        [
          'staff-identity',
          {
            outcome: 'decided',
            decision: 'authorised-alternative',
            authorisedBy: null,
            reason: 'sin cédula',
            proof: proof('staff-identity authorised-alternative'),
          },
        ],
      ],
    ],
    [
      'a staff exit that nobody gave',
      ['staff-code'],
      [...RUNNING, ['staff-exit', { outcome: 'opened', reason: 'baño' }]],
    ],
    [
      'an order that nobody gave',
      ['order'],
      [...RUNNING, applied({ ...PAUSE, id: 'c-other' }, 4 * MINUTE)],
    ],
    [
      'an order with another content',
      ['order'],
      [
        ...RUNNING,
        applied({ ...PAUSE, command: { type: 'pause', reason: 'otra cosa' } }, 4 * MINUTE),
      ],
    ],
    [
      'a refusal without a reason',
      ['order-refused'],
      [...RUNNING, applied(PAUSE, 4 * MINUTE, 'rejected')],
    ],
    [
      'goes on after the order to close',
      ['order-ignored'],
      [...RUNNING, applied(CLOSE, 4 * MINUTE), answer('q-1', 'a', 5 * MINUTE)],
    ],
    [
      'starts after the order to close',
      ['order-ignored'],
      [...BEFORE, applied(CLOSE, MINUTE), STARTED],
    ],
    [
      'a view that nobody asked for',
      ['room-view'],
      [...RUNNING, ['room-scanned', { commandId: 'c-scan', outcome: 'shown', evidence: [] }]],
    ],
    [
      'a message that nobody sent',
      ['message'],
      [...RUNNING, ['message-read', { commandId: 'c-pause' }]],
    ],
    [
      'a reply to nothing',
      ['incident'],
      [...RUNNING, ['objection', { incidentId: 'clipboard:1', text: 'no fui yo' }]],
    ],
    ['more time', ['duration'], [...BEFORE, but(STARTED, { durationMs: 90 * MINUTE })]],
    ['other questions', ['form'], [...BEFORE, but(STARTED, { formHash: 'e'.repeat(64) })]],
    ['questions that nobody gave', ['form'], [...BEFORE, STARTED], { form: null }],
    ['a shift of 99 hours', ['shift-end'], [...BEFORE, but(STARTED, { shiftEndsT: 99 * HOUR })]],
    [
      'a shift of ten minutes more',
      ['shift-end'],
      [...BEFORE, but(STARTED, { shiftEndsT: 85 * MINUTE })],
    ],
    [
      'begun before the shift',
      ['shift-end', 'start-time'],
      [...BEFORE, [STARTED[0], STARTED[1], START_AT, -8 * MINUTE]],
    ],
    [
      'begun after the shift',
      ['shift-end', 'start-time'],
      [...BEFORE, [STARTED[0], STARTED[1], START_AT, 3 * HOUR]],
    ],
    [
      'begun before it had the questions',
      ['start-time'],
      [
        ...BEFORE,
        [STARTED[0], but(STARTED, { shiftEndsT: START_AT + 75 * MINUTE })[1], START_AT, 0],
      ],
      {
        form: {
          hash: 'f'.repeat(64),
          givenAt: STARTED[2] === undefined ? 0 : STARTS + 20 * MINUTE,
          questions: [],
        },
      },
    ],
    ['begun twice', ['started-twice'], [...RUNNING, STARTED]],
    ['a question of nobody', ['question'], [...RUNNING, answer('q-99', 'a', 4 * MINUTE)]],
    ['an option of nobody', ['question'], [...RUNNING, answer('q-1', 'e', 4 * MINUTE)]],
    ['two answers where one is asked', ['question'], [...RUNNING, answer('q-1', 'ab', 4 * MINUTE)]],
    [
      'a visit to a question of nobody',
      ['question'],
      [...RUNNING, ['question-visited', { questionId: 'q-99' }]],
    ],
    [
      'forty answers three hours after the end',
      ['answer-late'],
      [
        ...RUNNING,
        ...Array.from({ length: 40 }, (_, i) => answer('q-1', 'a', 5 * HOUR + i * 1_000)),
      ],
    ],
    [
      'answers after its own time, within the shift',
      ['answer-late'],
      [...RUNNING, answer('q-1', 'a', 64 * MINUTE)],
    ],
    [
      'answers after a shift that it made longer',
      ['shift-end', 'answer-late'],
      [
        ...BEFORE,
        but(STARTED, { shiftEndsT: 99 * HOUR }),
        applied(PAUSE, 10 * MINUTE),
        applied(RESUME, 60 * MINUTE),
        answer('q-1', 'a', 80 * MINUTE),
      ],
    ],
    [
      'an exam time that stands still',
      ['answer-late'],
      [
        ...RUNNING,
        ...Array.from({ length: 40 }, (_, i) =>
          answer('q-1', 'a', 3 * MINUTE + i, (3 + i * 5) * MINUTE),
        ),
      ],
    ],
    [
      'answers while paused',
      ['answer-stopped'],
      [...RUNNING, applied(PAUSE, 4 * MINUTE), answer('q-1', 'a', 5 * MINUTE)],
    ],
    [
      'answers after closing',
      ['answer-stopped'],
      [...RUNNING, ended('examinee', 5 * MINUTE, 57 * MINUTE), answer('q-1', 'a', 6 * MINUTE)],
    ],
    ['answers before the start', ['answer-stopped'], [...BEFORE, answer('q-1', 'a', MINUTE)]],
    [
      'closed by staff who did not',
      ['closed-unordered'],
      [...RUNNING, ended('proctor', 5 * MINUTE, 57 * MINUTE)],
    ],
    [
      'submitted before it began',
      ['answer-stopped'],
      [...BEFORE, ended('examinee', MINUTE, 60 * MINUTE)],
    ],
    ['submitted after the end', ['answer-late'], [...RUNNING, ended('examinee', 70 * MINUTE, 0)]],
    [
      'time over before it was',
      ['time-left'],
      [...RUNNING, ended('time', 30 * MINUTE, 32 * MINUTE)],
    ],
    [
      'another rest of time',
      ['time-left'],
      [...RUNNING, ended('examinee', 5 * MINUTE, 2 * MINUTE)],
    ],
  ])('%s', (_name, codes, steps, given) => {
    expect(codesOf(steps, { ...GIVEN, ...given }).toSorted()).toEqual(codes.toSorted());
  });

  test('each once, with its first entry, whatever comes', () => {
    const any = fc.constantFrom(...RUNNING, answer('q-9', 'a', 0), applied(PAUSE, 0), CHECKED);
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (steps) => {
        const codes = codesOf([OPENED, ...steps]);
        expect(new Set(codes).size).toBe(codes.length);
      }),
    );
  });
});
