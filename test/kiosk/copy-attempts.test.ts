import { describe, expect, it } from 'vitest';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived, expectSound } from './world.ts';

const incidentId = (world: FakeWorld, number: number) => {
  const incident = world.view.attempt?.incidents.find((one) => one.copyAttempt === number);
  if (incident === undefined) throw new Error(`no copy attempt ${number}`);
  return incident.id;
};

const dismiss = async (world: FakeWorld, number: number) => {
  const id = incidentId(world, number);
  const command = world.server.command(world.attemptId, {
    type: 'dismiss',
    incidentId: id,
    reason: 'Se le cayó el lápiz',
  });
  await world.time.advance(1_000);
  return command;
};

describe('copy attempts', () => {
  it('are counted one by one and close the exam at three, at once and once', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.copyAttempt();
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 1 });
    await world.copyAttempt();
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 2 });
    await world.copyAttempt();
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'copy-attempts' });
    const types = world.types();
    const third = types.lastIndexOf('copy-attempt');
    expect(types.slice(third - 2)).toEqual([
      'observation',
      'incident-opened',
      'copy-attempt',
      'incident-closed',
      'attempt-closed',
    ]);
    await world.copyAttempt();
    expect(world.count('copy-attempt')).toBe(3);
    expect(world.count('attempt-closed')).toBe(1);
    await expectArrived(world);
  });

  it('counts signals of one act once', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(10_000);
    world.sensor.happen('screenshot');
    world.sensor.begin('focus-lost');
    await world.time.advance(600);
    world.sensor.end('focus-lost');
    world.sensor.happen('clipboard');
    await world.time.advance(10_000);
    expect(world.view.attempt?.copyAttempts).toBe(1);
    await expectArrived(world);
  });

  it('warns before a missing face counts, and shows when', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(10_000);
    world.faces = 0;
    await world.time.advance(3_500);
    const [warning] = world.view.warnings;
    expect(warning).toMatchObject({ kind: 'no-face', counts: true });
    const wall = world.time.clock.wallMs();
    expect((warning?.countsAt ?? 0) - wall).toBeGreaterThan(0);
    expect((warning?.countsAt ?? 0) - wall).toBeLessThan(2_500);
    world.faces = 1;
    await world.time.advance(3_000);
    expect(world.view.warnings).toEqual([]);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    expect(world.count('warning-shown')).toBe(1);
  });

  it('carry the last stills as evidence, which the server gets after the entry', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(10_000);
    world.faces = 0;
    await world.time.advance(8_000);
    const incident = world.view.attempt?.incidents[0];
    expect(incident).toMatchObject({ kind: 'no-face', counted: true, copyAttempt: 1 });
    expect(incident?.evidence).toHaveLength(3);
    for (const { hash } of incident?.evidence ?? []) {
      expect(world.server.evidence.has(hash)).toBe(true);
    }
    await expectArrived(world);
  });

  it('are not judged by what happened before the start, but what lasts then is', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    world.sensor.happen('clipboard');
    world.sensor.begin('extra-display');
    await world.time.advance(5_000);
    expect(world.count('observation')).toBe(0);
    await world.must({ type: 'start-exam' });
    await world.time.advance(3_000);
    expect(world.view.attempt?.incidents.map(({ kind }) => kind)).toEqual(['extra-display']);
    const start = world.entries.find(({ type }) => type === 'exam-started');
    const stated = world.entries.find(({ type }) => type === 'observation');
    expect(stated?.data).toMatchObject({ kind: 'extra-display', phase: 'began', t: start?.t });
    await expectArrived(world);
  });

  it('found out late are placed in their time, and never before the start', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(1_000);
    const start = world.entries.find(({ type }) => type === 'exam-started')?.t ?? 0;
    world.engine.signal({ kind: 'clipboard', phase: 'happened', ageMs: 5_000, facts: {} });
    world.engine.signal({ kind: 'peripheral', phase: 'began', ageMs: 5_000, facts: {} });
    world.engine.signal({ kind: 'print', phase: 'happened', ageMs: 400, facts: {} });
    await world.time.advance(3_000);
    const stated = world.entries.filter(({ type }) => type === 'observation');
    expect(stated.map(({ data }) => [data.kind, Number(data.t) - start])).toEqual([
      ['peripheral', 0],
      ['print', expect.closeTo(610, -2)],
    ]);
    await expectArrived(world);
  });

  it('are stated once, however often a sensor repeats itself', async () => {
    const world = new FakeWorld();
    await world.toExam();
    for (let i = 0; i < 3; i += 1) world.sensor.begin('extra-display');
    await world.time.advance(3_000);
    for (let i = 0; i < 3; i += 1) world.sensor.end('extra-display');
    world.sensor.end('peripheral');
    await world.time.advance(3_000);
    expect(world.count('observation')).toBe(2);
    await expectArrived(world);
  });

  it('that last when the exam closes end with it', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(10_000);
    world.faces = 0;
    await world.time.advance(8_000);
    await world.must({ type: 'submit' });
    await world.time.advance(1_000);
    const [incident] = world.view.attempt?.incidents ?? [];
    expect(incident?.endedT).toBe(world.view.attempt?.closedT);
    expect(world.types().slice(-2)).toEqual(['attempt-closed', 'incident-closed']);
    await expectArrived(world);
  });

  it('are recorded with facts that fit, whatever a sensor says', async () => {
    const world = new FakeWorld();
    await world.toExam();
    const title = `${'x'.repeat(199)}😀 y más`;
    const facts = { title, 'No name': 1, share: Number.NaN, width: 3 };
    world.engine.signal({ kind: 'forbidden-app', phase: 'began', facts });
    await world.time.advance(3_000);
    const stated = world.entries.find(({ type }) => type === 'observation');
    expect(stated?.data.facts).toEqual({ title: `${'x'.repeat(199)}\ufffd`, width: 3 });
    expect(world.view.attempt?.copyAttempts).toBe(1);
    await expectArrived(world);
  });

  it('can be acknowledged and objected to, also after the closing', async () => {
    const world = new FakeWorld();
    await world.toExam();
    for (let i = 0; i < 3; i += 1) await world.copyAttempt();
    const id = incidentId(world, 3);
    await world.must({ type: 'acknowledge', incidentId: id });
    await world.must({ type: 'acknowledge', incidentId: id });
    await world.must({ type: 'object', incidentId: id, text: 'No fui yo \ud800' });
    expect(await world.do({ type: 'object', incidentId: id, text: 'otra cosa' })).toMatchObject({
      error: { code: 'conflict' },
    });
    const record = world.view.attempt?.incidents.find((one) => one.id === id);
    expect(record).toMatchObject({ acknowledged: true, objection: 'No fui yo \ufffd' });
    expect(world.count('notice-acknowledged')).toBe(1);
    await world.time.advance(1_000);
    await expectArrived(world);
  });
});

