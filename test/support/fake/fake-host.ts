import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CheckOutcome } from '#shared/identity/identity-facts.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { createKioskEngine, type KioskEngine } from '#shared/kiosk/engine.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { KioskAction, Requirement } from '#shared/wire/kiosk-view.ts';
import { cameraSample } from './camera-sample.ts';
import { emptyCapture, faceCapture } from './face-capture.ts';
import type { FakeExam } from './fake-exam.ts';
import { fakeDigest, MemoryDeviceKey } from './fake-key.ts';
import { FAKE_CAPABILITIES, FakeLockdown, FakeSensor } from './fake-machine.ts';
import { FAKE_CODE, FAKE_SECRET, FakeServer } from './fake-server.ts';
import { MemoryDeviceStore, MemoryLedger } from './memory-stores.ts';
import { VirtualTime } from './virtual-time.ts';

const EIGHT_O_CLOCK = Date.UTC(2026, 9, 12, 13, 0, 0);

/** A whole world around one kiosk: device, camera, server and network, in virtual time. */
export class FakeWorld {
  readonly time = new VirtualTime(EIGHT_O_CLOCK);
  readonly ledger = new MemoryLedger();
  readonly store = new MemoryDeviceStore();
  readonly key = new MemoryDeviceKey();
  readonly server = new FakeServer(this.time);
  readonly sensor = new FakeSensor();
  readonly lockdown = new FakeLockdown();
  readonly document: string;
  readonly attemptId: AttemptId;
  readonly log: string[] = [];
  /** What the host's own checks answer. */
  requirements: readonly Requirement[] = [{ id: 'display', outcome: 'ok', blocks: true }];
  /** How many people the camera sees; null when no page sends samples. */
  faces: number | null = 1;
  /** Who sits there (`faceCapture`). */
  person = 1;
  /** How the head is turned: as the screen asks, or to a yaw of its own. */
  pose: 'as-asked' | number = 'as-asked';
  /** The camera's name, where the page tells it. */
  label: string | null = null;
  /** A camera of its own: its next look, or null where none is due. */
  camera: (() => CameraSample | null) | null = null;
  /** What the camera shows instead, again and again. */
  film: readonly CameraSample[] | null = null;
  /** How the head is held in the camera's samples. */
  yaw = 0;
  /** A photograph on a stand: nothing of the face moves. */
  photograph = false;
  /** What else a frame for identity says, such as bad light. */
  spoilt: Partial<FaceCapture> = {};
  engine: KioskEngine;
  /** Every view that was published, in order. */
  views: KioskView[] = [];
  #process = this.time.process();
  #uuids = 0;
  #pictures = 0;
  #captures = 0;
  #capturedAt = 0;

