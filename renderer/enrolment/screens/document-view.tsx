import { Button, Loader } from '@mantine/core';
import { IconCamera, IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { frameInVideo, jpegOf } from '#renderer/enrolment/picture-cut.ts';
import { cx } from '#renderer/ui/cx.ts';
import type { CameraProblem } from '#renderer/vision/open-camera.ts';
import { openDocumentCamera, stopStream } from '../document-camera.ts';
import { useEnrolment } from '../enrolment-context.tsx';
import { readQr } from '../qr-reader.ts';
import classes from './camera.module.css';
import { CameraFault } from './camera-fault.tsx';
import { usePicture } from './use-picture.ts';

/** A card of 85.6 mm at this width has about 12 pixels to the millimetre: small print stays readable. */
const PHOTO_PX = 1_024;
/** Between two looks for a code, ms. */
const QR_EVERY_MS = 250;

type Camera =
  | { readonly state: 'starting' }
  | { readonly state: 'on'; readonly stream: MediaStream }
  | { readonly state: 'fault'; readonly fault: CameraProblem | 'insecure' };

/** A photo that shows a person and no document. */
interface Refused {
  readonly jpeg: Uint8Array;
}

/** The camera while this part of the screen is there; `again` opens it anew. */
const useDocumentCamera = (wanted: boolean): { camera: Camera; again: () => void } => {
  const [camera, setCamera] = useState<Camera>({ state: 'starting' });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn is another try
  useEffect(() => {
    if (!wanted) return undefined;
    let gone = false;
    let stream: MediaStream | null = null;
    setCamera({ state: 'starting' });
    if (!isSecureContext) {
      setCamera({ state: 'fault', fault: 'insecure' });
      return undefined;
    }
    void openDocumentCamera().then((opened) => {
      if (!opened.ok) return gone ? undefined : setCamera({ state: 'fault', fault: opened.error });
      if (gone) return stopStream(opened.value);
      stream = opened.value;
      for (const track of stream.getTracks()) {
        track.addEventListener('ended', () => {
          if (!gone) setCamera({ state: 'fault', fault: 'failed' });
        });
      }
      setCamera({ state: 'on', stream });
      return undefined;
    });
    return () => {
      gone = true;
      if (stream !== null) stopStream(stream);
    };
  }, [wanted, turn]);
  return { camera, again: () => setTurn((before) => before + 1) };
};

/** Looks for a code in the video until one is found. */
const useQr = (
  video: HTMLVideoElement | null,
  looking: boolean,
  onFound: (text: string) => void,
  onBroken: () => void,
): void => {
  const told = useRef({ onFound, onBroken });
  told.current = { onFound, onBroken };
  useEffect(() => {
    if (!looking || video === null) return undefined;
    let gone = false;
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    const look = async (): Promise<void> => {
      while (!gone && context !== null) {
        const { videoWidth: width, videoHeight: height } = video;
        if (width > 0) {
          canvas.width = width;
          canvas.height = height;
          context.drawImage(video, 0, 0);
          const text = await readQr(context.getImageData(0, 0, width, height));
          if (text !== null && !gone) {
            gone = true;
            told.current.onFound(text);
          }
        }
        await new Promise((done) => setTimeout(done, QR_EVERY_MS));
      }
    };
    // Rejected when the reader's file does not come.
    look().catch(() => {
      if (!gone) told.current.onBroken();
    });
    return () => {
      gone = true;
    };
  }, [video, looking]);
};

/** The document in front of the camera: its photo is taken, or the code of a digital one is read. */
export const DocumentView = ({
  mode,
  picture,
  onPicture,
  onRefused,
  mayInsist,
  onQr,
  onQrBroken,
}: {
  mode: 'photo' | 'qr';
  /** The photo that was taken; null while there is none. */
  picture: Uint8Array | null;
  /** @param doubt whether it may show a person and no document, so that staff decide. */
  onPicture: (jpeg: Uint8Array | null, doubt: boolean) => void;
  /** A photo was refused because it shows a person and no document. */
  onRefused: () => void;
  /** Whether the last refused photo may be sent all the same, for a person to decide. */
  mayInsist: boolean;
  onQr: (text: string) => void;
  onQrBroken: () => void;
}) => {
  const { t } = useTranslation('enrolment');
  const live = mode === 'qr' || picture === null;
  const { camera, again } = useDocumentCamera(live);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { documentLook } = useEnrolment();
  const [problem, setProblem] = useState<Refused | 'takeFailed' | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => () => documentLook.stop(), [documentLook]);
  // Whoever only comes back to a photo, to mend its number, needs no models.
  useEffect(() => {
    if (picture === null) documentLook.start();
  }, [documentLook, picture]);
  const photo = usePicture(picture);
  /** The stream of which a picture was seen: before that there is nothing to take. */
  const [seen, setSeen] = useState<MediaStream | null>(null);
  const on = camera.state === 'on' && seen === camera.stream;
  useQr(video, live && on && mode === 'qr', onQr, onQrBroken);
  useEffect(() => {
    if (video === null || camera.state !== 'on') return;
    video.srcObject = camera.stream;
    // Rejected when the element leaves the page before it plays; nothing is lost then.
    void video.play().catch(() => undefined);
  }, [video, camera]);

  const take = async (): Promise<void> => {
    if (busy) return;
    if (video === null || frame.current === null || video.videoWidth === 0)
      return setProblem('takeFailed');
    const box = video.getBoundingClientRect();
    const edge = frame.current.getBoundingClientRect();
    const cut = frameInVideo(
      { x: edge.x - box.x, y: edge.y - box.y, width: edge.width, height: edge.height },
      box,
      { width: video.videoWidth, height: video.videoHeight },
    );
    setBusy(true);
    const jpeg = await jpegOf(video, cut, PHOTO_PX);
    const selfie = jpeg !== null && (await documentLook.selfie(jpeg));
    setBusy(false);
    if (jpeg === null) return setProblem('takeFailed');
    setProblem(selfie ? { jpeg } : null);
    if (selfie) onRefused();
    else onPicture(jpeg, false);
  };

  if (!live) {
    return (
      <div className={classes.left}>
        <div className={cx(classes.picture, classes.whole)}>
          {photo !== null && <img src={photo} alt={t('document.taken')} />}
        </div>
        <div className={classes.row}>
          <Button
            // The button that took the photo is gone, and the focus with it.
            autoFocus
            variant="default"
            size="md"
            leftSection={<IconRefresh size="1.125rem" aria-hidden />}
            onClick={() => onPicture(null, false)}
          >
            {t('document.again')}
          </Button>
          <span role="status">{t('document.readable')}</span>
        </div>
      </div>
    );
  }
  const still = mayInsist ? 'document.selfieStill' : 'document.selfie';
  const said =
    problem === null ? null : t(problem === 'takeFailed' ? 'document.takeFailed' : still);
  if (camera.state === 'fault') return <CameraFault fault={camera.fault} onRetry={again} />;
  return (
    <div className={classes.left}>
      <div className={classes.picture}>
        <video
          ref={setVideo}
          muted
          playsInline
          aria-label={t('document.preview')}
          onLoadedData={() => {
            if (camera.state === 'on') setSeen(camera.stream);
          }}
        />
        <div
          ref={frame}
          className={cx(classes.cut, mode === 'qr' ? classes.square : classes.card)}
        />
        {/* Over the picture: what stands below it may be out of sight on a small screen. */}
        <div className={cx(said !== null && classes.refused)} role="alert">
          {said}
        </div>
        {said === null && (
          <div className={classes.hint}>
            {on ? t(`document.frame.${mode}`) : t('document.starting')}
          </div>
        )}
      </div>
      {mode === 'photo' ? (
        <div className={classes.row}>
          <Button
            size="md"
            leftSection={<IconCamera size="1.25rem" aria-hidden />}
            disabled={!on}
            loading={busy}
            onClick={() => void take()}
          >
            {t('document.take')}
          </Button>
          {mayInsist && problem !== null && problem !== 'takeFailed' && (
            <Button variant="default" size="md" onClick={() => onPicture(problem.jpeg, true)}>
              {t('document.insist')}
            </Button>
          )}
        </div>
      ) : (
        <div className={classes.row} role="status">
          <Loader size="1.25rem" aria-hidden />
          {t('document.qrLooking')}
        </div>
      )}
    </div>
  );
};