describe.each(['before', 'during', 'after'] as const)('the cable out %s the third', (when) => {
  it('closes all the same, and arrives later, once', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.copyAttempt();
    await world.copyAttempt();
    await world.time.advance(40_000);
    if (when === 'before') world.server.cut();
    if (when === 'during') {
      world.ledger.onAppend((entry) => {
        if (entry.type === 'copy-attempt') world.server.cut();
      });
    }
    world.sensor.happen('clipboard');
    if (when === 'after') {
      // The entries reach the server, its acknowledgement does not come back.
      world.server.weather = (message, direction) =>
        direction === 'to-server' || message.type !== 'ack' ? [5] : [];
      await world.time.advance(50);
      world.server.cut();
      world.server.weather = () => [5];
    }
    await world.time.advance(1_000);
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'copy-attempts' });
    expect(world.view.connection.online).toBe(false);
    expect(world.view.connection.pending).toBeGreaterThan(0);
    await world.time.advance(10 * 60_000);
    world.ledger.onAppend(() => undefined);
    world.server.restore();
    await world.time.advance(30_000);
    expect(world.count('copy-attempt')).toBe(3);
    expect(world.count('attempt-closed')).toBe(1);
    await expectArrived(world);
  });
});

describe('dismissing', () => {
  it('takes a copy attempt back while the exam runs', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.copyAttempt();
    const command = await dismiss(world, 1);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    expect(world.server.stateOf(command)).toBe('applied');
    for (let i = 0; i < 2; i += 1) await world.copyAttempt();
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 2 });
    // A number is given once: two attempts of one number cannot be told apart in an appeal.
    const given = world.view.attempt?.incidents.map((one) => one.copyAttempt);
    expect(given).toEqual([1, 2, 3]);
    await dismiss(world, 2);
    await dismiss(world, 3);
    await world.copyAttempt();
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 1 });
    expect(world.view.attempt?.incidents.at(-1)?.copyAttempt).toBe(4);
    await expectArrived(world);
  });

  it('the one that closed the exam reopens it with the time it had left', async () => {
    const world = new FakeWorld();
    await world.toExam();
    for (let i = 0; i < 3; i += 1) await world.copyAttempt();
    const left = world.view.frozenRemainingMs ?? 0;
    expect(left).toBeGreaterThan(50 * 60_000);
    await world.time.advance(5 * 60_000);
    expect(world.view.frozenRemainingMs).toBe(left);
    const entered = world.lockdown.entered;
    await dismiss(world, 3);
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 2 });
    expect(world.lockdown.entered).toBe(entered + 1);
    const again = (world.view.endsAt ?? 0) - world.time.clock.wallMs();
    expect(Math.abs(again - left)).toBeLessThan(2_000);
    await world.time.advance(20_000);
    expect(world.view.attempt?.phase).toBe('in-progress');
    await world.copyAttempt();
    expect(world.view.attempt).toMatchObject({ phase: 'closed', copyAttempts: 3 });
    expect(world.count('attempt-closed')).toBe(2);
    await expectArrived(world);
  });

  it('after the sign-out reopens it at the next sign-in', async () => {
    const world = new FakeWorld();
    await world.toExam();
    for (let i = 0; i < 3; i += 1) await world.copyAttempt();
    const id = incidentId(world, 3);
    await world.must({ type: 'sign-out' });
    await world.time.advance(60_000);
    const reason = 'Error del aplicador';
    world.server.command(world.attemptId, { type: 'dismiss', incidentId: id, reason });
    await world.must({ type: 'sign-in', document: world.document, secret: 'secreto' });
    await world.time.advance(2_000);
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 2 });
    expect(world.view.form?.questions).toHaveLength(3);
    await expectArrived(world);
  });

  it('what nobody knows is rejected on record', async () => {
    const world = new FakeWorld();
    await world.toExam();
    const command = world.server.command(world.attemptId, {
      type: 'dismiss',
      incidentId: 'clipboard-1' as never,
      reason: 'por error',
    });
    await world.time.advance(1_000);
    expect(world.server.stateOf(command)).toBe('rejected');
    expect(world.entries.at(-1)?.data).toMatchObject({ outcome: 'rejected', code: 'not-found' });
    await expectSound(world);
  });
});
