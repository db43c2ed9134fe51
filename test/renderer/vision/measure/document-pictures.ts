import sharp from 'sharp';
import type { FrameBox, RgbaPicture } from '#renderer/vision/measure/picture-quality.ts';
import { portrait, sitterOf } from '#test/support/portrait.ts';
import { seededRandom } from '#tools/clip/seeded-random.ts';

/** What the page cuts out of the camera's picture: the shape of an ID-1 card. */
const SHAPE = 85.6 / 53.98;

/** All drawings are in these units: a picture of 1000 by 630. */
export const WIDE = 1_000;
export const HIGH = WIDE / SHAPE;

export const BACKGROUNDS = {
  wall: `<rect width="1000" height="631" fill="#c9c3b6"/>`,
  table: `<rect width="1000" height="631" fill="#7a5a3c"/><path d="M0 90h1000M0 250h1000M0 430h1000" stroke="#6d4f34" stroke-width="3"/>`,
  desk: `<rect width="1000" height="631" fill="#e9e7e1"/>`,
  'book shelf': `<rect width="1000" height="631" fill="#3b2a1c"/>${[0, 1, 2, 3]
    .map((shelf) =>
      Array.from({ length: 34 }, (_, book) => {
        const colour = ['#8a2f2f', '#2f5d8a', '#d8c48a', '#2f7a4f', '#a3663a', '#e4e0d4'][
          (book * 7 + shelf * 5) % 6
        ];
        const tall = 110 + ((book * 37 + shelf * 11) % 5) * 7;
        return `<rect x="${book * 30}" y="${shelf * 160 + 148 - tall}" width="${24 + ((book * 13) % 6)}" height="${tall}" fill="${colour}"/>
          <text transform="translate(${book * 30 + 17} ${shelf * 160 + 140}) rotate(-90)" font-size="13" font-family="sans-serif" fill="#fff">Historia universal</text>`;
      }).join(''),
    )
    .join(
      '',
    )}${[0, 1, 2, 3].map((shelf) => `<rect y="${shelf * 160 + 148}" width="1000" height="12" fill="#241a11"/>`).join('')}`,
  poster: `<rect width="1000" height="631" fill="#b9c3cc"/><rect x="20" y="20" width="960" height="560" fill="#fbfaf5"/>${Array.from(
    { length: 16 },
    (_, line) =>
      `<text x="40" y="${60 + line * 32}" font-size="20" font-family="sans-serif" fill="#1d2733">Reglamento de evaluaciones de la universidad: el examen dura dos horas y cada persona trae su documento ${line}</text>`,
  ).join('')}`,
  'door and window': `<rect width="1000" height="631" fill="#d9d2c2"/><rect x="120" y="0" width="240" height="631" fill="#6b4a2f"/><rect x="620" y="60" width="300" height="260" fill="#eef6fb" stroke="#fff" stroke-width="16"/>`,
} as const;

export type Background = keyof typeof BACKGROUNDS;

const text = (x: number, y: number, size: number, what: string, weight = 400): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" font-family="sans-serif" fill="#1d2733">${what}</text>`;

/** Where the photo is on each kind of document, in its own units of a tenth of a millimetre, and what is printed. */
const DOCUMENTS = {
  cedula: {
    width: 856,
    height: 540,
    photo: { x: 45, y: 130, width: 240, height: 310 },
    print: `<rect width="856" height="540" rx="30" fill="#f3efe2"/><rect width="856" height="80" rx="30" fill="#d9c890"/>
      ${text(40, 52, 30, 'REPÚBLICA DEL ECUADOR', 700)}${text(330, 140, 20, 'APELLIDOS')}${text(330, 172, 30, 'MODELO EJEMPLO', 700)}
      ${text(330, 212, 20, 'NOMBRES')}${text(330, 244, 30, 'ANA ESPECIMEN', 700)}${text(330, 284, 20, 'NACIONALIDAD')}${text(330, 314, 26, 'ECUATORIANA')}
      ${text(330, 350, 20, 'FECHA DE NACIMIENTO')}${text(330, 380, 26, '01 ENE 2000')}${text(330, 420, 20, 'LUGAR DE NACIMIENTO')}
      ${text(330, 450, 26, 'GUAYAS MILAGRO')}${text(45, 490, 20, 'FIRMA DEL TITULAR')}${text(330, 495, 34, 'NUI 3015999992', 700)}`,
  },
  dni: {
    width: 856,
    height: 540,
    photo: { x: 580, y: 110, width: 230, height: 290 },
    print: `<rect width="856" height="540" rx="30" fill="#dfe9ea"/>${text(40, 60, 30, 'DOCUMENTO DE IDENTIDAD', 700)}
      ${text(40, 130, 28, 'MODELO EJEMPLO')}${text(40, 180, 28, 'ANA ESPECIMEN')}${text(40, 230, 24, 'SEXO F  NAC 01 01 2000')}
      ${text(40, 280, 24, 'EMISION 02 03 2024')}${text(40, 330, 24, 'VENCE 02 03 2034')}${text(40, 400, 30, 'DNI 4501 2233 7', 700)}
      ${text(300, 440, 22, 'PROVINCIA DE PRUEBA')}${text(300, 490, 22, 'CIUDAD EJEMPLO 0901')}`,
  },
  passport: {
    width: 1250,
    height: 880,
    photo: { x: 60, y: 190, width: 350, height: 450 },
    print: `<rect width="1250" height="880" fill="#eee6ea"/>${text(60, 90, 40, 'PASAPORTE  PASSPORT', 700)}${text(480, 170, 20, 'TIPO  PAIS  NUMERO')}
      ${text(480, 205, 30, 'P ECU A1234567')}${text(480, 260, 20, 'APELLIDOS')}${text(480, 295, 30, 'MODELO EJEMPLO')}${text(480, 350, 20, 'NOMBRES')}
      ${text(480, 385, 30, 'ANA ESPECIMEN')}${text(480, 440, 30, 'ECUATORIANA')}${text(480, 500, 30, '01 ENE JAN 2000')}${text(480, 560, 30, 'MILAGRO')}
      ${text(480, 620, 30, '02 MAR MAR 2034')}<g font-family="monospace">${text(50, 760, 38, 'P&lt;ECUMODELO&lt;EJEMPLO&lt;&lt;ANA&lt;ESPECIMEN&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;')}${text(50, 825, 38, 'A1234567&lt;4ECU0001011F3403028&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;06')}</g>`,
  },
} as const;
type DocumentName = keyof typeof DOCUMENTS;

