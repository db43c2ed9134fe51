import { applyEntry } from '#shared/attempt/apply-entry.ts';
import {
  type AttemptState,
  EMPTY_ATTEMPT,
  highestCopyAttempt,
} from '#shared/attempt/attempt-state.ts';
import { sealEntry } from '#shared/chain/chain.ts';
import type { IdentitySettings } from '#shared/identity/identity-facts.ts';
import { evaluate } from '#shared/incident/evaluate.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts, Observation } from '#shared/incident/observation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';
import { INITIAL_RULES, type RuleInput } from '#shared/incident/rules-state.ts';
import type { AttemptId, CommandId, IncidentId, StaffId } from '#shared/kernel/ids.ts';
import { GENESIS, type JsonObject, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { DeviceKey } from '#shared/ports/digest.port.ts';
import type { Command } from '#shared/wire/command.ts';
import type { FactData, FactType } from '#shared/wire/facts.ts';
import { digest } from '#test/shared/ledger/crypto.ts';
import { UNGATED } from '#test/support/fake/policy-for.ts';

const attemptId = 'attempt-1' as AttemptId;
export const SHIFT_END = 4_500_000;

/** Writes a ledger as the agreement in `shared/attempt/replay.ts` says, by the shortest way. Not sealed. */
export class Recorder {
  readonly entries: LedgerEntry[] = [];
  state: AttemptState = EMPTY_ATTEMPT;
  #rules = INITIAL_RULES;
  #commands = 0;
  readonly #policy: Policy;

  constructor(options: { policy?: Policy; publicKey?: string; identity?: IdentitySettings } = {}) {
    this.#policy = options.policy ?? UNGATED;
    this.write('attempt-opened', 0, {
      deviceId: 'device-1',
      sessionId: 'session-1',
      publicKey: options.publicKey ?? 'A'.repeat(43),
      host: { kind: 'fake', version: '1', build: null },
      coverage: {},
      policy: this.#policy,
      ...(options.identity === undefined ? {} : { identity: options.identity }),
    } as unknown as FactData<'attempt-opened'>);
  }

  write<T extends FactType>(type: T, t: number, data: FactData<T>): this {
    const entry: LedgerEntry = {
      attemptId,
      seq: this.entries.length + 1,
      t,
      wall: 1_700_000_000_000 + t,
      type,
      data: data as unknown as JsonObject,
      previous: GENESIS,
      hash: GENESIS,
    };
    this.entries.push(entry);
    this.state = applyEntry(this.state, entry);
    return this;
  }

  /** From the device check to the first second of the exam. */
  start(t = 1_000, durationMs = 3_600_000): this {
    this.write('device-checked', t, { results: [] });
    this.write('rules-accepted', t, { rulesVersion: '1', locale: 'es' });
    this.write('framing-confirmed', t, { evidence: [] });
    this.write('exam-started', t, { durationMs, shiftEndsT: SHIFT_END, formHash: GENESIS });
    return this.#feed({ type: 'resumed', t }, t);
  }

  observe(
    kind: IncidentKind,
    phase: Observation['phase'],
    t: number,
    at = t,
    facts: Facts = {},
  ): this {
    const observation: Observation = { kind, phase, t, facts };
    this.write('observation', at, observation);
    this.#judge({ type: 'time', t: at }, at);
    return this.#feed({ type: 'observation', observation }, at);
  }

  tick(t: number): this {
    return this.#feed({ type: 'time', t }, t);
  }

  answer(questionId: string, optionIds: string[], t: number): this {
    return this.write('answer-saved', t, { questionId, optionIds } as FactData<'answer-saved'>);
  }

  command(command: Command, t: number): this {
    this.#commands += 1;
    const before = this.state.phase;
    this.write('command-applied', t, {
      issued: {
        id: `command-${this.#commands}` as CommandId,
        attemptId,
        issuedAt: 1_700_000_000_000,
        issuedBy: { id: 'staff-1' as StaffId, name: 'Rosa Vera', role: 'proctor' },
        command,
      },
      outcome: 'applied',
    });
    if (command.type === 'close') return this.close('proctor', t);
    const after = this.state.phase;
    if (before === after) return this;
    return this.#feed({ type: after === 'in-progress' ? 'resumed' : 'stopped', t }, t);
  }

  dismiss(incidentId: string, t: number): this {
    return this.command(
      { type: 'dismiss', incidentId: incidentId as IncidentId, reason: 'fue un error' },
      t,
    );
  }

  close(by: FactData<'attempt-closed'>['by'], t: number): this {
    const ran = this.state.phase === 'in-progress';
    this.write('attempt-closed', t, { by, remainingMs: 0 });
    return ran ? this.#feed({ type: 'stopped', t }, t) : this;
  }

  restart(t: number): this {
    this.write('host-restarted', t, { downMs: 0 });
    return this.state.phase === 'in-progress' ? this.#feed({ type: 'restarted', t }, t) : this;
  }

  /** The same entries, linked, hashed and signed. */
  async sealed(key: DeviceKey): Promise<LedgerEntry[]> {
    const sealed: LedgerEntry[] = [];
    for (const entry of this.entries) {
      const previous = sealed.at(-1)?.hash ?? GENESIS;
      sealed.push(await sealEntry(entry, previous, { digest, key }));
    }
    return sealed;
  }

  #feed(input: RuleInput, t: number): this {
    this.#judge(input, t);
    const reached = this.state.copyAttempts >= this.#policy.copyAttemptLimit;
    return reached && this.state.phase === 'in-progress' ? this.close('copy-attempts', t) : this;
  }

  #judge(input: RuleInput, t: number): void {
    const { state, events } = evaluate(this.#rules, input, this.#policy);
    this.#rules = state;
    for (const event of events) {
      if (event.type === 'incident-opened')
        this.write('incident-opened', t, { incident: event.incident, evidence: [] });
      if (event.type === 'incident-closed')
        this.write('incident-closed', t, { incidentId: event.incidentId, endedT: event.endedT });
      if (event.type === 'copy-attempt') {
        const { incidentId, episodeId } = event;
        const { copyAttempts, incidents: known } = this.state;
        const number =
          rulesOf(this.#policy)?.parts.numberAfter(copyAttempts, highestCopyAttempt(known)) ?? 0;
        this.write('copy-attempt', t, { incidentId, episodeId, number });
      }
      if (event.type === 'warning-began')
        this.write('warning-shown', t, { kind: event.kind, startedT: event.startedT });
    }
  }
}
