import { IconCamera } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { useKiosk, useKioskState } from '../kiosk-context.tsx';
import classes from './mirror.module.css';

/**
 * The live picture of the camera.
 * @param mirrored as in a mirror: the person's own left is on the left of the screen. Not for a view of the room,
 *   where things must be where they are.
 */
export const Mirror = ({
  label,
  mirrored = true,
  children,
}: {
  label: string;
  mirrored?: boolean;
  children?: ReactNode;
}) => {
  const { feed } = useKiosk();
  const on = useKioskState((state) => state.camera.status === 'on');
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : feed.show(video.current)), [feed]);
  return (
    <div className={classes.picture}>
      <video
        ref={video}
        className={cx(classes.video, mirrored && classes.mirrored)}
        muted
        playsInline
        aria-label={label}
      />
      {!on && <IconCamera className={cx(classes.blank)} aria-hidden />}
      {children}
    </div>
  );
};

/** Why there is no picture, and the way to try again; nothing while the camera is well. */
export const CameraFaultText = () => {
  const { t } = useTranslation('kiosk');
  const camera = useKioskState((state) => state.camera);
  return (
    <div role="alert" className={cx(classes.fault, camera.status !== 'fault' && classes.none)}>
      {camera.status === 'fault' && (
        <>
          <strong>{t(`framing.fault.${camera.fault}`)}</strong>
          <p>{t(`framing.faultDetail.${camera.fault}`)}</p>
        </>
      )}
    </div>
  );
};
