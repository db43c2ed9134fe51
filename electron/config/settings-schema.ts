import Type, { type Static } from 'typebox';
import { PeripheralRulesSchema } from '#shared/incident/peripheral-rules.ts';
import { ProgramRulesSchema } from '#shared/incident/program-rules.ts';

const optionalText = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }));

const CodeSchema = Type.String({ minLength: 4, maxLength: 40 });
/** A calendar day; the code is good until the end of it, where the machine stands. */
const DaySchema = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' });

/** What a machine can be told: `kiosk.json`, `site.json`, the registry policy, the macOS profile. All keys optional. */
export const SettingsSchema = Type.Object(
  {
    /** Origin of the central server. */
    server: Type.Optional(Type.String({ pattern: '^https?://[^/\\s]+$' })),
    /** Room where the machine stands; updates are staged by it. */
    room: optionalText(80),
    /** The name that enrolment proposes; `{computer}` and `{room}` are filled in. */
    deviceName: optionalText(120),
    /** Language of the first screen. */
    locale: Type.Optional(Type.Union([Type.Literal('es'), Type.Literal('en')])),
    /** Which releases this machine takes; `none` never updates by itself. */
    updateChannel: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,20}$' })),
    /** Sensors that stay off here, by their id; the proctor sees their kinds as not watched. */
    switchedOffSensors: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }), {
        maxItems: 40,
        uniqueItems: true,
      }),
    ),
    /** What the person may do about the machine's network from inside: see and connect again when absent. */
    network: Type.Optional(
      Type.Union([Type.Literal('none'), Type.Literal('reconnect'), Type.Literal('choose')]),
    ),
    /** Programs that are forbidden or allowed here, on top of those that come with the kiosk. */
    programs: Type.Optional(ProgramRulesSchema),
    /** Devices that belong to the machine or to assistive technology. */
    peripherals: Type.Optional(PeripheralRulesSchema),
    /** Enrolment code for this machine. */
    enrolCode: Type.Optional(CodeSchema),
    /** Enrolment codes of a whole site by computer name, so that one file serves all. */
    enrolCodes: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 80 }), CodeSchema),
    ),
    /** Last day on which the codes are good. */
    enrolCodesExpire: Type.Optional(DaySchema),
  },
  { additionalProperties: false },
);
export type SettingsInput = Static<typeof SettingsSchema>;
export type SettingsKey = keyof SettingsInput;

export const SETTINGS_KEYS = Object.keys(SettingsSchema.properties) as readonly SettingsKey[];

/**
 * Keys that take protection away or change the program itself. Only a place that the exam's user cannot
 * write counts for them; a packaged kiosk refuses them in the user's own folder.
 */
export const MACHINE_ONLY: ReadonlySet<SettingsKey> = new Set([
  'switchedOffSensors',
  'programs',
  'peripherals',
  'updateChannel',
  'network',
]);
