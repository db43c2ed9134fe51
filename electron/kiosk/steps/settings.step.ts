import Type from 'typebox';
import { check } from '#shared/kernel/schema.ts';
import { placeName, type SettingTool, type Survey } from './settings/setting-tool.ts';
import { toolIsLost } from './settings/tool-runner.ts';
import type { LockdownStep, Shortfall } from './step.ts';

const SavedSchema = Type.Array(
  Type.Object({
    at: Type.Tuple([Type.String(), Type.String()]),
    old: Type.Union([Type.String(), Type.Null()]),
  }),
);

/**
 * A step that gives some of the user's settings another value. The old ones are in the journal; what the
 * machine does not offer or does not accept is a shortfall, never a failure.
 * @param id its name in the journal.
 */
export const settingsStep = (id: string, tool: SettingTool): LockdownStep => {
  let found: Survey = { changes: [], missing: [] };
  /** What is refused, or not written because the tool is lost, is found by the second look. */
  const write = async (): Promise<void> => {
    for (const { at, next } of found.changes) {
      try {
        await tool.write(at, next);
      } catch (error) {
        if (toolIsLost(error)) return;
      }
    }
  };
  return {
    id,
    durable: true,
    survey: async () => {
      found = await tool.survey();
      return found.changes.map(({ at, old }) => ({ at, old }));
    },
    perform: async () => {
      const shortfalls: Shortfall[] = found.missing.map(({ what, reason }) => ({
        reason,
        what: [what],
      }));
      if (found.changes.length === 0) return shortfalls;
      await write();
      // Tools say that they succeeded when a policy or a missing session bus has kept the old value.
      const left = await tool.survey().then(
        ({ changes }) => changes,
        () => found.changes,
      );
      if (left.length > 0)
        shortfalls.push({ reason: 'tool-blocked', what: left.map(({ at }) => placeName(at)) });
      return shortfalls;
    },
    revert: async (saved) => {
      const read = check(SavedSchema, saved);
      if (!read.ok) throw new Error(`journal of ${id} is not readable at ${read.error.path}`);
      const left = await tool.restore(read.value);
      if (left.length > 0) throw new Error(left.map(placeName).join(', ').slice(0, 1_000));
    },
  };
};
