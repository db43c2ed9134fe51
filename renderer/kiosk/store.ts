import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { FramingAdvice } from '#shared/incident/framing-advice.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { CameraFault, VisionLoading } from './camera-feed.ts';

/** What the screens know of the camera. `advice` is null until the first sample. */
export type CameraStatus =
  | { readonly status: 'off' }
  | { readonly status: 'starting' }
  | { readonly status: 'on'; readonly advice: FramingAdvice | null; readonly okForMs: number }
  | { readonly status: 'fault'; readonly fault: CameraFault };

/** Everything that the screens draw from: the host's view plus what only the page knows. */
export interface KioskState {
  readonly view: KioskView | null;
  readonly camera: CameraStatus;
  /** How far the models are: what the camera's picture is looked at with. */
  readonly vision: VisionLoading;
  /** Highest sequence on the device when the answers last changed: "sent" means that the server has that one. */
  readonly answersSeq: number | null;
  /** What the person chose and the view does not show yet, per question. */
  readonly drafts: Readonly<Record<string, readonly string[]>>;
  /** Answers that the device is storing now. */
  readonly saving: number;
  /** Why the last answer could not be stored. */
  readonly answerProblem: Problem | null;
  /** The code of the address (`#enrol=CODE`) while it is being used. */
  readonly enrolling: boolean;
  readonly enrolProblem: Problem | null;
}

export interface KioskStore extends StoreApi<KioskState> {
  /**
   * Shows an answer at once and stores it through the host; on failure the stored answer is shown
   * again together with the problem.
   */
  answer(questionId: QuestionId, optionIds: readonly string[]): Promise<void>;
  /** Enrols the device with a code that came with the address, as soon as the host asks for one. */
  enrolWith(code: string): void;
  setCamera(camera: CameraStatus): void;
  setVision(vision: VisionLoading): void;
  /** Stops listening to the host. */
  dispose(): void;
}

/** Connects the screens' state to a host. */
export const createKioskStore = (host: KioskHost): KioskStore => {
  const store = createStore<KioskState>(() => ({
    view: null,
    camera: { status: 'off' },
    vision: { progress: null, identity: 'off' },
    answersSeq: null,
    drafts: {},
    saving: 0,
    answerProblem: null,
    enrolling: false,
    enrolProblem: null,
  }));
  let enrolCode: string | null = null;
  const latestDraft = new Map<string, number>();
  let draftNumber = 0;

  const spendEnrolCode = (view: KioskView): void => {
    if (enrolCode === null || view.stage === 'starting') return;
    const code = enrolCode;
    enrolCode = null;
    if (view.stage !== 'not-enrolled') return;
    store.setState({ enrolling: true, enrolProblem: null });
    void host.perform({ type: 'enrol', code }).then((result) => {
      store.setState({ enrolling: false, enrolProblem: result.ok ? null : result.error });
    });
  };

  const unsubscribe = host.subscribe((view) => {
    const { view: before, answersSeq, drafts } = store.getState();
    store.setState({
      view,
      answersSeq: nextAnswersSeq(before, view, answersSeq),
      drafts: openDrafts(drafts, view),
    });
    spendEnrolCode(view);
  });

  return Object.assign(store, {
    answer: async (questionId: QuestionId, optionIds: readonly string[]): Promise<void> => {
      draftNumber += 1;
      const number = draftNumber;
      latestDraft.set(questionId, number);
      store.setState(({ drafts, saving }) => ({
        drafts: { ...drafts, [questionId]: optionIds },
        saving: saving + 1,
      }));
      const result = await host
        .perform({ type: 'answer', questionId, optionIds: [...optionIds] })
        .catch(() => ({ ok: false, error: { code: 'storage-failed' } }) as const);
      store.setState(({ saving }) => ({
        saving: saving - 1,
        answerProblem: result.ok ? null : result.error,
      }));
      // Stored: shown on top until the view, which may come later than the answer, has it too. A later
      // choice for the same question decides for itself.
      if (result.ok || latestDraft.get(questionId) !== number) return;
      store.setState(({ drafts }) => {
        const { [questionId]: _refused, ...rest } = drafts;
        return { drafts: rest };
      });
    },
    enrolWith: (code: string): void => {
      enrolCode = code;
      const { view } = store.getState();
      if (view !== null) spendEnrolCode(view);
    },
    setCamera: (camera: CameraStatus): void => {
      store.setState({ camera });
    },
    setVision: (vision: VisionLoading): void => {
      store.setState({ vision });
    },
    dispose: unsubscribe,
  });
};

const nextAnswersSeq = (
  before: KioskView | null,
  view: KioskView,
  answersSeq: number | null,
): number | null => {
  if (view.attempt === null) return null;
  if (answersSeq === null || before?.ticket?.attemptId !== view.ticket?.attemptId) {
    return view.attempt.seq;
  }
  return sameAnswers(before?.attempt ?? null, view.attempt) ? answersSeq : view.attempt.seq;
};

/** The drafts that the view does not show yet. */
const openDrafts = (drafts: KioskState['drafts'], view: KioskView): KioskState['drafts'] => {
  const { attempt } = view;
  if (attempt === null) return {};
  const open = Object.entries(drafts).filter(
    ([questionId, optionIds]) =>
      (attempt.answers[questionId] ?? []).join() !== optionIds.join() ||
      !(questionId in attempt.answers),
  );
  return open.length === Object.keys(drafts).length ? drafts : Object.fromEntries(open);
};

/** Compares by content: a view that crossed the IPC is a new object each time. */
const sameAnswers = (a: AttemptState | null, b: AttemptState): boolean =>
  a !== null &&
  (a.answers === b.answers || JSON.stringify(a.answers) === JSON.stringify(b.answers));
