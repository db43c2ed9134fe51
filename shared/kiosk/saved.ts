import Type, { type Static, type TSchema } from 'typebox';
import { type Form, FormSchema, TicketSchema } from '#shared/exam/ticket.ts';
import { DescriptorSchema, type Template, TemplateSchema } from '#shared/identity/face-capture.ts';
import { LONGEST, MANY, MOST } from '#shared/kernel/bounds.ts';
import { check } from '#shared/kernel/schema.ts';
import { ExamTimeSchema } from '#shared/kernel/time.ts';
import type { DeviceStore } from '#shared/ports/ledger-store.port.ts';
import { type IssuedCommand, IssuedCommandSchema } from '#shared/wire/command.ts';
import { EnrolResponseSchema } from '#shared/wire/http.ts';
import type { Log } from './engine-deps.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** @see SavedSession. `template` is absent in what older versions stored. */
const SessionSchema = object({
  token: Type.String({ maxLength: LONGEST }),
  ticket: TicketSchema,
  template: Type.Optional(Type.Union([TemplateSchema, Type.Null()])),
});
/** The attempt that is open on this device, and what the face is compared with. Forgotten at the sign-out. */
export interface SavedSession extends Omit<Static<typeof SessionSchema>, 'template'> {
  readonly template: Template | null;
}

/** Whom a person found to be the examinee: what the face is compared with where no template was (see `identity-watch.ts`). */
const AnchorSchema = object({
  attemptId: Type.String({ maxLength: LONGEST }),
  /** When the person decided it. */
  decidedT: ExamTimeSchema,
  descriptor: DescriptorSchema,
});
export type SavedAnchor = Static<typeof AnchorSchema>;

const DrainingSchema = Type.Array(
  object({
    attemptId: Type.String({ maxLength: LONGEST }),
    token: Type.String({ maxLength: LONGEST }),
    ackedSeq: Type.Integer({ minimum: -MOST, maximum: MOST }),
  }),
  { maxItems: MANY },
);
/** An attempt that left the screens with entries that the server does not have yet. */
export type Draining = Static<typeof DrainingSchema>[number];

const ClockSchema = object({ offsetMs: Type.Integer({ minimum: -MOST, maximum: MOST }) });
const CommandsSchema = Type.Array(IssuedCommandSchema, { maxItems: MANY });

/**
 * The device's small durable values by name, each checked against its schema when it is read back.
 * @param disk the storage itself, which `probe` is about.
 */
export const createSaved = (store: DeviceStore, log: Log, disk: DeviceStore) => {
  const read = async <S extends TSchema>(key: string, schema: S): Promise<Static<S> | null> => {
    const value = await store.get(key);
    if (value === undefined || value === null) return null;
    const checked = check(schema, value);
    if (checked.ok) return checked.value;
    log('error', 'stored value does not fit and is ignored', { key, path: checked.error.path });
    return null;
  };
  const formKey = (attemptId: string) => `form:${attemptId}`;
  const commandsKey = (attemptId: string) => `commands:${attemptId}`;
  return {
    device: () => read('device', EnrolResponseSchema),
    saveDevice: (device: Static<typeof EnrolResponseSchema>) => store.set('device', device),
    session: async (): Promise<SavedSession | null> => {
      const session = await read('session', SessionSchema);
      return session === null ? null : { ...session, template: session.template ?? null };
    },
    saveSession: (session: SavedSession) => store.set('session', session),
    /** Forgets the session and all that is biometric. */
    forgetSession: async (): Promise<void> => {
      await store.delete('anchor');
      await store.delete('session');
    },
    anchor: () => read('anchor', AnchorSchema),
    saveAnchor: (anchor: SavedAnchor) => store.set('anchor', anchor),
    form: (attemptId: string) => read(formKey(attemptId), FormSchema),
    saveForm: (form: Form) => store.set(formKey(form.attemptId), form),
    forgetForm: (attemptId: string) => store.delete(formKey(attemptId)),
    /** Commands that were received and not applied yet, in the order of their arrival. */
    commands: async (attemptId: string): Promise<readonly IssuedCommand[]> =>
      (await read(commandsKey(attemptId), CommandsSchema)) ?? [],
    saveCommands: (attemptId: string, commands: readonly IssuedCommand[]) =>
      commands.length === 0
        ? store.delete(commandsKey(attemptId))
        : store.set(commandsKey(attemptId), commands),
    clock: () => read('clock', ClockSchema),
    saveClock: (offsetMs: number) => store.set('clock', { offsetMs }),
    draining: async (): Promise<readonly Draining[]> =>
      (await read('draining', DrainingSchema)) ?? [],
    saveDraining: (list: readonly Draining[]) => store.set('draining', list),
    /** Writes, reads back and removes a value. @throws when the storage does not keep it. */
    probe: async (): Promise<void> => {
      await disk.set('probe', { kept: true });
      const back = await disk.get('probe');
      await disk.delete('probe');
      if (!check(object({ kept: Type.Literal(true) }), back).ok) throw new Error('probe was lost');
    },
  };
};
export type Saved = ReturnType<typeof createSaved>;
