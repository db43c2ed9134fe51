import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Descriptor, TemplateSchema } from '#shared/identity/face-capture.ts';
import {
  distanceOf,
  meanDescriptor,
  median,
  medianDescriptor,
  medianDistance,
  outcomeOf,
  templateOf,
} from '#shared/identity/match.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { thresholdsOf, USUAL_THRESHOLDS } from '#shared/incident/identity-thresholds.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { check } from '#shared/kernel/schema.ts';
import { descriptorOf } from '#test/support/fake/face-capture.ts';

const at = (value: number): Descriptor =>
  Array.from({ length: 128 }, (_, i) => (i === 0 ? value : 0));
const descriptor = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: 128,
  maxLength: 128,
});

describe('the outcome', () => {
  it.each([
    [0, 'verified', 'verified'],
    [0.499, 'verified', 'verified'],
    [0.5, 'unsure', 'verified'],
    [0.549, 'unsure', 'verified'],
    [0.55, 'unsure', 'unsure'],
    [0.6, 'unsure', 'unsure'],
    [0.601, 'no', 'unsure'],
    [0.62, 'no', 'unsure'],
    [0.621, 'no', 'no'],
    [1.4, 'no', 'no'],
  ] as const)(
    'of a distance of %s is %s, and %s where the policy names no thresholds',
    (distance, outcome, first) => {
      expect(outcomeOf(distance, thresholdsOf(DEFAULT_POLICY))).toBe(outcome);
      const { identity: _, ...before } = DEFAULT_POLICY;
      expect(outcomeOf(distance, thresholdsOf(before as Policy))).toBe(first);
      expect(outcomeOf(distance, thresholdsOf(null))).toBe(first);
    },
  );

  it('follows the thresholds that a policy names', () => {
    const policy = { ...DEFAULT_POLICY, identity: { match: 0.4, no: 0.7 } };
    const of = (distance: number) => outcomeOf(distance, thresholdsOf(policy));
    expect([0.39, 0.4, 0.7, 0.71].map(of)).toEqual(['verified', 'unsure', 'unsure', 'no']);
  });
});

describe('the median', () => {
  it.each([
    [[], 0],
    [[3], 3],
    [[1, 9], 5],
    [[9, 1, 2], 2],
    [[0.3, 0.3, 0.9, 0.31, 0.32], 0.31],
  ])('of %j is %s', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of five distances is not moved by two bad frames', () => {
    const captures = [at(0.3), at(0.31), at(0.32), at(0.9), at(1.2)];
    expect(medianDistance(captures, at(0))).toBeCloseTo(0.32);
    expect(medianDistance([], at(0))).toBeNull();
  });
});

describe('distances', () => {
  it('are those of a metric', () => {
    fc.assert(
      fc.property(descriptor, descriptor, descriptor, (a, b, c) => {
        expect(distanceOf(a, a)).toBe(0);
        expect(distanceOf(a, b)).toBeCloseTo(distanceOf(b, a), 10);
        expect(distanceOf(a, c)).toBeLessThanOrEqual(distanceOf(a, b) + distanceOf(b, c) + 1e-9);
      }),
    );
  });

  it('of the tests’ people are like those of people', () => {
    for (let person = 1; person < 20; person += 1) {
      const own = descriptorOf(person);
      for (let frame = 1; frame < 10; frame += 1)
        expect(distanceOf(own, descriptorOf(person, 0.3, frame))).toBeLessThan(
          USUAL_THRESHOLDS.match,
        );
      expect(distanceOf(own, descriptorOf(person + 1, 0.3, 1))).toBeGreaterThan(
        USUAL_THRESHOLDS.no,
      );
    }
  });
});

describe('a reference', () => {
  it('of one capture is that capture, and of several lies among them', () => {
    expect(meanDescriptor([at(0.4)])).toEqual(at(0.4));
    expect(meanDescriptor([at(0), at(1)])).toEqual(at(0.5));
    expect(medianDescriptor([at(0), at(0.1), at(5)])).toEqual(at(0.1));
    expect(meanDescriptor([])).toEqual([]);
  });

  it.each([
    [0, null],
    [2, null],
    [3, 3],
    [5, 5],
    [9, 5],
  ])('of %i captures is a template of %s', (count, captures) => {
    const template = templateOf(Array.from({ length: count }, (_, i) => descriptorOf(1, 0.3, i)));
    expect(template?.captures ?? null).toBe(captures);
    if (template !== null) expect(check(TemplateSchema, template).ok).toBe(true);
  });

  it('of several captures is nearer to the person than they are', () => {
    const captures = [1, 2, 3, 4, 5].map((frame) => descriptorOf(1, 0.35, frame));
    const template = templateOf(captures)?.descriptor ?? [];
    expect(distanceOf(template, descriptorOf(1))).toBeLessThan(0.25);
  });
});
