/** The ways in which a session checks identity, as one chooses among them. */
export const WAYS = ['face-turns', 'face', 'by-hand'] as const;
export type Way = (typeof WAYS)[number];

interface Check {
  readonly check: 'face' | 'by-hand';
  readonly challenge: boolean;
}

export const wayOf = ({ check, challenge }: Check): Way =>
  check === 'face' && challenge ? 'face-turns' : check;

export const checkOf = (way: Way): Check => ({
  check: way === 'by-hand' ? 'by-hand' : 'face',
  challenge: way === 'face-turns',
});
