/** Joins class names; falsy ones are left out. Always a string, as strict component props want it. */
export const cx = (...names: readonly (string | false | null | undefined)[]): string =>
  names.filter(Boolean).join(' ');
