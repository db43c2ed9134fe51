import Type, { type Static } from 'typebox';

const object = Type.Object;
const closed = { additionalProperties: false };

/** What a native process tells. Of keys: only the names of the shortcuts that the rules know, never a letter. */
export const NativeMessageSchema = Type.Union([
  /** It watches from now on. */
  object({ type: Type.Literal('ready') }, closed),
  object({ type: Type.Literal('alive') }, closed),
  /** It cannot watch here: no display, no USB, no library for this system. */
  object({ type: Type.Literal('failed') }, closed),
  object(
    {
      type: Type.Literal('press'),
      kind: Type.Union([
        Type.Literal('screenshot'),
        Type.Literal('print'),
        Type.Literal('outside-input'),
      ]),
      shortcut: Type.String({ maxLength: 40, pattern: '^[a-z0-9+ -]+$' }),
      /** Judged by a key's place, which the window's own character outweighs. */
      byPlace: Type.Boolean(),
    },
    closed,
  ),
  /** Something was plugged in or out. */
  object({ type: Type.Literal('plugged') }, closed),
]);
export type NativeMessage = Static<typeof NativeMessageSchema>;
