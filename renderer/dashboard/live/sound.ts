/** Short tones for news. Never the only sign: the same news is on the screen and in the live region. */
export interface Chime {
  /** Allowed only after a gesture of the person; call it from one. */
  wake(): void;
  play(weight: 'counted' | 'notice'): void;
}

interface Tone {
  readonly hertz: number;
  readonly atS: number;
  readonly forS: number;
}

const TONES: Readonly<Record<'counted' | 'notice', readonly Tone[]>> = {
  counted: [
    { hertz: 740, atS: 0, forS: 0.16 },
    { hertz: 587, atS: 0.2, forS: 0.24 },
  ],
  notice: [{ hertz: 659, atS: 0, forS: 0.14 }],
};
const VOLUME = 0.18;
/** Tones closer together than this are one, ms: ten incidents at once are not ten sounds. */
const APART_MS = 800;

export const createChime = (): Chime => {
  let context: AudioContext | null = null;
  let last = Number.NEGATIVE_INFINITY;

  const wake = (): void => {
    context ??= new AudioContext();
    void context.resume();
  };

  const playTone = (audio: AudioContext, { hertz, atS, forS }: Tone): void => {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    const start = audio.currentTime + atS;
    oscillator.frequency.value = hertz;
    // Ramps, because a tone that starts and stops at full volume clicks.
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(VOLUME, start + 0.015);
    gain.gain.linearRampToValueAtTime(0, start + forS);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + forS);
  };

  return {
    wake,
    play: (weight) => {
      if (context === null || performance.now() - last < APART_MS) return;
      last = performance.now();
      for (const tone of TONES[weight]) playTone(context, tone);
    },
  };
};
