import { describe, expect, it } from 'vitest';
import { isSelfie } from '#renderer/vision/measure/document-signs.ts';
import { person, type Shot, taken } from './document-pictures.ts';

const refused = ({ picture, face }: Shot): boolean => isSelfie(picture, [face]);

describe('a document is taken for one', () => {
  it.each([
    ['a card on a table', {}],
    ['a page of a passport on a white desk', { what: 'passport', who: 2, on: 'desk' }],
    ['held in a hand', { hand: true, on: 'wall' }],
    ['held before books', { hand: true, on: 'book shelf', who: 1 }],
    ['turned', { turn: -14, what: 'dni' }],
    ['leaning and turned', { aslant: -7, turn: 6, hand: true }],
    ['far away', { wide: 0.5, what: 'dni', who: 1 }],
    ['larger than the frame', { wide: 1.1 }],
    ['with a lamp in it', { glare: true, hand: true, turn: 5 }],
    ['in little light', { light: 0.2, noise: 2.5 }],
    ['in very little light', { light: 0.12, noise: 2, what: 'passport' }],
    ['out of focus', { blur: 2 }],
    ['before a good camera', { width: 1_000, turn: 4 }],
    ['on a telephone', { phone: true, on: 'wall', wide: 0.62 }],
    ['before a poster', { on: 'poster', hand: true }],
  ] as const)('%s', async (_what, shot) => {
    expect(refused(await taken(shot))).toBe(false);
  });
});

describe('a person with nothing in the hands is not', () => {
  it.each([
    ['near', { face: 0.7 }],
    ['near, before writing', { face: 0.6, before: 'poster' }],
    ['as large as on a card', { face: 0.4 }],
    ['another one', { face: 0.36, who: 2 }],
    ['far', { face: 0.2 }],
    ['before books', { face: 0.4, before: 'book shelf' }],
    ['far, before books', { face: 0.22, before: 'book shelf', who: 1 }],
    ['in a striped shirt', { face: 0.4, shirt: 'striped' }],
    ['in one with upright stripes', { face: 0.4, shirt: 'upright stripes', before: 'desk' }],
    ['in squares', { face: 0.35, shirt: 'squares', who: 1 }],
    ['in a shirt with a word', { face: 0.35, shirt: 'print' }],
    ['before a poster with text', { face: 0.4, before: 'poster' }],
    ['far, beside the middle, before it', { face: 0.25, before: 'poster', who: 2, at: 0.35 }],
    ['before a door and a window', { face: 0.38, before: 'door and window' }],
    ['striped, before books', { face: 0.25, before: 'book shelf', shirt: 'striped' }],
    ['in very little light', { face: 0.4, light: 0.1, noise: 2.5 }],
    ['out of focus', { face: 0.4, blur: 3 }],
    ['before a good camera', { face: 0.42, width: 1_000, before: 'book shelf' }],
  ] as const)('%s', async (_what, shot) => {
    expect(refused(await person(shot))).toBe(true);
  });
});

describe('what cannot be told', () => {
  it('a photo in which no face was found is not refused', async () => {
    expect(isSelfie((await person({ face: 0.4 })).picture, [])).toBe(false);
  });
  it('a document beside which its owner is seen is one', async () => {
    const { picture, face } = await taken({ wide: 0.5 });
    const owner = { x: 0, y: 0, width: 0.3, height: 0.6 };
    expect(isSelfie(picture, [owner, face])).toBe(false);
    expect(isSelfie(picture, [owner])).toBe(true);
  });
});
