import { describe, expect, it } from 'vitest';
import { offeredCamera, virtualCamera } from '#shared/incident/camera-name.ts';

describe('a camera that is a program', () => {
  it.each([
    ['OBS Virtual Camera (m-de:vice)', 'virtual'],
    ['OBS-Camera', 'OBS'],
    ['ManyCam Virtual Webcam', 'virtual'],
    ['ManyCam Video Source', 'ManyCam'],
    ['Snap Camera', 'Snap Camera'],
    ['XSplit VCam', 'XSplit'],
    ['e2eSoft VCam', 'XSplit'],
    ['DroidCam Source 3', 'DroidCam'],
    ['Iriun Webcam #2', 'Iriun'],
    ['EpocCam Camera', 'EpocCam'],
    ['Dummy video device (0x0000) (platform:v4l2loopback-000)', 'v4l2loopback'],
    ['v4l2_loopback', 'v4l2loopback'],
    ['NDI Webcam Video 1', 'NDI'],
    ['mmhmm Camera', 'mmhmm'],
    ['Reincubate Camo', 'Camo'],
    ['Camo', 'Camo'],
    ['Camera (NVIDIA Broadcast)', 'NVIDIA Broadcast'],
    ['Logi Capture', 'Logi Capture'],
    ['SplitCam Video Driver', 'SplitCam'],
    ['screen-capture-recorder', 'screen capture'],
    ['CyberLink YouCam 9', 'YouCam'],
    ['OBSBOT Virtual Camera', 'virtual'],
    ['iPhone de María Camera', 'Continuity Camera'],
    ['iPhone de María Desk View Camera', 'Continuity Camera'],
    ['Pixel 8 (Windows Virtual Camera)', 'virtual'],
    ['Phone Link', 'Phone Link'],
  ])('%s', (label, program) => {
    expect(virtualCamera(label)).toBe(program);
    expect(offeredCamera(label)).toBe(true);
  });
});

describe('a camera', () => {
  it.each([
    '',
    'Integrated Camera (04f2:b6d9)',
    'Integrated_Webcam_HD (0c45:6730)',
    'HD Pro Webcam C920 (046d:082d)',
    'OBSBOT Tiny 2 (3564:fef8)',
    'FaceTime HD Camera (Built-in)',
    'Logitech BRIO',
    'Logi C270 HD WebCam',
    'HP TrueVision HD Camera',
    'HP Wide Vision HD',
    'Lenovo EasyCamera',
    'USB2.0 HD UVC WebCam',
    'Microsoft® LifeCam HD-3000',
    'Surface Camera Front',
    'Chicony USB 2.0 Camera',
    'Trust Camouflage Webcam',
    'Handheld Scanner Indigo',
    'Cámara web integrada',
    'fake_device_0',
  ])('%s', (label) => {
    expect(virtualCamera(label)).toBeNull();
    expect(offeredCamera(label)).toBe(false);
  });
});
