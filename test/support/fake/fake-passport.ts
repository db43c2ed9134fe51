import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import type { Passport } from '#shared/wire/passport.ts';

/** A good laptop: everything watched but one kind, everything fine. */
export const fakePassport = (change: Partial<Passport> = {}): Passport => ({
  format: 'atalaya-passport-1',
  createdAt: 1_790_000_000_000,
  device: {
    name: 'PC-07',
    manufacturer: 'LENOVO',
    model: 'ThinkPad L14',
    system: 'Debian GNU/Linux 12',
    architecture: 'x64',
    processor: 'Intel Core i5',
    memoryMb: 8_000,
  },
  host: { kind: 'electron', version: '0.1.0', build: 'ab'.repeat(32) },
  keyStore: 'libsecret',
  coverage: Object.fromEntries(
    INCIDENT_KINDS.map((kind) => [
      kind,
      kind === 'screenshot'
        ? ({ level: 'not-watched', reason: 'wayland' } as const)
        : ({ level: kind === 'print' ? 'enforced' : 'detected' } as const),
    ]),
  ),
  requirements: [
    { id: 'server', outcome: 'ok', blocks: true },
    { id: 'display', outcome: 'ok', blocks: true },
  ],
  risks: [],
  ...change,
});
