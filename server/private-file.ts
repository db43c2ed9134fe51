import { open, rename } from 'node:fs/promises';

/** Writes a file whole or not at all, for this user only. */
export const writePrivate = async (file: string, text: string): Promise<void> => {
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
};
