import { describe, expect, test } from 'vitest';
import {
  CAPTURE_CHOICE,
  type CaptureHistory,
  chooseCapture,
  NO_CAPTURES,
  withTaken,
} from '#renderer/enrolment/capture-choice.ts';
import { DESCRIPTOR_LENGTH, type FaceCapture } from '#shared/identity/face-capture.ts';
import { CAPTURES } from '#shared/wire/enrolment.ts';
import { capture } from './captures.ts';

const AT = 10_000;

describe('what is wrong with a frame', () => {
  test.each<[string, Partial<FaceCapture>, string]>([
    ['nobody', { faces: 0, face: null, descriptor: null }, 'nobody'],
    ['two people', { faces: 2 }, 'two-people'],
    ['a dark face', { faceMean: 20 }, 'more-light'],
    ['a face far away', { facePixels: 60 }, 'move-closer'],
    ['a face without a descriptor', { descriptor: null }, 'hold-still'],
  ])('%s is not taken, and the person is told', (_, wrong, advice) => {
    const choice = chooseCapture(NO_CAPTURES, capture(1, wrong), AT);
    expect(choice).toMatchObject({ take: false, advice });
  });

  test('a good one is taken', () => {
    expect(chooseCapture(NO_CAPTURES, capture(1), AT)).toMatchObject({ take: true, advice: null });
  });

  test('one that is much less sharp than the sharpest so far is blurred', () => {
    const { history } = chooseCapture(NO_CAPTURES, capture(1, { sharpness: 100 }), AT);
    const least = 100 * CAPTURE_CHOICE.sharpness;
    expect(chooseCapture(history, capture(2, { sharpness: least - 1 }), AT)).toMatchObject({
      take: false,
      advice: 'hold-still',
    });
    expect(chooseCapture(history, capture(2, { sharpness: least }), AT).take).toBe(true);
  });
});

describe('when a good frame is taken', () => {
  const one = withTaken(NO_CAPTURES, capture(1), AT);

  test('not before the gap is over', () => {
    const { gapMs } = CAPTURE_CHOICE;
    expect(chooseCapture(one, capture(2), AT + gapMs - 1)).toMatchObject({
      take: false,
      advice: null,
    });
    expect(chooseCapture(one, capture(2), AT + gapMs).take).toBe(true);
  });

  test('not right after somebody else was there', () => {
    const { history } = chooseCapture(NO_CAPTURES, capture(1, { faces: 2 }), AT);
    const { aloneMs } = CAPTURE_CHOICE;
    expect(chooseCapture(history, capture(2), AT + aloneMs - 1).take).toBe(false);
    expect(chooseCapture(history, capture(2), AT + aloneMs).take).toBe(true);
  });

  test('not the same picture again, also not an earlier one', () => {
    const two = withTaken(one, capture(2), AT + 1_000);
    expect(chooseCapture(two, capture(2), AT + 9_000).take).toBe(false);
    expect(chooseCapture(two, capture(1), AT + 9_000).take).toBe(false);
    expect(chooseCapture(two, capture(3), AT + 9_000).take).toBe(true);
  });

  test('no more than the wire has room for', () => {
    let history: CaptureHistory = NO_CAPTURES;
    for (let i = 0; i < CAPTURES.most; i++) history = withTaken(history, capture(i), AT + i);
    expect(chooseCapture(history, capture(99), AT + 99_000).take).toBe(false);
  });
});

test('the captures of these tests have a whole descriptor', () => {
  expect(capture(1).descriptor).toHaveLength(DESCRIPTOR_LENGTH);
});
