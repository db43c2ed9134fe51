import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

/** Longest text that the server takes. */
const MOST = 2_000;

// From this server: the library's own address would be another origin.
prepareZXingModule({ overrides: { locateFile: () => wasm } });

/** The text of the QR code in a picture; null when there is none, or none that can be sent. */
export const readQr = async (picture: ImageData): Promise<string | null> => {
  const [found] = await readBarcodes(picture, { formats: ['QRCode'], maxNumberOfSymbols: 1 });
  if (found === undefined || !found.isValid) return null;
  const text = found.text.trim();
  return text === '' || text.length > MOST ? null : text;
};
