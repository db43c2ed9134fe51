import { writeFile } from 'node:fs/promises';
import { create } from 'qrcode';
import sharp from 'sharp';
import { portrait, sitterOf } from '#test/support/portrait.ts';
import { renderSvg } from '#tools/clip/cutout.ts';
import { FRAME } from '#tools/clip/scenes.ts';
import { noiseTable, seededRandom } from '#tools/clip/seeded-random.ts';
import { rgbToI420, y4mFrame, y4mHeader } from '#tools/clip/y4m.ts';

/** As in the scene files of people: one can be written over the other under a running camera. */
const FPS = 10;
const FRAMES = 7;

/** Made up; only its check digit is right. */
export const SPECIMEN_NUMBER = '3015999992';
export const SPECIMEN_QR =
  'https://identidad.example/validar?cedula=3015999992&codigo=SPECIMEN-7F3A';

const qrPath = (text: string): { readonly path: string; readonly size: number } => {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  let path = '';
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column)) path += `M${column} ${row}h1v1h-1z`;
    }
  }
  return { path, size: modules.size };
};

/** A card of ID-1 proportions on a table, marked as a specimen. */
const card = (
  photo: string,
): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480">
  <rect width="640" height="480" fill="#7a5a3c"/>
  <g transform="translate(70 38)">
    <rect width="500" height="315" rx="18" fill="#f3efe2" stroke="#c9c2ac" stroke-width="2"/>
    <rect width="500" height="54" rx="18" fill="#274b7a"/>
    <text x="20" y="36" font-family="sans-serif" font-size="22" fill="#fff">DOCUMENTO DE PRUEBA</text>
    <image x="24" y="76" width="130" height="170" preserveAspectRatio="none" href="${photo}"/>
    <g font-family="sans-serif" fill="#1d2733">
      <text x="176" y="104" font-size="15">APELLIDOS</text><text x="176" y="130" font-size="23">MODELO EJEMPLO</text>
      <text x="176" y="164" font-size="15">NOMBRES</text><text x="176" y="190" font-size="23">ANA</text>
      <text x="176" y="224" font-size="15">NUI</text><text x="176" y="250" font-size="25">${SPECIMEN_NUMBER}</text>
    </g>
    <text x="60" y="300" font-family="sans-serif" font-size="44" font-weight="700" fill="#b3261e" opacity=".75">SPECIMEN</text>
  </g>
</svg>`;

/** A phone that shows the code of a digital document. */
const phone = (): string => {
  const { path, size } = qrPath(SPECIMEN_QR);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480">
  <rect width="640" height="480" fill="#6d7480"/>
  <rect x="165" y="20" width="310" height="460" rx="26" fill="#11161d"/>
  <rect x="180" y="50" width="280" height="420" fill="#fff"/>
  <text x="320" y="84" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#b3261e">SPECIMEN</text>
  <svg x="200" y="105" width="240" height="240" viewBox="-4 -4 ${size + 8} ${size + 8}">
    <path d="${path}" fill="#000"/>
  </svg>
</svg>`;
};

/** Writes a scene for the browser's fake camera: the specimen card, or a phone with its code. */
export const buildDocumentFile = async (what: 'card' | 'qr', out: string): Promise<void> => {
  const { rgb } = await renderSvg(
    what === 'card' ? card(await portrait(sitterOf(0), 0.95, 1.15, 1.33)) : phone(),
    FRAME,
  );
  const random = seededRandom(11);
  const noise = noiseTable(random, 2);
  const parts: Uint8Array[] = [y4mHeader(FRAME, FPS)];
  for (let at = 0; at < FRAMES; at++) {
    const frame = rgbToI420(rgb, FRAME);
    for (let i = 0; i < FRAME.width * FRAME.height; i++) {
      const value = (frame[i] ?? 0) + (noise[Math.floor(random.next() * noise.length)] ?? 0);
      frame[i] = Math.max(16, Math.min(235, value));
    }
    parts.push(y4mFrame(frame));
  }
  await writeFile(out, Buffer.concat(parts));
};

/** Width to height of a JPEG that the page made. */
export const proportions = async (base64: string): Promise<number> => {
  const { width, height } = await sharp(Buffer.from(base64, 'base64')).metadata();
  return width / height;
};
