import { judgeMachine } from '#shared/incident/machine-signs.ts';
import { failed, lackOf, notSupported, toldOf } from '#shared/incident/reading.ts';
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
    if (probe === null) return Promise.resolve(notSupported('platform'));
    const asked = probe(signal);
    reading = asked;
    const forget = (): void => {
      reading = null;
    };
    asked.then(({ state }) => state !== 'told' && forget(), forget);
    return asked;
  };

  return polledSensor({
    id: 'virtual-machine',
    watches: ['virtual-machine'],
    everyMs: EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    look: async (signal) => {
      const found = await read(signal);
      const facts = toldOf(found);
      const verdict = judgeMachine(facts ?? {});
      const reason = lackOf(found);
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
        // A machine does not become a real one because it tells less.
        unseen: () => found.state !== 'told',
        ...(reason === null
          ? {}
          : { limits: { 'virtual-machine': { reason, partly: facts !== null } } }),
      };
    },
    check: async () => {
      const found: MachineReading = await read(AbortSignal.timeout(TIMEOUT_MS)).catch(() =>
        failed('tool-failed'),
      );
      const verdict = judgeMachine(toldOf(found) ?? {});
      if (verdict.virtual) {
        const names = verdict.product === null ? [] : [verdict.product];
        return { id: 'machine', outcome: 'failed', cause: 'virtual', names, blocks: true };
      }
      const cause = lackOf(found);
      return cause === null
        ? { id: 'machine', outcome: 'ok', blocks: true }
        : { id: 'machine', outcome: 'not-watched', cause, blocks: false };
    },
  });
};
