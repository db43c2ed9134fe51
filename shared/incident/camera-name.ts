/**
 * Cameras that are programs (Art. 29o): what they show need not be what is before the machine. A name is a hint
 * and no proof, so during the exam it is for review; before it another camera has to be chosen. The names are those
 * that the programs give their own devices. Matched as whole words, since others begin alike (OBSBOT makes real cameras).
 *
 * Not on the list: capture cards, which are devices (`peripheral-rules.ts`), and Chromium's own test camera,
 * which needs a command line that a locked kiosk does not give.
 */
const VIRTUAL_CAMERAS: readonly (readonly [name: string, words: RegExp])[] = [
  // Whatever calls itself virtual: OBSBOT, Streamlabs, Wirecast, Ecamm, Animaze, FaceRig, akvcam, Unity and more do.
  ['virtual', /\bvirtual\b|\bvirtuelle?\b/u],
  // Mixers and players: anything can be shown, a recording as well.
  ['OBS', /\bobs\b/u],
  ['ManyCam', /\bmanycam\b/u],
  ['XSplit', /\bxsplit\b|\bvcam\b/u],
  ['SplitCam', /\bsplitcam\b/u],
  ['vMix', /\bvmix\b/u],
  ['NDI', /\bndi\b/u],
  ['CamTwist', /\bcamtwist\b/u],
  ['WebcamMax', /\bwebcammax\b/u],
  ['AlterCam', /\baltercam\b/u],
  ['SparkoCam', /\bsparkocam\b/u],
  ['Webcamoid', /\bwebcamoid\b|\bakvcam\b/u],
  ['Logi Capture', /\blogi capture\b/u],
  ['screen capture', /\bscreen[- ]?capture/u],
  // Faces and backgrounds are replaced or drawn.
  ['Snap Camera', /\bsnap camera\b/u],
  ['mmhmm', /\bmmhmm\b/u],
  ['ChromaCam', /\bchromacam\b/u],
  ['NVIDIA Broadcast', /\bnvidia broadcast\b/u],
  ['YouCam', /\byoucam\b|\bwebcam splitter\b/u],
  ['FineCam', /\bfinecam\b/u],
  ['VTube Studio', /\bvtube ?studio/u],
  ['Avatarify', /\bavatarify\b/u],
  // A telephone or a network as a camera, through a program of this machine.
  ['DroidCam', /\bdroidcam\b/u],
  ['Iriun', /\biriun\b/u],
  ['EpocCam', /\bepoccam\b/u],
  ['Camo', /\bcamo\b/u],
  ['iVCam', /\bivcam\b|\be2esoft\b/u],
  ['Phone Link', /\bphone link\b|\blink to windows\b|\bwindows virtual camera\b/u],
  ['Continuity Camera', /\biphone\b|\bipad\b|\bdesk view\b|\bcontinuity\b/u],
  ['IP camera adapter', /\bip (?:camera|webcam)\b/u],
  // The Linux driver behind most of them.
  ['v4l2loopback', /\bv4l2 ?loopback\b|\bdummy video device\b|\bloopback\b/u],
];

/**
 * The program behind a camera, by the camera's name.
 * @param label as the system gives it; empty when it is not known.
 * @returns null for a name that is on no list.
 */
export const virtualCamera = (label: string): string | null => {
  const words = label.toLowerCase().replaceAll('_', ' ');
  return VIRTUAL_CAMERAS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
};

/** Telephones and tablets that a system offers as cameras of its own: Continuity Camera, Phone Link, Android's webcam mode over the air. */
const OFFERED =
  /\biphone\b|\bipad\b|\bdesk view\b|\bcontinuity\b|\bphone link\b|\blink to windows\b|\bwindows virtual camera\b|\bconnected camera\b/u;

/**
 * Whether the system offers this camera by itself, without anybody plugging anything.
 * @param label as the system gives it; empty when it is not known.
 */
export const offeredCamera = (label: string): boolean =>
  OFFERED.test(label.toLowerCase().replaceAll('_', ' ')) || virtualCamera(label) !== null;
