import { describe, expect, test } from 'vitest';
import { endingOf } from '#server/record/ending.ts';
import { openCommands } from '#server/record/live-attempt.ts';
import type { StoredCommand } from '#server/record/ports.ts';
import type { CommandId } from '#shared/kernel/ids.ts';
import type { Command } from '#shared/wire/command.ts';

const stored = (id: string, at: number, command: Command, no?: number): StoredCommand => ({
  issued: {
    id: id as CommandId,
    attemptId: 'attempt-1',
    issuedAt: at,
    issuedBy: { id: 'staff-1', name: 'Vigilante', role: 'proctor' },
    command,
  } as unknown as StoredCommand['issued'],
  state: 'sent',
  ...(no === undefined ? {} : { ended: { no, seq: 7, leftMs: 60_000 } }),
});
const close = (ending?: 'closed' | 'revoked' | 'let-go'): Command => ({
  type: 'close',
  reason: 'xxx',
  ...(ending === undefined ? {} : { ending }),
});
const inOrder = (all: readonly StoredCommand[]) => ({
  commands: new Map(all.map((one) => [one.issued.id, one])),
});

describe('the decision that holds', () => {
  const CASES: readonly [string, readonly StoredCommand[], string | null][] = [
    ['none', [stored('a', 1, close())], null],
    [
      'the last one',
      [stored('a', 1, close('closed'), 1), stored('b', 2, close('let-go'), 2)],
      'let-go',
    ],
    [
      'the later one although the clock was set back',
      [stored('a', 9, close('closed'), 1), stored('b', 2, close('let-go'), 2)],
      'let-go',
    ],
    [
      'of two in one moment the same one after a restart',
      [stored('b', 5, close('let-go'), 1), stored('a', 5, close('closed'), 1)],
      'let-go',
    ],
    [
      'by the clock, where a server of before gave no number',
      [stored('b', 2, close('let-go'), 0), stored('a', 1, close('closed'), 0)],
      'let-go',
    ],
    [
      'one with a number after one without',
      [stored('a', 9, close('closed'), 0), stored('b', 2, close('let-go'), 1)],
      'let-go',
    ],
  ];
  test.each(CASES)('is %s, in whatever order memory has them', (_, all, kind) => {
    expect(endingOf(inOrder(all))?.kind ?? null).toBe(kind);
    expect(endingOf(inOrder(all.toReversed()))?.kind ?? null).toBe(kind);
  });
});

test('what ended the attempt is said last, after a dismissal that reopens it for a moment', () => {
  const dismiss = { type: 'dismiss', incidentId: 'i', reason: 'xxx' } as unknown as Command;
  const all = [stored('end', 1, close('let-go'), 1), stored('dismiss', 2, dismiss)];
  expect(openCommands(all).map(({ id }) => id)).toEqual(['dismiss', 'end']);
});
