/** What a key asks for on the exam's screen. */
export type Intent =
  | { readonly do: 'choose'; readonly option: number }
  | { readonly do: 'previous' | 'next' | 'flag' };

/**
 * The exam's keys: 1-8 choose an option, left and right change the question, M flags it. Nothing with
 * Alt, Ctrl or Meta, which belong to the system and to assistive technology.
 * @returns null for every other key.
 */
export const intentOf = (event: {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}): Intent | null => {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  if (/^[1-8]$/.test(event.key)) return { do: 'choose', option: Number(event.key) - 1 };
  if (event.key === 'ArrowLeft') return { do: 'previous' };
  if (event.key === 'ArrowRight') return { do: 'next' };
  return event.key === 'm' || event.key === 'M' ? { do: 'flag' } : null;
};
