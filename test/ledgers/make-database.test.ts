import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import type { Command } from '#shared/wire/command.ts';
import { UPDATE_HEADERS } from '#shared/wire/release.ts';
import type { Role } from '#shared/wire/roles.ts';
import { connect, enrol, kiosk, signIn, staffCookie, startServer } from '#test/server/harness.ts';
import {
  enrolFace,
  enrolmentToken,
  submission,
  submit,
} from '#test/server/identity/enrolment-data.ts';
import { templateFor } from '#test/support/fake/face-capture.ts';
import { fakePassport } from '#test/support/fake/fake-passport.ts';
import { manifestOf, newReleaseKey, permitFor, signWith } from '#test/support/signed-release.ts';
import { HOSTS } from './hosts.ts';
import { type ServerWorld, serverWorld } from './server-world.ts';

/** Where to put it: `test/ledgers/<release>/database` (README.md). Not set in any check. */
const OUT = process.env.LEDGERS_DATABASE;
const reason = 'Para el ensayo de la versión';
const DAY = 24 * 60 * MINUTE;

const pictures = (): Promise<Buffer[]> =>
  Promise.all(
    Array.from({ length: 24 }, (_, i) =>
      sharp({
        create: {
          width: 96,
          height: 72,
          channels: 3,
          background: { r: 40 + i * 8, g: 90, b: 200 - i * 7 },
        },
      })
        .composite([
          {
            input: Buffer.from(
              `<svg width="96" height="72"><circle cx="${30 + i}" cy="32" r="${14 + (i % 5)}" fill="#e8c39e"/></svg>`,
            ),
          },
        ])
        .jpeg({ quality: 50 })
        .toBuffer(),
    ),
  );

/**
 * A data folder as a server of this build leaves it: attempts in every state, made by real engines; staff of every
 * role, devices, enrolments, releases, holds, certificates. Its time passes in a test's clock; it takes minutes.
 */
