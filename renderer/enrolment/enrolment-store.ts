import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Locale } from '#renderer/ui/i18n.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { DeletionCertificate, EnrolmentStatus } from '#shared/wire/enrolment.ts';
import type { TakenFaces } from './face-run.ts';

/** The steps that one goes through, in their order. */
export const STEPS = ['consent', 'face', 'document', 'review'] as const;
export type Step = (typeof STEPS)[number];
export type Stage = 'sign-in' | 'where' | Step | 'declined' | 'done' | 'data';

export interface DocumentDraft {
  readonly number: string;
  /** JPEG, cropped to the document. */
  readonly picture: Uint8Array | null;
  readonly qr: string | null;
  /** How many photos were refused because they show a person and no document. */
  readonly refused: number;
  /** Whether this photo is one of those, and a person is to decide. */
  readonly doubt: boolean;
}

/** What was given so far. It is on this page only, until it is sent. */
export interface Draft {
  /** The language in which the consent was read; null without consent. */
  readonly consent: Locale | null;
  readonly face: TakenFaces | null;
  readonly document: DocumentDraft;
}

export const EMPTY_DRAFT: Draft = {
  consent: null,
  face: null,
  document: { number: '', picture: null, qr: null, refused: 0, doubt: false },
};

export interface EnrolmentState {
  readonly stage: Stage;
  readonly token: string | null;
  readonly status: EnrolmentStatus | null;
  readonly draft: Draft;
  /** Whether staff of a room gave the code with which the person signed in: they are beside them. */
  readonly inRoom: boolean;
  /** Why the person has to sign in again. */
  readonly notice: Problem | null;
  /** A code that the address brought and that is being tried. */
  readonly arriving: boolean;
  /** How much of what is being sent has left, 0..1; null while nothing is sent. */
  readonly sending: number | null;
  /** Proof of what was deleted on this page. */
  readonly certificate: DeletionCertificate | null;
}

export const SIGNED_OUT: EnrolmentState = {
  stage: 'sign-in',
  token: null,
  status: null,
  draft: EMPTY_DRAFT,
  inRoom: false,
  notice: null,
  arriving: false,
  sending: null,
  certificate: null,
};

export type EnrolmentStore = StoreApi<EnrolmentState>;
export const createEnrolmentStore = (): EnrolmentStore =>
  createStore<EnrolmentState>()(() => SIGNED_OUT);

/** Whether leaving would lose something that took the person an effort. */
export const hasWork = ({ draft }: EnrolmentState): boolean =>
  draft.face !== null || draft.document.picture !== null || draft.document.qr !== null;