/** A picture and where the face is in it. */
export interface Shot {
  readonly picture: RgbaPicture;
  readonly face: FrameBox;
}

interface Look {
  /** 1 is daylight; noise of the sensor, luma; how far the lens is out of focus, pixels. */
  readonly light?: number;
  readonly noise?: number;
  readonly blur?: number;
  /** Width in pixels: what a camera of 640 by 480 leaves of the cut, or a good one. */
  readonly width?: number;
}

const developed = async (svg: string, face: FrameBox, look: Look): Promise<Shot> => {
  const { light = 1, noise = 1.5, blur = 0, width = 480 } = look;
  const height = Math.round(width / SHAPE);
  let image = sharp(Buffer.from(svg)).resize(width, height, { fit: 'fill' }).removeAlpha();
  if (blur > 0) image = image.blur(blur);
  const rgb = await image.raw().toBuffer();
  const random = seededRandom(5);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const grain = (random.next() + random.next() + random.next() - 1.5) * 2 * noise;
    for (let c = 0; c < 3; c++) data[i * 4 + c] = (rgb[i * 3 + c] ?? 0) * light + grain;
    data[i * 4 + 3] = 255;
  }
  return { picture: { data, width, height }, face };
};

const framed = (content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${WIDE} ${HIGH}">${content}</svg>`;

const boxOf = (x: number, y: number, size: number): FrameBox => ({
  x: (x - size / 2) / WIDE,
  y: (y - size / 2) / HIGH,
  width: size / WIDE,
  height: size / HIGH,
});

interface PersonShot extends Look {
  readonly who?: number;
  /** The face's height, a share of the picture's. */
  readonly face: number;
  readonly before?: Background;
  /** What the person wears, over the body; in heights of the face from its middle. */
  readonly shirt?: 'own' | 'striped' | 'upright stripes' | 'squares' | 'print';
  /** From the left, 0..1. */
  readonly at?: number;
}

const SHIRTS = {
  striped: `<pattern id="s" width="1" height=".24" patternUnits="userSpaceOnUse"><rect width="1" height=".24" fill="#f4f4f4"/><rect width="1" height=".12" fill="#22406e"/></pattern>`,
  'upright stripes': `<pattern id="s" width=".14" height="1" patternUnits="userSpaceOnUse"><rect width=".14" height="1" fill="#f4f4f4"/><rect width=".07" height="1" fill="#22406e"/></pattern>`,
  squares: `<pattern id="s" width=".2" height=".2" patternUnits="userSpaceOnUse"><rect width=".2" height=".2" fill="#d9b9a0"/><rect width=".1" height=".1" fill="#7a2f2f"/><rect x=".1" y=".1" width=".1" height=".1" fill="#b8704f"/></pattern>`,
  print: `<pattern id="s" width="9" height="9" patternUnits="userSpaceOnUse"><rect width="9" height="9" fill="#f1f1f1"/></pattern>`,
} as const;

/** A person, nothing in the hands. */
export const person = async (shot: PersonShot): Promise<Shot> => {
  const { who = 0, face, before = 'wall', shirt = 'own', at = 0.5 } = shot;
  const sitter = sitterOf(who);
  const size = face * HIGH;
  const x = at * WIDE;
  const y = HIGH * 0.42;
  const photo = await portrait(sitter, 1.15, 1.0, 2.3);
  // Head and shoulders as a person has them, so that the photograph's own background does not stand in the room.
  const outline = `M-.36 .3C-.62 -.2 -.5 -.86 0 -.88S.62 -.2 .36 .3L.4 .72C.7 .85 1.15 .9 1.15 1.5V2.3H-1.15V1.5C-1.15 .9 -.7 .85 -.4 .72Z`;
  const body = `M-.4 .78C-.7 .88 -1.3 .95 -1.4 1.6L-1.5 6H1.5L1.4 1.6C1.3 .95 .7 .88 .4 .78L0 1Z`;
  const dress =
    shirt === 'own'
      ? `<path d="M-1.15 2.2H1.15V6H-1.15Z" fill="#39424e"/>`
      : `<defs>${SHIRTS[shirt]}</defs><path d="${body}" fill="url(#s)"/>${
          shirt === 'print'
            ? `<text x="0" y="1.6" font-size=".34" font-weight="700" text-anchor="middle" font-family="sans-serif" fill="#a33">MILAGRO</text>`
            : ''
        }`;
  const svg = framed(`${BACKGROUNDS[before]}<clipPath id="c"><path d="${outline}"/></clipPath>
    <g transform="translate(${x} ${y}) scale(${size})"><g clip-path="url(#c)"><image x="-1.15" y="-1" width="2.3" height="3.3" preserveAspectRatio="none" xlink:href="${photo}"/></g>${dress}</g>`);
  return developed(svg, boxOf(x, y, size), shot);
};

interface DocumentShot extends Look {
  readonly what?: DocumentName;
  readonly who?: number;
  readonly on?: Background;
  /** The document's width, a share of the picture's; its turn in degrees; how far it is aslant, degrees. */
  readonly wide?: number;
  readonly turn?: number;
  readonly aslant?: number;
  readonly hand?: boolean;
  readonly glare?: boolean;
  readonly phone?: boolean;
}

/** A document before the camera. */
export const taken = async (shot: DocumentShot): Promise<Shot> => {
  const { what = 'cedula', who = 0, on = 'table', wide = 0.8, turn = 0, aslant = 0 } = shot;
  const { width, height, photo, print } = DOCUMENTS[what];
  const sitter = sitterOf(who);
  // ICAO 9303: the head is about three quarters of the photo; a finder's square is about three quarters of the head.
  const size = photo.height * 0.5;
  const face = { x: photo.x + photo.width / 2, y: photo.y + photo.height * 0.48 };
  const side = photo.width / 2 / size;
  const picture = await portrait(sitter, side, (face.y - photo.y) / size, side * 2);
  const scale = Math.min((wide * WIDE) / width, (wide * HIGH * 1.08) / height);
  const card = `<clipPath id="p"><rect x="${photo.x}" y="${photo.y}" width="${photo.width}" height="${photo.height}"/></clipPath>${print}
    <g clip-path="url(#p)"><image x="${photo.x}" y="${photo.y}" width="${photo.width}" height="${((face.y - photo.y) / size + side * 2) * size}" preserveAspectRatio="none" xlink:href="${picture}"/></g>`;
  const around = shot.phone
    ? `<rect x="-70" y="-240" width="${width + 140}" height="${height + 480}" rx="60" fill="#11161d"/><rect x="-40" y="-180" width="${width + 80}" height="${height + 360}" fill="#20242b"/>`
    : '';
  const fingers = shot.hand
    ? `<g fill="#b98566"><rect x="-90" y="${height * 0.35}" width="190" height="90" rx="45"/><rect x="${width * 0.3}" y="${height - 60}" width="95" height="400" rx="46"/><rect x="${width * 0.42}" y="${height - 40}" width="95" height="400" rx="46"/></g>`
    : '';
  const glare = shot.glare
    ? `<defs><radialGradient id="g"><stop offset="0" stop-color="#fff"/><stop offset=".6" stop-color="#fff" stop-opacity=".9"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs><ellipse cx="${width * 0.62}" cy="${height * 0.4}" rx="${width * 0.24}" ry="${height * 0.3}" fill="url(#g)"/>`
    : '';
  const skew = Math.tan((aslant * Math.PI) / 180);
  const radians = (turn * Math.PI) / 180;
  const cos = Math.cos(radians) * scale;
  const sin = Math.sin(radians) * scale;
  // Turned, and sheared as one that leans is seen.
  const matrix = [cos, sin, -sin + cos * skew, cos + sin * skew] as const;
  const place = (px: number, py: number) => {
    const u = px - width / 2;
    const v = py - height / 2;
    return {
      x: WIDE / 2 + matrix[0] * u + matrix[2] * v,
      y: HIGH / 2 + matrix[1] * u + matrix[3] * v,
    };
  };
  const corner = place(0, 0);
  const svg = framed(
    `${BACKGROUNDS[on]}<g transform="matrix(${matrix.join(' ')} ${corner.x} ${corner.y})">${around}${card}${glare}${fingers}</g>`,
  );
  const middle = place(face.x, face.y);
  return developed(svg, boxOf(middle.x, middle.y, size * scale), shot);
};
