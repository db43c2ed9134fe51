import { expect, test } from 'vitest';
import { oncePerProgram } from '#electron/sensors/program-matcher.ts';
import type { SeenProgram } from '#shared/incident/program-rules.ts';

test('each sort of program is judged once, and no two are taken for one', () => {
  const judged: SeenProgram[] = [];
  const judge = oncePerProgram((program) => {
    judged.push(program);
    return program.originalName === 'obs' ? program : null;
  });
  const sorts: readonly SeenProgram[] = [
    { file: 'a', shown: [] },
    { file: 'a', shown: ['a'] },
    { file: 'a', shown: ['a', 'b'] },
    { file: null, shown: ['a', 'b'] },
    { file: 'a', shown: [], originalName: 'obs' },
    { file: 'a', shown: [], bundle: 'obs' },
    { file: 'a', shown: [], signer: 'obs' },
    { file: 'a', shown: [], sha256: 'obs' },
    { file: 'a', shown: [], installed: true },
    { file: 'a', shown: [], installed: false },
  ];
  for (let i = 0; i < 3; i++) {
    expect(sorts.map((one) => judge({ ...one })?.originalName ?? null)).toEqual(
      sorts.map(({ originalName }) => originalName ?? null),
    );
  }
  expect(judged).toHaveLength(sorts.length);
});
