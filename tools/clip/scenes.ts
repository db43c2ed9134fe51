import { type Cutout, cutPerson, type PhotographedFace } from './cutout.ts';
import type { FrameSize } from './y4m.ts';

export const FRAME: FrameSize = { width: 640, height: 480 };

export const SCENES = [
  'person',
  'person-b',
  'two-people',
  'nobody',
  'turned',
  'glance',
  'cut',
  'far',
  'near',
  'dark',
  'covered',
  'frozen',
] as const;
export type SceneName = (typeof SCENES)[number];

/** What a scene shows before noise and sway. */
export interface Scene {
  readonly people: readonly { readonly cutout: Cutout; readonly x: number; readonly y: number }[];
  /** 1 is the light of the photograph. */
  readonly light: number;
  /** A lens that is covered shows neither the room nor the people. */
  readonly covered: boolean;
  /** Repeats its first picture bit for bit. */
  readonly frozen: boolean;
}

const ANA: PhotographedFace = { photograph: 3, x: 1166, y: 379, size: 254, left: 1.1, right: 1.1 };
const BEA: PhotographedFace = { photograph: 4, x: 737, y: 203, size: 184, left: 1.1, right: 1.1 };
const EVA: PhotographedFace = { photograph: 2, x: 420, y: 275, size: 190, left: 1.4, right: 1.9 };

interface Placing {
  readonly who: PhotographedFace;
  /** Face size in pixels of the frame. */
  readonly size: number;
  /** Where the face's middle is, in pixels of the frame. */
  readonly x: number;
  readonly y: number;
  readonly mirrored?: boolean;
}

interface Recipe {
  readonly people: readonly Placing[];
  readonly light?: number;
  readonly covered?: boolean;
  readonly frozen?: boolean;
}

const PERSON: Placing = { who: ANA, size: 144, x: 320, y: 215 };

/** Mirrored, so that she turns to the other side than the one to which Ana and Bea lean a little. */
const TURNED: Recipe = {
  people: [{ who: EVA, size: 150, x: 320, y: 215, mirrored: true }],
};

const RECIPES: Readonly<Record<SceneName, Recipe>> = {
  person: { people: [PERSON] },
  'person-b': { people: [{ who: BEA, size: 144, x: 320, y: 215 }] },
  'two-people': {
    people: [
      { who: BEA, size: 118, x: 500, y: 200 },
      { who: ANA, size: 140, x: 235, y: 220 },
    ],
  },
  nobody: { people: [] },
  turned: TURNED,
  glance: TURNED,
  cut: { people: [{ ...PERSON, x: 28 }] },
  far: { people: [{ ...PERSON, size: 56, y: 250 }] },
  near: { people: [{ ...PERSON, size: 360, y: 250 }] },
  dark: { people: [PERSON], light: 0.13 },
  covered: { people: [], covered: true },
  frozen: { people: [PERSON], frozen: true },
};

/** Cuts and scales the people of a scene. */
export async function loadScene(name: SceneName): Promise<Scene> {
  const recipe = RECIPES[name];
  const people = await Promise.all(
    recipe.people.map(async ({ who, size, x, y, mirrored }) => {
      const cutout = await cutPerson(who, size, mirrored);
      return { cutout, x: Math.round(x - cutout.faceX), y: Math.round(y - cutout.faceY) };
    }),
  );
  return {
    people,
    light: recipe.light ?? 1,
    covered: recipe.covered ?? false,
    frozen: recipe.frozen ?? false,
  };
}
