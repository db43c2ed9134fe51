/** A cédula or passport with only its last four characters. */
export const maskDocument = (document: string): string =>
  `${'•'.repeat(Math.max(0, Math.min(document.length, 16) - 4))}${document.slice(-4)}`;
