/** The page's events through which text or pictures come into the exam or leave it (Art. 29r). */
export const CLIPBOARD_EVENTS = ['copy', 'cut', 'paste', 'dragstart', 'drop'] as const;
export type ClipboardAction = (typeof CLIPBOARD_EVENTS)[number];

/** A text field, as far as it matters here: of any document, from any world. */
interface TextField {
  readonly type: string;
  readonly value: string;
  readonly readOnly: boolean;
  readonly disabled: boolean;
  readonly maxLength: number;
  readonly selectionStart: number | null;
  readonly selectionEnd: number | null;
  setRangeText(text: string, start: number, end: number, mode: 'end'): void;
}

const asField = (target: unknown): TextField | null => {
  const field = target as Partial<TextField> | null;
  if (typeof field?.setRangeText !== 'function') return null;
  // A radio button has the method too, and no place in a text.
  if (typeof field.selectionStart !== 'number' || typeof field.selectionEnd !== 'number')
    return null;
  return field.readOnly || field.disabled ? null : (field as TextField);
};

/** What one event of the clipboard is, after which nothing more of it may happen by itself. */
export interface OwnText {
  /**
   * Handles one event. What is copied or cut in a field is kept here, never in the system's clipboard, and goes back
   * into that field alone: nothing leaves and nothing comes in.
   * @param target the event's own.
   * @param incoming the text that a paste would bring; anything else that it would bring, as any text. Compared with the
   * field's own words, kept nowhere.
   * @returns whether it is a fact: something would have come from outside, or left.
   */
  isFact(action: ClipboardAction, target: unknown, incoming: () => string): boolean;
}

/**
 * One's own words in a text field (an objection, what staff write) may be cut, copied and pasted within it.
 * @param changed tells the page that its field was written into.
 */
export const createOwnText = (changed: (field: unknown) => void): OwnText => {
  let held: { readonly field: TextField; readonly text: string } | null = null;

  const write = (field: TextField, text: string): void => {
    const start = field.selectionStart ?? 0;
    const end = field.selectionEnd ?? start;
    const room =
      field.maxLength < 0 ? text.length : field.maxLength - field.value.length + end - start;
    field.setRangeText(text.slice(0, Math.max(0, room)), start, end, 'end');
    changed(field);
  };

  const take = (field: TextField, cuts: boolean): void => {
    const text = field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
    // A code is nobody's text.
    if (text === '' || field.type === 'password') return;
    held = { field, text };
    if (cuts) write(field, '');
  };

  const paste = (field: TextField, incoming: string): boolean => {
    const own = held?.field === field ? held.text : null;
    // Chosen with the mouse, one's own words come in by the middle button: they are in the field already.
    const isOwn = incoming !== '' && field.value.includes(incoming);
    if (own === null && !isOwn) return incoming !== '';
    write(field, isOwn ? incoming : (own ?? ''));
    return false;
  };

  return {
    isFact: (action, target, incoming) => {
      const field = asField(target);
      if (field === null) return true;
      switch (action) {
        case 'copy':
        case 'cut':
          take(field, action === 'cut');
          return false;
        case 'paste':
          return paste(field, incoming());
        case 'dragstart':
          // Stopped before anything is carried anywhere.
          return false;
        case 'drop':
          return true;
      }
    },
  };
};

/** What a clipboard or drag event would bring, as far as somebody's own words can be told from it. */
export const incomingText = (
  data: { getData(format: string): string; readonly types: readonly string[] } | null | undefined,
): string => {
  const text = data?.getData('text/plain') ?? '';
  // Pictures and files are nobody's own words.
  return text === '' && (data?.types.length ?? 0) > 0 ? '\u0000' : text;
};
