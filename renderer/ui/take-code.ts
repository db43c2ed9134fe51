/**
 * Takes a code out of the address (`#NAME=CODE`) and removes it there, so that it is neither seen nor used twice.
 * @returns the code, or null when the address has none.
 */
export const takeCode = (window: Window, name: 'enrol' | 'code'): string | null => {
  const code = new URLSearchParams(window.location.hash.slice(1)).get(name);
  if (code === null) return null;
  window.history.replaceState(
    window.history.state,
    '',
    window.location.pathname + window.location.search,
  );
  return code.trim() === '' ? null : code.trim();
};
