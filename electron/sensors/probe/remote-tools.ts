import remote from '#assets/programs/remote.json' with { type: 'json' };
import { type RemoteTool, RemoteToolSchema } from '#shared/incident/remote-rules.ts';
import { check } from '#shared/kernel/schema.ts';

/**
 * The remote-control tools that the program knows.
 * @param permitted ids that an institution lets through.
 * @throws Error when a shipped rule does not fit its schema.
 */
export const remoteTools = (permitted: readonly string[]): readonly RemoteTool[] =>
  remote
    .map((value: unknown) => {
      const tool = check(RemoteToolSchema, value);
      if (!tool.ok) throw new Error(`assets/programs: ${tool.error.path} ${tool.error.message}`);
      return tool.value;
    })
    .filter(({ rule }) => !permitted.includes(rule.id));
