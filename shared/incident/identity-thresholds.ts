import Type, { type Static } from 'typebox';
import { LATER } from '#shared/kernel/json-size.ts';

const distance = Type.Number({ minimum: 0.1, maximum: 1.5 });

/** Between which distances of a face to a template a person decides. Part of the policy, and so of the ledger. */
export const ThresholdsSchema = Type.Object(
  {
    /** Below: the same person. */
    match: distance,
    /** Above: a person looks whether it is somebody else; at least `match`. */
    no: distance,
  },
  LATER,
);
export type Thresholds = Static<typeof ThresholdsSchema>;

/**
 * Until an institution has measured its own people (docs/identity.md, "Thresholds"). Templates of three pictures against the
 * median of the others, 725 people of LFW: 0.095 % of strangers come below 0.50 and 96.0 % of the right ones, where 0.55 let
 * in 0.62 %; of 40 people in a laboratory (ORL) 1.8 % and 100 %, where 0.55 let in 8.4 %. So no threshold holds for all, and
 * between the two a person decides. Nothing here ever counts by itself.
 */
export const USUAL_THRESHOLDS: Thresholds = { match: 0.5, no: 0.6 };

/** Of policies that name none: those by which all ledgers of before were judged, measured on 31 people, most of them public figures. */
const FIRST_THRESHOLDS: Thresholds = { match: 0.55, no: 0.62 };

/** The thresholds by which an attempt is judged. @param policy of its ledger; null before there is one. */
export const thresholdsOf = (policy: { readonly identity?: Thresholds } | null): Thresholds =>
  policy?.identity ?? FIRST_THRESHOLDS;
