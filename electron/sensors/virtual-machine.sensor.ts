import { judgeMachine, type MachineVerdict } from '#shared/incident/machine-signs.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { polledSensor } from './polled-sensor.ts';
import type { MachineProbe, MachineReading } from './probe/machine-facts.ts';

/** A machine does not become another one; again now and then for what was not readable at first, ms. */
const EVERY_MS = 600_000;
const TIMEOUT_MS = 15_000;

/**
 * Art. 29n: the exam runs in a virtual machine. Several signs are needed (`judgeMachine`), so that a host
 * with a hypervisor, WSL or virtualization-based security passes.
 */
export const virtualMachineSensor = (probe: MachineProbe | null): Sensor => {
  // The same for the check and the exam: reading it costs tools that take a second on some systems.
  let reading: Promise<MachineReading> | null = null;
  const read = (signal: AbortSignal): Promise<MachineReading> => {
    if (reading !== null) return reading;
    if (probe === null) return Promise.resolve({ facts: {}, limit: 'platform' });
    const asked = probe(signal);
    reading = asked;
    const forget = (): void => {
      reading = null;
    };
    asked.then(({ limit }) => limit !== null && forget(), forget);
    return asked;
  };
  const partly = ({ signs }: MachineVerdict, { facts }: MachineReading): boolean =>
    signs.length > 0 || Object.keys(facts).length > 1;

  return polledSensor({
    id: 'virtual-machine',
    watches: ['virtual-machine'],
    everyMs: EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    look: async (signal) => {
      const found = await read(signal);
      const verdict = judgeMachine(found.facts);
      const { limit } = found;
      return {
        findings: verdict.virtual
          ? [
              {
                kind: 'virtual-machine',
                key: 'machine',
                facts: {
                  product: verdict.product ?? 'desconocido',
                  score: verdict.score,
                  signs: verdict.signs.map(({ part }) => part).join(' '),
                },
              },
            ]
          : [],
        ...(limit === null
          ? {}
          : { limits: { 'virtual-machine': { reason: limit, partly: partly(verdict, found) } } }),
      };
    },
    check: async () => {
      const found = await read(AbortSignal.timeout(TIMEOUT_MS)).catch(() => null);
      if (found === null) {
        return { id: 'machine', outcome: 'not-watched', cause: 'tool-missing', blocks: false };
      }
      const verdict = judgeMachine(found.facts);
      if (verdict.virtual) {
        const names = verdict.product === null ? [] : [verdict.product];
        return { id: 'machine', outcome: 'failed', cause: 'virtual', names, blocks: true };
      }
      return found.limit === null || partly(verdict, found)
        ? { id: 'machine', outcome: 'ok', blocks: true }
        : { id: 'machine', outcome: 'not-watched', cause: found.limit, blocks: false };
    },
  });
};
