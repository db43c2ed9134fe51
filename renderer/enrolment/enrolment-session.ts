import { normaliseDocument } from '#shared/identity/cedula.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import type { Answer } from '#shared/wire/ask.ts';
import type { EnrolmentSubmitRequest, KeptData } from '#shared/wire/enrolment.ts';
import { toBase64 } from './base64.ts';
import type { DocumentLook } from './document-look.ts';
import type { EnrolmentApi, SignInRequest } from './enrolment-api.ts';
import {
  type Draft,
  EMPTY_DRAFT,
  type EnrolmentStore,
  SIGNED_OUT,
  type Stage,
} from './enrolment-store.ts';
import type { FaceFeed } from './face-feed.ts';

export interface EnrolmentParts {
  readonly api: EnrolmentApi;
  readonly feed: FaceFeed;
  readonly documentLook: DocumentLook;
  readonly store: EnrolmentStore;
}

/** What the screens work with. Made once by `compose.ts`. */
export interface Enrolment extends EnrolmentParts {
  signIn(request: SignInRequest): Promise<Problem | null>;
  /** Forgets everything, also what was not sent. */
  signOut(): void;
  go(stage: Stage): void;
  /** Keeps a part of what will be sent. */
  keep(part: Partial<Draft>): void;
  /** Sends what was given; after it the page is done. */
  submit(): Promise<Problem | null>;
  data(): Answer<KeptData>;
  /** Deletes what the enrolment is made of. */
  withdraw(): Promise<Problem | null>;
  certificate(id: string): ReturnType<EnrolmentApi['certificate']>;
}

/** As many as the wire takes. */
const MOST_REFUSED = 1_000;

const requestOf = (draft: Draft, version: string, kind: 'cedula' | 'passport') => {
  const { consent, face, document } = draft;
  if (consent === null || face === null || document.picture === null) return null;
  const request: EnrolmentSubmitRequest = {
    consent: { version, locale: consent },
    captures: [...face.captures],
    portrait: toBase64(face.portrait),
    document: {
      kind,
      number: normaliseDocument(document.number),
      picture: toBase64(document.picture),
      qr: document.qr,
      look: { doubt: document.doubt, refused: Math.min(document.refused, MOST_REFUSED) },
    },
  };
  return request;
};

export const createEnrolment = (parts: EnrolmentParts): Enrolment => {
  const { api, store } = parts;

  /** A session that is over leads back to the door; what was given stays for the same person. */
  const heard = <T>(answer: Result<T, Problem>): Result<T, Problem> => {
    if (!answer.ok && answer.error.code === 'unauthorised') {
      store.setState({ stage: 'sign-in', token: null, notice: answer.error, sending: null });
    }
    return answer;
  };
  const token = (): Result<string, Problem> => {
    const known = store.getState().token;
    return known === null ? fail({ code: 'unauthorised' }) : ok(known);
  };

  /** Dates and state may have changed since; without an answer the last ones stay. */
  const refresh = async (): Promise<void> => {
    const known = token();
    if (!known.ok) return;
    const answer = heard(await api.status(known.value));
    if (answer.ok) store.setState({ status: answer.value });
  };

  return {
    ...parts,
    signIn: async (request) => {
      const answer = await api.signIn(request);
      if (!answer.ok) return answer.error;
      const { status, draft } = store.getState();
      const samePerson = status?.examinee.id === answer.value.status.examinee.id;
      store.setState({
        ...SIGNED_OUT,
        stage: 'where',
        token: answer.value.token,
        status: answer.value.status,
        inRoom: 'roomCode' in request,
        draft: samePerson ? draft : EMPTY_DRAFT,
      });
      return null;
    },
    signOut: () => store.setState(SIGNED_OUT, true),
    go: (stage) => {
      store.setState({ stage });
      if (stage === 'where') void refresh();
    },
    keep: (part) => store.setState(({ draft }) => ({ draft: { ...draft, ...part } })),
    submit: async () => {
      const { status, draft } = store.getState();
      const known = heard(token());
      if (!known.ok) return known.error;
      const request =
        status === null
          ? null
          : requestOf(draft, status.consentVersion, status.examinee.documentKind);
      if (request === null) return { code: 'not-in-this-stage' };
      store.setState({ sending: 0 });
      const answer = heard(
        await api.submit(known.value, request, (sending) => store.setState({ sending })),
      );
      store.setState({ sending: null });
      if (!answer.ok) return answer.error;
      store.setState({ status: answer.value, draft: EMPTY_DRAFT, stage: 'done' });
      return null;
    },
    data: async () => {
      const known = heard(token());
      return known.ok ? heard(await api.data(known.value)) : known;
    },
    withdraw: async () => {
      const known = heard(token());
      if (!known.ok) return known.error;
      const answer = heard(await api.withdraw(known.value));
      if (!answer.ok) return answer.error;
      const { status } = store.getState();
      store.setState({
        certificate: answer.value,
        status: status === null ? null : { ...status, state: 'none', rejectedReason: null },
      });
      return null;
    },
    certificate: async (id) => {
      const known = heard(token());
      return known.ok ? heard(await api.certificate(known.value, id)) : known;
    },
  };
};
