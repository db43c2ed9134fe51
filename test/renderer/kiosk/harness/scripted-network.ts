import { partial, type Reading, told } from '#shared/incident/reading.ts';
import type {
  MachineNetwork,
  MachineNetworkState,
  NetworkOutcome,
  NetworkRights,
} from '#shared/ports/machine-network.port.ts';

const at = (name: string, signal: number, more: object = {}) => ({
  name,
  signal,
  security: 'password' as const,
  known: false,
  current: false,
  ...more,
});

/** A machine's network that does what the test says and remembers what it was asked. */
export class ScriptedNetwork implements MachineNetwork {
  rights: NetworkRights = 'reconnect';
  outcome: NetworkOutcome = 'done';
  readonly asked: string[] = [];
  reading: Reading<MachineNetworkState> = told({
    cable: 'away',
    wifi: 'connected',
    name: 'UNEMI-Aulas',
    signal: 58,
    nearby: [],
  });

  /** As where the institution allows another network. */
  allow(): void {
    this.rights = 'choose';
    this.reading = partial(
      {
        cable: 'away',
        wifi: 'connected',
        name: 'UNEMI-Aulas',
        signal: 58,
        nearby: [
          at('UNEMI-Respaldo', 81),
          at('UNEMI-Aulas', 58, { known: true, current: true }),
          at('eduroam', 55, { security: 'managed' }),
          at('Biblioteca', 34, { security: 'open' }),
        ],
      },
      'not-supported',
    );
  }

  readonly look = async () => ({ rights: this.rights, reading: this.reading });
  readonly reconnect = async () => {
    this.asked.push('reconnect');
    return this.outcome;
  };
  readonly join = async (name: string, password: string | null) => {
    this.asked.push(`join ${name} ${password ?? '-'}`);
    return this.outcome;
  };
}
