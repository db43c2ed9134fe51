/**
 * A new name for an order: 128 random bits as 32 hexadecimal digits. Not `randomUUID`, which browsers
 * keep from pages that come over plain HTTP from another computer.
 */
const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/**
 * The keys of what one form sends. The same words sent again (the answer did not come, the server had a
 * failure) are the same order and keep their key, so that the server takes it once; other words are
 * another order.
 * @returns gives the key for the words that are about to be sent.
 */
export const orderKeys = (newKey: () => string = randomKey): ((words: string) => string) => {
  let last: { readonly words: string; readonly key: string } | null = null;
  return (words) => {
    if (last?.words !== words) last = { words, key: newKey() };
    return last.key;
  };
};
