/** Bytes as base64 with padding, as the wire wants pictures. */
export const toBase64 = (bytes: Uint8Array): string => {
  // In parts: the arguments of one call are limited.
  const PART = 0x8000;
  let binary = '';
  for (let at = 0; at < bytes.length; at += PART) {
    binary += String.fromCharCode(...bytes.subarray(at, at + PART));
  }
  return btoa(binary);
};
