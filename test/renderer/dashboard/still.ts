import sharp from 'sharp';

const draw = (hash: string): Promise<Buffer> => {
  const hue = Number.parseInt(hash.slice(0, 4), 16) % 360;
  const shift = (Number.parseInt(hash.slice(4, 6), 16) / 255 - 0.5) * 160;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">
    <rect width="640" height="480" fill="hsl(${hue} 18% 72%)"/>
    <rect y="360" width="640" height="120" fill="hsl(${hue} 14% 58%)"/>
    <ellipse cx="${320 + shift}" cy="470" rx="170" ry="130" fill="hsl(${(hue + 160) % 360} 30% 36%)"/>
    <ellipse cx="${320 + shift}" cy="230" rx="88" ry="112" fill="hsl(24 38% 56%)"/>
    <path d="M${232 + shift} 215a88 112 0 0 1 176 0c-40-44-136-44-176 0z" fill="hsl(20 30% 18%)"/>
  </svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer();
};

const drawn = new Map<string, Promise<Buffer>>();

/** A made-up camera picture: a head and shoulders before a wall, another shade for each hash. */
export const still = (hash: string): Promise<Buffer> => {
  const picture = drawn.get(hash) ?? draw(hash);
  drawn.set(hash, picture);
  return picture;
};
