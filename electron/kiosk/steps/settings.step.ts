import Type from 'typebox';
import { check } from '#shared/kernel/schema.ts';
import { toolIsLost } from './settings/run-tool.ts';
import {
  each,
  type SettingChange,
  type SettingTool,
  type Survey,
} from './settings/setting-tool.ts';
import type { LockdownStep, Shortfall } from './step.ts';

const SavedSchema = Type.Array(
  Type.Object({
    at: Type.Tuple([Type.String(), Type.String()]),
    old: Type.Union([Type.String(), Type.Null()]),
  }),
);

const nameOf = (at: readonly string[]): string => at.filter((part) => part !== '').join(' ');
const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * A step that gives some of the user's settings another value. The old ones are in the journal; what the
 * machine does not offer or does not accept is a shortfall, never a failure.
 * @param id its name in the journal.
 */
export const settingsStep = (id: string, tool: SettingTool): LockdownStep => {
  let found: Survey = { changes: [], missing: [] };
  const write = async (changes: readonly SettingChange[]): Promise<void> => {
    // What a lost tool has not written is found by the second look.
    await each(changes, async ({ at, next }) => {
      try {
        await tool.write(at, next);
      } catch (error) {
        if (toolIsLost(error)) throw error;
      }
    }).catch(() => undefined);
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
      await write(found.changes);
      // Tools say that they succeeded when a policy or a missing session bus has kept the old value.
      const left = await tool.survey().then(
        ({ changes }) => changes,
        () => found.changes,
      );
      if (left.length > 0)
        shortfalls.push({ reason: 'tool-blocked', what: left.map(({ at }) => nameOf(at)) });
      return shortfalls;
    },
    revert: async (saved) => {
      const read = check(SavedSchema, saved);
      if (!read.ok) throw new Error(`journal of ${id} is not readable at ${read.error.path}`);
      const failed: string[] = [];
      await each(read.value, async ({ at, old }) => {
        try {
          await tool.restore(at, old);
        } catch (error) {
          if (toolIsLost(error)) throw error;
          failed.push(`${nameOf(at)} (${text(error)})`);
        }
      });
      if (failed.length > 0) throw new Error(failed.join('; ').slice(0, 1_000));
    },
  };
};
