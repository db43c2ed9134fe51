import { expect, it } from 'vitest';
import type { Accommodation } from '#shared/incident/accommodation.ts';
import type { CameraSample, Face } from '#shared/incident/camera-sample.ts';
import { type FramingAdvice, framingAdvice } from '#shared/incident/framing-advice.ts';
import { policyFor } from '#test/support/fake/policy-for.ts';

const FACE: Face = { x: 0.38, y: 0.25, width: 0.22, height: 0.3, score: 0.9, yaw: 0 };
const look = (faces: readonly Partial<Face>[], luma: object = {}): CameraSample => ({
  ageMs: 0,
  status: 'ok',
  faces: faces.map((face) => ({ ...FACE, ...face })),
  luma: {
    mean: 110,
    std: 50,
    flatFraction: 0.2,
    faceMean: faces.length > 0 ? 120 : null,
    difference: 2,
    ...luma,
  },
});

it.each<readonly [string, CameraSample, FramingAdvice]>([
  ['well seated', look([{}]), 'ok'],
  ['no track', { ageMs: 0, status: 'ended', faces: [], luma: null }, 'no-camera'],
  ['lens covered', look([], { std: 3, flatFraction: 1, mean: 8 }), 'no-camera'],
  ['nobody', look([]), 'nobody'],
  ['dark room, nobody to be seen', look([], { mean: 20 }), 'more-light'],
  ['dark face', look([{}], { faceMean: 20 }), 'more-light'],
  ['two people', look([{}, { x: 0.7 }]), 'two-people'],
  ['too far', look([{ width: 0.08, height: 0.12 }]), 'move-closer'],
  ['too near', look([{ x: 0.2, y: 0.1, width: 0.5, height: 0.6 }]), 'move-back'],
  ['at the left edge', look([{ x: 0.02 }]), 'centre'],
  ['cut at the top', look([{ y: -0.02 }]), 'centre'],
  ['chin at the bottom: no torso', look([{ y: 0.6 }]), 'centre'],
  ['looking aside', look([{ yaw: 0.4 }]), 'look-ahead'],
])('%s', (_, sample, advice) => {
  expect(framingAdvice(sample, policyFor(new Set()))).toBe(advice);
  expect(framingAdvice(sample, null)).toBe(advice);
});

// Whoever may have it so in the exam can start it: the guide holds nobody up for what is not held against them.
it.each<readonly [Accommodation, string, CameraSample, FramingAdvice]>([
  ['second-person', 'with a helper', look([{}, { x: 0.7, height: 0.2 }]), 'ok'],
  ['second-person', 'the helper alone, far away', look([{ height: 0.1 }]), 'move-closer'],
  ['second-person', 'nobody', look([]), 'nobody'],
  ['looks-away', 'looking aside', look([{ yaw: 0.4 }]), 'ok'],
  ['looks-away', 'with a second person', look([{}, { x: 0.7 }]), 'two-people'],
  ['covered-face', 'a face that is not found', look([]), 'ok'],
  ['covered-face', 'in the dark', look([], { mean: 20 }), 'more-light'],
  ['covered-face', 'too far', look([{ width: 0.08, height: 0.12 }]), 'move-closer'],
  ['involuntary-movement', 'looking aside', look([{ yaw: 0.4 }]), 'look-ahead'],
])('%s: %s', (code, _, sample, advice) => {
  expect(framingAdvice(sample, policyFor(new Set([code])))).toBe(advice);
});