test.runIf(OUT !== undefined)(
  'makes the database of this release',
  { timeout: 900_000 },
  async () => {
    const out = OUT ?? '';
    const stills = await pictures();
    // 10:00 at the demo's venue, wherever it is made.
    const first = Date.UTC(2026, 10, 20, 15, 0);
    const today = first + 3 * DAY;
    const server = await startServer({
      examinees: 34,
      questionCount: 10,
      thumbnails: true,
      enrolmentCodes: 40,
      shifts: [first, today, today + 75 * MINUTE],
      deps: {
        limits: {
          passportsPerDevice: 1_000,
          codesPerPerson: 1_000,
          staffSignInsPerMinute: 1_000,
        } as never,
        retentionSweepMs: 50,
      },
    });
    const { credentials, sqlite, clock } = server;
    // Yesterday's shift is another process, whose claims close and whose pictures are deleted.
    sqlite.exec(`
    INSERT INTO exams (id, title, instructions, question_count, duration_ms, rules_version, policy, bank, form_secret, thumbnails)
      SELECT 'exam-before', 'Razonamiento numérico · proceso anterior', instructions, question_count, duration_ms,
        rules_version, policy, bank, form_secret || 'x', 0 FROM exams;
  `);
    sqlite.prepare("UPDATE sessions SET exam_id = 'exam-before' WHERE starts_at = ?").run(first);

    const cookies = new Map<Role, string>();
    const ask = async (
      role: Role,
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: string,
      payload?: object,
    ) => {
      const cookie = cookies.get(role) ?? (await staffCookie(server, role));
      cookies.set(role, cookie);
      const answer = await server.app.inject({
        method,
        url,
        headers: { cookie },
        ...(payload === undefined ? {} : { payload }),
      });
      if (answer.statusCode >= 300)
        throw new Error(`${method} ${url}: ${answer.statusCode} ${answer.body}`);
      return answer.json();
    };
    const person = (index: number) => {
      const found = credentials.examinees[index];
      if (found === undefined) throw new Error('nobody there');
      return found;
    };
    let codes = 0;
    const world = async (
      index: number,
      host: keyof typeof HOSTS = 'electron',
    ): Promise<ServerWorld> => {
      const made = await serverWorld(server, HOSTS[host], stills, {
        template: templateFor(1),
      });
      await made.start();
      await made.must({ type: 'enrol', code: credentials.enrolmentCodes[codes++] ?? '' });
      const { document, accessCode } = person(index);
      await made.must({ type: 'sign-in', document, secret: accessCode });
      return made;
    };
    const attemptOf = (w: ServerWorld): string => {
      const id = [...w.ledger.entries.keys()][0];
      if (id === undefined) throw new Error('no attempt');
      return id;
    };
    /** Until the person has pressed and the grace is over nothing of the camera counts. */
    const throughGate = async (w: ServerWorld) => {
      await w.must({ type: 'pass-gate' });
      await w.time.advance(12_000);
    };
    const past = async (
      w: ServerWorld,
      to: 'device-check' | 'rules' | 'framing' | 'waiting' | 'exam',
    ) => {
      await w.time.advance(500);
      if (to === 'device-check') return;
      await w.must({ type: 'check-device' });
      await w.time.advance(500);
      await w.must({ type: 'accept-device' });
      if (to === 'rules') return;
      await w.must({ type: 'accept-rules', locale: 'es' });
      if (to === 'framing') return;
      if (w.view.attempt?.phase === 'framing') await w.must({ type: 'confirm-framing' });
      if (to === 'waiting') return;
      await w.must({ type: 'start-exam' });
      await throughGate(w);
    };
    const order = (w: ServerWorld, command: Command, role: Role = 'proctor', n = 0) =>
      ask(role, 'POST', `/api/attempts/${attemptOf(w)}/commands`, {
        key: `order-${attemptOf(w).slice(-10)}-${command.type}-${n}`,
        command,
      });
    const answer = async (w: ServerWorld, count: number) => {
      for (const question of (w.view.form?.questions ?? []).slice(0, count)) {
        await w.must({ type: 'visit', questionId: question.id });
        await w.must({
          type: 'answer',
          questionId: question.id,
          optionIds: [question.options[0]?.id ?? 'a'],
        });
        await w.time.advance(2_000);
      }
    };
    const act = async (w: ServerWorld) => {
      await w.time.advance(32_000);
      w.sensor.happen('clipboard');
      await w.time.advance(1_500);
    };
    const standing = (w: ServerWorld) =>
      w.view.attempt?.incidents.findLast((i) => i.copyAttempt !== null && i.dismissed === null)?.id;

    // Yesterday: two who sat, with pictures and enrolments that are gone or held by now.
    clock.set(first + 8 * MINUTE);
    for (const i of [0, 1]) await enrolFace(server, i);
    for (const i of [0, 1]) {
      const w = await world(i);
      await past(w, 'exam');
      await answer(w, 2);
      await act(w);
      await w.must({ type: 'submit' });
      await w.time.advance(5_000);
      w.unplug();
      if (i === 1)
        await ask('coordinator', 'POST', `/api/attempts/${attemptOf(w)}/hold`, {
          held: true,
          reason,
        });
    }
    clock.set(first + 80 * MINUTE);
    cookies.clear();
    await ask('coordinator', 'POST', '/api/retention/exam-before', {
      claimsClosedAt: clock.now(),
      retentionDays: 1,
      reason,
    });
    clock.set(today + MINUTE);
    cookies.clear();
    await expect
      .poll(() => sqlite.prepare('SELECT count(*) FROM certificates').pluck().get(), {
        timeout: 10_000,
      })
      .toBeGreaterThan(0);

    // Today: enrolments in every state.
    for (const i of [2, 3, 4, 5, 20, 31, 32, 33]) await enrolFace(server, i);
    const headers = await enrolmentToken(server, 3);
    expect((await submit(server, headers, submission(person(3).document, 9))).statusCode).toBe(200);
    const headers4 = await enrolmentToken(server, 4);
    expect((await submit(server, headers4, submission(person(4).document, 10))).statusCode).toBe(
      200,
    );
    await ask('coordinator', 'POST', '/api/enrolments/examinee-5/decision', {
      decision: 'reject',
      reason,
    });
    await ask('coordinator', 'POST', '/api/enrolments/examinee-6/delete', { reason });
    const own = await enrolmentToken(server, 20);
    expect(
      (await server.app.inject({ method: 'POST', url: '/api/enrolment/me/delete', headers: own }))
        .statusCode,
    ).toBe(200);
    await ask('coordinator', 'POST', '/api/enrolments/examinee-8/room-code', undefined);
    const venue = await ask('coordinator', 'POST', '/api/enrolment-windows', {
      venueId: 'venue-1',
      opensAt: clock.now(),
      closesAt: clock.now() + 5 * DAY,
      reason,
    });
    expect(venue).toHaveProperty('id');
    const gone = await ask('coordinator', 'POST', '/api/enrolment-windows', {
      venueId: null,
      opensAt: clock.now() + DAY,
      closesAt: clock.now() + 5 * DAY,
      reason,
    });
    await ask('coordinator', 'DELETE', `/api/enrolment-windows/${(gone as { id: string }).id}`, {
      reason,
    });

    // Attempts in every state; the first room checks by hand.
    const states: Record<string, string> = {};
    const note = (name: string, w: ServerWorld) => {
      states[name] = attemptOf(w);
    };
    const deviceCheck = await world(2);
    await past(deviceCheck, 'device-check');
    note('device-check', deviceCheck);
    const rules = await world(3, 'web');
    await past(rules, 'rules');
    note('rules', rules);
    const framing = await world(4);
    await past(framing, 'framing');
    note('framing', framing);
    const waiting = await world(5, 'web');
    await past(waiting, 'waiting');
    note('waiting', waiting);
    const exempt = await world(8);
    await past(exempt, 'exam');
    await answer(exempt, 3);
    note('in-progress-camera-exempt', exempt);
    const going = await world(10, 'web');
    await past(going, 'exam');
    await answer(going, 4);
    await going.must({
      type: 'flag',
      questionId: going.view.form?.questions[2]?.id as never,
      flagged: true,
    });
    await act(going);
    going.faces = 0;
    await going.time.advance(9_000);
    going.faces = 1;
    note('in-progress', going);
    await order(going, { type: 'message', text: 'Siéntese derecho, por favor.' });
    await going.time.advance(1_000);
    const read = going.view.attempt?.messages[0]?.commandId;
    if (read !== undefined) await going.must({ type: 'read-message', commandId: read });
    const paused = await world(11);
    await past(paused, 'exam');
    await answer(paused, 1);
    await order(paused, { type: 'pause', reason });
    await paused.time.advance(2_000);
    note('paused', paused);
    const released = await world(12);
    await past(released, 'exam');
    await order(released, { type: 'release', reason });
    await released.time.advance(2_000);
    note('released', released);
    const scanAsked = await world(13);
    await past(scanAsked, 'exam');
    await order(scanAsked, { type: 'room-scan', reason });
    await scanAsked.time.advance(2_000);
    note('room-scan-asked', scanAsked);
    const submitted = await world(14, 'web');
    await past(submitted, 'exam');
    await answer(submitted, 6);
    await act(submitted);
    await order(submitted, { type: 'room-scan', reason });
    await submitted.time.advance(1_000);
    await submitted.must({ type: 'begin-room-scan' });
    await submitted.until(({ attempt }) => attempt?.phase === 'in-progress', 'shown', 120_000);
    // A room view lets one stand up: who is back says so.
    await throughGate(submitted);
    await submitted.must({ type: 'submit' });
    await submitted.time.advance(5_000);
    note('closed-by-examinee', submitted);
    const closed = await world(15);
    await past(closed, 'exam');
    await answer(closed, 2);
    for (let i = 0; i < 3; i += 1) {
      await act(closed);
      const id = closed.view.attempt?.incidents.at(-1)?.id;
      if (id !== undefined && i === 0) {
        await closed.must({ type: 'acknowledge', incidentId: id });
        await closed.must({
          type: 'object',
          incidentId: id,
          text: 'No estoy de acuerdo: el teclado repitió la tecla.',
        });
      }
    }
    await closed.time.advance(8_000);
    note('closed-by-copy-attempts', closed);
    const reopened = await world(16);
    await past(reopened, 'exam');
    for (let i = 0; i < 3; i += 1) await act(reopened);
    await reopened.time.advance(6_000);
    const dismissed = standing(reopened);
    if (dismissed === undefined) throw new Error('nothing to dismiss');
    await order(reopened, { type: 'dismiss', incidentId: dismissed, reason }, 'supervisor');
    await reopened.time.advance(4_000);
    expect(reopened.view.attempt?.phase).toBe('in-progress');
    note('reopened', reopened);
    const voided = await world(17);
    await past(voided, 'exam');
    await order(voided, { type: 'close', reason }, 'supervisor');
    await voided.time.advance(5_000);
    note('closed-by-proctor', voided);
    const late = await world(18);
    await past(late, 'exam');
    await late.crash(4_000);
    await late.time.advance(5_000);
    note('restarted', late);
    const offline = await world(19);
    await past(offline, 'exam');
    await answer(offline, 2);
    await offline.time.advance(3_000);
    offline.unplug();
    await order(offline, { type: 'message', text: 'Espere, por favor.' });
    note('offline-with-open-order', offline);

    const overtime = await world(23, 'web');
    await past(overtime, 'exam');
    await answer(overtime, 3);
    await order(overtime, { type: 'resume', reason });
    await overtime.time.advance(2_000);
    note('with-rejected-order', overtime);

    // By face, in the second room.
    const faceHosts = { needsPerson: 31, verified: 32, refused: 33 };
    const face = async (index: number) => {
      const w = await world(index);
      await past(w, 'waiting');
      expect(w.view.attempt?.phase).toBe('identity');
      return w;
    };
    const needs = await face(faceHosts.needsPerson);
    needs.person = 2;
    await needs.checkIdentity();
    await needs.time.advance(1_000);
    note('identity-needs-person', needs);
    const verified = await face(faceHosts.verified);
    await order(
      verified,
      {
        type: 'identity',
        decision: 'authorised-alternative',
        authorisedBy: 'Decana de la facultad',
        reason,
      },
      'supervisor',
    );
    await verified.time.advance(2_000);
    await verified.must({ type: 'start-exam' });
    await throughGate(verified);
    await verified.time.advance(3_000);
    note('identity-decided', verified);
    const refused = await face(faceHosts.refused);
    await refused.must({ type: 'report-missing-document' });
    await order(
      refused,
      { type: 'identity', decision: 'refused', authorisedBy: null, reason },
      'supervisor',
    );
    await refused.time.advance(2_000);
    note('identity-refused', refused);

    // A broken chain, a second session, a device that only signed in.
    const forger = await kiosk(server, 21, await enrol(server, codes++, 'PC-21'));
    const socket = await connect(server, forger);
    const opened = forger.opened();
    socket.send({
      type: 'entries',
      entries: [opened, { ...forger.next('checkpoint', {}), previous: 'f'.repeat(64) }],
    });
    await socket.until((m) => m.type === 'refused');
    socket.close();
    states.broken = forger.attemptId;
    const other = await enrol(server, codes++, 'PC-22');
    expect((await signIn(server, other, person(10))).statusCode).toBe(409);
    const only = await kiosk(server, 22, other);
    states['signed-in-only'] = only.attemptId;
    states['extra-time'] = sqlite
      .prepare(
        'SELECT id FROM attempts WHERE extra_ms > 0 AND session_id IN (SELECT id FROM sessions WHERE starts_at = ?)',
      )
      .pluck()
      .get(today) as string;

    // Fleet: passports, builds, a revoked device, releases.
    const tell = (token: string, name: string, build: string) =>
      server.app.inject({
        method: 'PUT',
        url: '/api/devices/me/passport',
        headers: { authorization: `Bearer ${token}` },
        payload: fakePassport({
          createdAt: clock.now(),
          device: { ...fakePassport().device, name },
          host: { kind: 'electron', version: '0.1.0', build },
        }),
      });
    const spare = await enrol(server, codes++, 'PC-30');
    expect((await tell(other.deviceToken, 'PC-22', 'ab'.repeat(32))).statusCode).toBe(200);
    clock.advance(1_000);
    expect((await tell(spare.deviceToken, 'PC-30', 'cd'.repeat(32))).statusCode).toBe(200);
    await ask('coordinator', 'PUT', `/api/builds/${'ab'.repeat(32)}`, { label: 'Versión 0.1.0' });
    await ask('coordinator', 'POST', `/api/devices/${spare.deviceId}/revoke`, { reason });
    await ask('lab-technician', 'POST', '/api/devices/codes', {
      count: 3,
      roomId: 'room-1',
      validHours: 48,
    });
    const key = newReleaseKey();
    for (const version of ['0.1.0', '0.2.0', '0.3.0']) {
      const name = `Atalaya-${version}-linux-x64.deb`;
      const content = Buffer.from(`installer of ${version}`);
      const manifest = manifestOf(version, name, content, { createdAt: clock.now() });
      await server.deps.releases.add({
        platform: 'linux',
        arch: 'x64',
        version,
        signed: signWith(key, manifest),
        manifest,
        addedAt: clock.now(),
        addedBy: 'release',
      });
    }
    await ask('coordinator', 'POST', '/api/releases/stages', {
      platform: 'linux',
      arch: 'x64',
      scope: 'all',
      scopeId: '',
      version: '0.1.0',
      permit: null,
    });
    await ask('coordinator', 'POST', '/api/releases/stages', {
      platform: 'linux',
      arch: 'x64',
      scope: 'room',
      scopeId: 'room-1',
      version: '0.2.0',
      permit: null,
    });
    await ask('coordinator', 'POST', '/api/releases/stages', {
      platform: 'linux',
      arch: 'x64',
      scope: 'room',
      scopeId: 'room-2',
      version: '0.1.0',
      permit: signWith(key, permitFor(['0.2.0'], '0.1.0')),
    });
    await ask('coordinator', 'POST', '/api/releases/withdrawals', {
      platform: 'linux',
      arch: 'x64',
      version: '0.3.0',
      reason: 'defecto',
    });

    const session = sqlite
      .prepare("SELECT id FROM sessions WHERE starts_at = ? AND room_id = 'room-1'")
      .pluck()
      .get(today) as string;
    await ask('proctor', 'POST', `/api/rooms/room-1/sessions/${session}/exit-code`);
    const later = sqlite
      .prepare("SELECT id FROM sessions WHERE starts_at = ? AND room_id = 'room-2'")
      .pluck()
      .get(today + 75 * MINUTE) as string;
    await ask('coordinator', 'POST', `/api/sessions/${later}/identity`, {
      check: 'face',
      challenge: false,
      reason,
    });

    await server.app.inject({
      url: '/api/updates/linux/x64/latest-linux.yml',
      headers: { authorization: `Bearer ${other.deviceToken}`, [UPDATE_HEADERS.version]: '0.1.0' },
    });

    // An order that reached a kiosk which died before it applied it.
    const deaf = await kiosk(server, 25, await enrol(server, codes++, 'PC-25'));
    const line = await connect(server, deaf);
    line.send({ type: 'entries', entries: [deaf.opened()] });
    await line.until((m) => m.type === 'ack');
    await ask('proctor', 'POST', `/api/attempts/${deaf.attemptId}/commands`, {
      key: 'order-to-somebody-deaf',
      command: { type: 'message', text: 'Espere, por favor.' },
    });
    const heard = await line.until((m) => m.type === 'command');
    if (heard.type === 'command')
      line.send({ type: 'command-received', commandId: heard.issued.id });
    await expect
      .poll(() =>
        sqlite.prepare("SELECT count(*) FROM commands WHERE state = 'delivered'").pluck().get(),
      )
      .toBe(1);
    line.close();
    states['with-delivered-order'] = deaf.attemptId;

    // One sits until the time is over, so the others are silent by then.
    for (const w of [
      overtime,
      deviceCheck,
      rules,
      framing,
      waiting,
      exempt,
      going,
      paused,
      released,
      scanAsked,
      submitted,
      closed,
      reopened,
      voided,
      late,
      needs,
      verified,
      refused,
    ])
      w.unplug();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const untilTheEnd = await world(24);
    await past(untilTheEnd, 'exam');
    await answer(untilTheEnd, 5);
    untilTheEnd.faces = null;
    await untilTheEnd.until(({ attempt }) => attempt?.phase === 'closed', 'over', 76 * MINUTE);
    await untilTheEnd.time.advance(10_000);
    note('closed-by-time', untilTheEnd);
    untilTheEnd.unplug();

    // Looks at pictures are on record.
    await ask('proctor', 'GET', `/api/attempts/${states['closed-by-copy-attempts']}`);
    await ask('supervisor', 'GET', `/api/attempts/${states['closed-by-copy-attempts']}/export`);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const at = clock.now();
    await server.app.close();
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
    sqlite.exec('VACUUM');
    sqlite.pragma('journal_mode = DELETE');
    sqlite.close();
    await rm(out, { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    for (const name of ['server.key', 'stills'])
      await cp(join(server.folder, name), join(out, name), { recursive: true });
    const database = await readFile(join(server.folder, 'atalaya.sqlite'));
    await writeFile(join(out, 'atalaya.sqlite.gz'), gzipSync(database, { level: 9 }));
    const fixture = { at, session, states, ...credentials };
    await writeFile(join(out, 'fixture.json'), `${JSON.stringify(fixture, null, 1)}\n`);
  },
);
