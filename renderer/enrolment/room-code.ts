/**
 * Takes the room code out of the address (`#code=CODE`) and removes it there, so that it is neither seen nor
 * used twice.
 * @returns the code, or null when the address has none.
 */
export const takeRoomCode = (window: Window): string | null => {
  const code = new URLSearchParams(window.location.hash.slice(1)).get('code');
  if (code === null) return null;
  window.history.replaceState(
    window.history.state,
    '',
    window.location.pathname + window.location.search,
  );
  return code.trim() === '' ? null : code.trim();
};
