import { open, stat } from 'node:fs/promises';

/** Longest header that is read; real ones are under 100 bytes. */
const HEADER_BYTES = 4_096;

export interface Y4mLength {
  readonly frames: number;
  readonly fps: number;
  readonly durationMs: number;
}

/**
 * How long a clip plays, from its header and size.
 * @throws Error with a sentence for the person who gave the file: not there, not y4m, a pixel format that
 * Chromium's fake camera cannot play, or odd dimensions (it shows those as black).
 */
export const y4mLength = async (file: string): Promise<Y4mLength> => {
  const handle = await open(file, 'r').catch(() => {
    throw new Error(`No se puede leer el clip ${file}.`);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const header = buffer.subarray(0, bytesRead);
    const end = header.indexOf(0x0a);
    const [magic, ...fields] = header.subarray(0, Math.max(0, end)).toString('latin1').split(' ');
    if (magic !== 'YUV4MPEG2') throw new Error(`${file} no es un clip y4m (YUV4MPEG2).`);
    const field = (letter: string) => fields.find((part) => part.startsWith(letter))?.slice(1);
    const width = Number(field('W'));
    const height = Number(field('H'));
    const [numerator = 0, denominator = 1] = (field('F') ?? '').split(':').map(Number);
    const format = field('C') ?? '420';
    if (!(width > 0 && height > 0 && numerator > 0 && denominator > 0))
      throw new Error(`${file}: falta el tamaño o la velocidad en la cabecera.`);
    if (!format.startsWith('420') || format.includes('p10'))
      throw new Error(`${file}: formato ${format}; se necesita yuv420p (8 bits).`);
    if (width % 2 !== 0 || height % 2 !== 0)
      throw new Error(`${file}: el tamaño ${width}x${height} debe ser par.`);
    // Frame headers may carry parameters of their own, all alike in practice: measure the first one.
    const frameHeader = header.indexOf(0x0a, end + 1) - end;
    const frameBytes = frameHeader + (width * height * 3) / 2;
    const frames = Math.floor(((await stat(file)).size - end - 1) / frameBytes);
    if (frames < 1) throw new Error(`${file} no contiene ningún cuadro.`);
    const fps = numerator / denominator;
    return { frames, fps, durationMs: (frames / fps) * 1_000 };
  } finally {
    await handle.close();
  }
};
