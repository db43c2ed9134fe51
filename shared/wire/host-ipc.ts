import Type, { type Static } from 'typebox';
import { FactsSchema } from '#shared/incident/observation.ts';

/** Names of the calls between the kiosk's page and Electron's main process. There are no others. */
export const CHANNEL = {
  capabilities: 'kiosk:capabilities',
  perform: 'kiosk:perform',
  subscribe: 'kiosk:subscribe',
  view: 'kiosk:view',
  camera: 'kiosk:camera',
  still: 'kiosk:still',
  identity: 'kiosk:identity',
  signal: 'kiosk:signal',
  network: 'kiosk:network',
} as const;

/** What the preload itself sees in the page and the main process cannot: the clipboard's events, a print dialog, a file dialog. */
export const PageSignalSchema = Type.Object(
  {
    kind: Type.Union([
      Type.Literal('clipboard'),
      Type.Literal('print'),
      Type.Literal('outside-input'),
    ]),
    facts: FactsSchema,
  },
  { additionalProperties: false },
);
export type PageSignal = Static<typeof PageSignalSchema>;

/** What the page may ask about the machine's network. A WPA password has 8 to 63 characters, or 64 digits. */
export const NetworkAskSchema = Type.Union([
  Type.Object({ do: Type.Literal('look') }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('reconnect') }, { additionalProperties: false }),
  Type.Object(
    {
      do: Type.Literal('join'),
      name: Type.String({ minLength: 1, maxLength: 32 }),
      password: Type.Union([
        Type.Null(),
        Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
      ]),
    },
    { additionalProperties: false },
  ),
]);
export type NetworkAsk = Static<typeof NetworkAskSchema>;

/** Largest still that the page may offer, bytes. */
export const MAX_STILL_BYTES = 200_000;