  constructor(exam: FakeExam = {}) {
    this.document = exam.document ?? '0912345678';
    this.attemptId = this.server.addExaminee(this.document, exam);
    this.engine = this.#newEngine();
    this.ledger.onPowerOff(() => this.#process.kill());
    this.time.process().every(250, () => this.#look());
    this.time.process().every(100, () => this.#capture());
  }

  get view(): KioskView {
    const last = this.views.at(-1);
    if (last === undefined) throw new Error('no view yet');
    return last;
  }

  get entries(): LedgerEntry[] {
    return this.ledger.of(this.attemptId);
  }

  types(): string[] {
    return this.entries.map(({ type }) => type);
  }

  count(type: string): number {
    return this.types().filter((one) => one === type).length;
  }

  deps(): EngineDeps {
    return {
      clock: this.time.clock,
      scheduler: this.#process,
      random: { uuid: () => `uuid-${++this.#uuids}` },
      digest: fakeDigest,
      key: this.key,
      ledger: this.ledger,
      store: this.store,
      api: this.server.api,
      live: this.server.live,
      sensors: [this.sensor],
      lockdown: this.lockdown,
      capabilities: FAKE_CAPABILITIES,
      checks: async () => this.requirements,
      power: () => ({ battery: 0.8, charging: false }),
      deviceName: 'Portátil 7',
      log: (level, message, facts) =>
        this.log.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`),
    };
  }

  /** Performs an action and lets virtual time pass until it is answered. */
  async do(action: KioskAction, patienceMs = 5_000) {
    const { engine } = this;
    let outcome: Awaited<ReturnType<KioskEngine['perform']>> | null = null;
    void engine.perform(action).then((value) => {
      outcome = value;
    });
    for (let waited = 0; outcome === null && waited <= patienceMs; waited += 10) {
      await this.time.advance(10);
    }
    return outcome as Awaited<ReturnType<KioskEngine['perform']>> | null;
  }

  /** Like `do`, for what must work. */
  async must(action: KioskAction): Promise<void> {
    const outcome = await this.do(action);
    if (outcome?.ok !== true) throw new Error(`${action.type}: ${JSON.stringify(outcome)}`);
  }

  async start(): Promise<void> {
    let started = false;
    void this.engine.start().then(() => {
      started = true;
    });
    for (let waited = 0; !started && waited < 20_000; waited += 10) await this.time.advance(10);
    await this.time.advance(100);
  }

  /** The process dies where it stands and a new one starts. */
  async crash(downMs = 2_000): Promise<void> {
    this.kill();
    await this.time.advance(downMs);
    await this.revive();
  }

  /** The process dies. Nothing of it runs any more, also not what it was waiting for. */
  kill(): void {
    this.#process.kill();
    this.sensor.stop();
    this.server.hangUp();
  }

  async revive(): Promise<void> {
    this.ledger.powerOn();
    this.#process = this.time.process();
    this.engine = this.#newEngine();
    await this.start();
  }

  /** Enrolled, signed in, checked, accepted, framed: in the waiting room, or before the check of the face. */
  async toWaiting(): Promise<void> {
    await this.start();
    if (this.view.stage === 'not-enrolled') await this.must({ type: 'enrol', code: FAKE_CODE });
    await this.must({ type: 'sign-in', document: this.document, secret: FAKE_SECRET });
    await this.time.advance(500);
    await this.must({ type: 'check-device' });
    await this.time.advance(500);
    await this.must({ type: 'accept-device' });
    await this.must({ type: 'accept-rules', locale: 'es' });
    if (this.view.attempt?.phase === 'framing') await this.must({ type: 'confirm-framing' });
  }

  /** Lets time pass until it is so. @throws when it never is. */
  async until(holds: (view: KioskView) => boolean, what: string, patienceMs = 60_000) {
    for (let waited = 0; !holds(this.view); waited += 100) {
      if (waited > patienceMs) throw new Error(`never ${what}`);
      await this.time.advance(100);
    }
  }

  /** One check of the face, from the button to what it found. */
  async checkIdentity(): Promise<CheckOutcome | undefined> {
    const before = this.view.attempt?.identity.checks.length ?? 0;
    await this.must({ type: 'begin-identity' });
    await this.until(
      ({ attempt }) => (attempt?.identity.checks.length ?? 0) > before,
      'a check that ends',
    );
    return this.view.attempt?.identity.checks.at(-1)?.outcome;
  }

  /** In the exam. */
  async toExam(): Promise<void> {
    await this.toWaiting();
    await this.must({ type: 'start-exam' });
  }

  /** One act that counts, clear of any other. */
  async copyAttempt(): Promise<void> {
    await this.time.advance(40_000);
    this.sensor.happen('clipboard');
    await this.time.advance(1_000);
  }

  #newEngine(): KioskEngine {
    const engine = createKioskEngine(this.deps());
    engine.subscribe((view) => {
      if (engine === this.engine || this.engine === undefined) this.views.push(view);
    });
    return engine;
  }

  /** What the page does: a frame as often as the view asks for one. */
  #capture(): void {
    const { identity, captureEveryMs } = this.views.at(-1) ?? {};
    if (captureEveryMs == null || this.faces === null) return;
    if (this.time.now() - this.#capturedAt < captureEveryMs) return;
    this.#capturedAt = this.time.now();
    const asked = identity?.turn === 'left' ? 0.3 : identity?.turn === 'right' ? -0.3 : 0;
    const yaw = this.pose === 'as-asked' ? asked : this.pose;
    const frame = ++this.#captures;
    this.engine.reportIdentity(
      this.faces === 0
        ? emptyCapture()
        : faceCapture(this.person, { yaw, frame, faces: this.faces, ...this.spoilt }),
    );
  }

  #look(): void {
    if (this.faces === null) return;
    const now = this.time.now();
    // A living head: some centimetres to and fro, over half a minute.
    const sway = this.photograph ? 0 : 0.02 * Math.sin(now / 9_000);
    const live = cameraSample(this.faces, now % 7, sway, this.yaw);
    const next = this.camera === null ? live : this.camera();
    const shown = this.film?.[this.#pictures % this.film.length] ?? next;
    if (shown !== null)
      this.engine.reportCamera(this.label === null ? shown : { ...shown, label: this.label });
    this.#pictures += 1;
    if (this.#pictures % 4 === 0) {
      this.engine.offerStill(new TextEncoder().encode(`picture ${this.#pictures}`));
    }
  }
}
