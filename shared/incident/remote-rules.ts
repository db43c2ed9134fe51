import Type, { type Static } from 'typebox';
import { MANY } from '#shared/kernel/bounds.ts';
import {
  allowedRule,
  matchRule,
  openness,
  type ProgramLists,
  type ProgramPlatform,
  ProgramRuleSchema,
  type SeenProgram,
} from './program-rules.ts';

const Names = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 40 });

/** How one remote-control tool is recognised, and what shows that it is in use and not only waiting. */
export const RemoteToolSchema = Type.Object(
  {
    rule: ProgramRuleSchema,
    /** Processes that live only while somebody is connected. */
    sessions: Type.Optional(Names),
    /** Words on the command line of such a process. */
    sessionArgs: Type.Optional(Names),
    /** Processes that wait in the background wherever the tool is installed. */
    services: Type.Optional(Names),
    /** Words on the command line of such a process. */
    waitingArgs: Type.Optional(Names),
    /** First and last port on which it takes connections. */
    ports: Type.Optional(
      Type.Array(
        Type.Tuple([
          Type.Integer({ minimum: 1, maximum: 65_535 }),
          Type.Integer({ minimum: 1, maximum: 65_535 }),
        ]),
        { maxItems: MANY },
      ),
    ),
    /** A connection to such a port is one of this tool even when the process behind it cannot be seen. */
    portProves: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type RemoteTool = Static<typeof RemoteToolSchema>;

/** A TCP socket of this machine. */
export interface TcpSocket {
  readonly state: 'listening' | 'established';
  readonly localPort: number;
  readonly remoteAddress: string;
  /** Null when the system does not tell whose it is. */
  readonly pid: number | null;
}

/** A running program with what tells a waiting service from one that was opened. */
export interface RemoteCandidate extends SeenProgram {
  readonly pid: number;
  readonly args: readonly string[];
  readonly onDesktop: boolean;
  readonly hasWindow: boolean | null;
}

/** How it shows. */
export type RemoteSign =
  /** The examinee's own session comes from another machine. */
  | 'session'
  /** A process that lives only while somebody is connected. */
  | 'process'
  /** Somebody is connected to a port of the tool. */
  | 'connection'
  /** The tool was opened, as nobody does who only has it installed. */
  | 'opened';

export interface RemoteUse {
  readonly id: string;
  readonly name: string;
  readonly sign: RemoteSign;
  readonly port?: number;
  readonly renamed: boolean;
}

export interface RemoteView {
  /** Remote control that is going on. */
  readonly inUse: readonly RemoteUse[];
  /** Tools that only wait. Fairness: whoever set the machine up installed them; they are a note before the exam, never a session. */
  readonly waiting: readonly string[];
}

const isOneOf = (
  patterns: readonly string[] | undefined,
  seen: SeenProgram,
  platform: ProgramPlatform,
): boolean => {
  if (patterns === undefined) return false;
  const names = { [platform]: [...patterns] };
  return matchRule(seen, [{ id: 'x', name: 'x', category: 'remote', names }], platform) !== null;
};

const inPorts = ({ ports = [] }: RemoteTool, port: number): boolean =>
  ports.some(([first, last]) => port >= first && port <= last);

/** Set in front of other signs: they say more. */
const ORDER: readonly RemoteSign[] = ['session', 'process', 'connection', 'opened'];

/**
 * Tells remote control that is going on from tools that are only installed.
 * @param session the tool through which the examinee's own session is seen elsewhere, if the system says so.
 */
export const remoteView = (
  programs: readonly RemoteCandidate[],
  sockets: readonly TcpSocket[],
  session: { readonly id: string; readonly name: string } | null,
  tools: readonly RemoteTool[],
  lists: Pick<ProgramLists, 'allowed'>,
  platform: ProgramPlatform,
): RemoteView => {
  const inUse = new Map<string, RemoteUse>();
  const waiting = new Map<string, string>();
  const use = (found: RemoteUse): void => {
    const known = inUse.get(found.id);
    if (known === undefined || ORDER.indexOf(found.sign) < ORDER.indexOf(known.sign)) {
      inUse.set(found.id, found);
    }
  };
  if (session !== null) use({ ...session, sign: 'session', renamed: false });

  const listening = new Set(
    sockets.filter(({ state }) => state === 'listening').map(({ localPort }) => localPort),
  );
  /** Somebody connected to us, we did not connect to somebody. */
  const incoming = sockets.filter(
    ({ state, localPort }) => state === 'established' && listening.has(localPort),
  );

  for (const program of programs) {
    if (allowedRule(program, { forbidden: [], allowed: lists.allowed }, platform) !== null) {
      continue;
    }
    for (const tool of tools) {
      const match = matchRule(program, [tool.rule], platform);
      if (match === null) continue;
      const { id, name } = tool.rule;
      const { renamed } = match;
      const has = (words: readonly string[] | undefined): boolean =>
        words?.some((word) => program.args.includes(word)) === true;
      const connection = incoming.find(({ pid }) => pid === program.pid);
      const waits =
        isOneOf(tool.services, program, platform) ||
        has(tool.waitingArgs) ||
        openness(tool.rule, program.onDesktop, program.hasWindow) !== 'open';
      const serves = isOneOf(tool.sessions, program, platform) || has(tool.sessionArgs);
      if (serves && program.onDesktop) {
        use({ id, name, sign: 'process', renamed });
      } else if (connection !== undefined) {
        use({ id, name, sign: 'connection', port: connection.localPort, renamed });
      } else if (waits) waiting.set(id, name);
      else use({ id, name, sign: 'opened', renamed });
    }
  }

  for (const { localPort, pid } of incoming) {
    if (pid !== null) continue;
    const tool = tools.find((one) => one.portProves === true && inPorts(one, localPort));
    if (tool === undefined) continue;
    const { id, name } = tool.rule;
    use({ id, name, sign: 'connection', port: localPort, renamed: false });
  }
  for (const { state, localPort, pid } of sockets) {
    if (state !== 'listening' || pid !== null) continue;
    const tool = tools.find((one) => one.portProves === true && inPorts(one, localPort));
    if (tool !== undefined) waiting.set(tool.rule.id, tool.rule.name);
  }
  for (const id of inUse.keys()) waiting.delete(id);
  return { inUse: [...inUse.values()], waiting: [...waiting.values()] };
};
