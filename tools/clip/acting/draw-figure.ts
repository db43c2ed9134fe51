import type { Cutout, Picture } from '#tools/clip/cutout.ts';
import { poseHead } from './head-turn.ts';
import type { Actor } from './people.ts';
import type { Figure } from './stage.ts';

/** A print's white margin and its parts of the person, in face sizes. */
const PRINT = { margin: 0.14, up: 0.95, down: 1.15, side: 0.85 };
/** A cup in front of the mouth, in face sizes: half width, from above the lips to below the chin. */
const CUP = { half: 0.27, up: 0.1, down: 0.45, colour: [176, 62, 48] } as const;

/** Draws a figure into a picture, in place. */
export function drawFigure(target: Picture, actor: Actor, figure: Figure): void {
  const cutout = poseHead(actor, figure);
  const print = figure.printed ? printed(cutout) : cutout;
  place(target, print, figure);
  if (figure.cup > 0) drawCup(target, actor, figure);
}

/** The head and shoulders on white paper with hard edges. */
function printed(cutout: Cutout): Cutout {
  const { width, height, faceX, faceY, faceSize } = cutout;
  const rgb = cutout.rgb.slice();
  const alpha = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const u = Math.abs(x - faceX) / faceSize;
      const v = (y - faceY) / faceSize;
      if (u > PRINT.side || v < -PRINT.up || v > PRINT.down) continue;
      alpha[i] = 255;
      const paper =
        u > PRINT.side - PRINT.margin ||
        v < PRINT.margin - PRINT.up ||
        v > PRINT.down - PRINT.margin;
      if (paper) rgb.fill(235, i * 3, i * 3 + 3);
    }
  }
  return { ...cutout, rgb, alpha };
}

/** Scales, tilts and draws with blending, sampling between pixels so that slow movement is smooth. */
function place(target: Picture, from: Cutout, { x, y, size, roll }: Figure): void {
  const scale = size / from.faceSize;
  const cos = Math.cos(roll) / scale;
  const sin = Math.sin(roll) / scale;
  const box = bounds(from, x, y, scale, roll);
  const { width, height, rgb, alpha } = from;
  for (let ty = Math.max(0, box.top); ty < Math.min(target.height, box.bottom); ty++) {
    for (let tx = Math.max(0, box.left); tx < Math.min(target.width, box.right); tx++) {
      const sx = from.faceX + (tx - x) * cos + (ty - y) * sin;
      const sy = from.faceY - (tx - x) * sin + (ty - y) * cos;
      const x0 = Math.floor(sx);
      const y0 = Math.floor(sy);
      if (x0 < 0 || y0 < 0 || x0 >= width - 1 || y0 >= height - 1) continue;
      const p = y0 * width + x0;
      const a = (alpha[p] ?? 0) / 255;
      if (a === 0) continue;
      const fx = sx - x0;
      const fy = sy - y0;
      const to = (ty * target.width + tx) * 3;
      for (let c = 0; c < 3; c++) {
        const q = p * 3 + c;
        const top = (rgb[q] ?? 0) * (1 - fx) + (rgb[q + 3] ?? 0) * fx;
        const low = (rgb[q + width * 3] ?? 0) * (1 - fx) + (rgb[q + width * 3 + 3] ?? 0) * fx;
        const value = top * (1 - fy) + low * fy;
        const below = target.rgb[to + c] ?? 0;
        target.rgb[to + c] = below + (value - below) * a;
      }
    }
  }
}

function bounds(from: Cutout, x: number, y: number, scale: number, roll: number) {
  const corners = [0, from.width].flatMap((cx) =>
    [0, from.height].map((cy) => {
      const dx = (cx - from.faceX) * scale;
      const dy = (cy - from.faceY) * scale;
      return [
        x + dx * Math.cos(roll) - dy * Math.sin(roll),
        y + dx * Math.sin(roll) + dy * Math.cos(roll),
      ] as const;
    }),
  );
  const xs = corners.map(([cx]) => cx);
  const ys = corners.map(([, cy]) => cy);
  return {
    left: Math.floor(Math.min(...xs)),
    right: Math.ceil(Math.max(...xs)),
    top: Math.floor(Math.min(...ys)),
    bottom: Math.ceil(Math.max(...ys)),
  };
}

function drawCup(target: Picture, { mouth }: Actor, { x, y, size, cup }: Figure): void {
  // It comes from below the picture.
  const rise = (1 - cup) * (target.height - y + size);
  const left = x + (mouth[0] - CUP.half) * size;
  const right = x + (mouth[0] + CUP.half) * size;
  const top = y + (mouth[1] - CUP.up) * size + rise;
  const bottom = y + (mouth[1] + CUP.down) * size + rise;
  const rows = [Math.max(0, Math.round(top)), Math.min(target.height, Math.round(bottom))] as const;
  for (let ty = rows[0]; ty < rows[1]; ty++) {
    // Narrower at the foot.
    const inset = ((ty - top) / (bottom - top)) * 0.05 * size;
    const from = Math.max(0, Math.round(left + inset));
    const until = Math.min(target.width, Math.round(right - inset));
    for (let tx = from; tx < until; tx++) {
      const round = 1 - 0.5 * ((2 * (tx - left)) / (right - left) - 1) ** 2;
      CUP.colour.forEach((value, c) => {
        target.rgb[(ty * target.width + tx) * 3 + c] = value * round;
      });
    }
  }
}
