/** A work of others that ships inside one of the packages, or is no package at all, so that no manifest tells of it. */
export interface Inside {
  readonly name: string;
  readonly licence: string;
  /** The package that brings it; its version is told. */
  readonly within: string;
  readonly copyright: string;
  /** Where it is found, for whoever looks it up. */
  readonly source: string;
}

/**
 * Compiled code, models and fonts: what the packages' own files and documentation say that they are made of. Electron
 * brings the notices of Chromium and Node itself (`LICENSES.chromium.html` in its folder).
 */
export const INSIDE: readonly Inside[] = [
  {
    name: 'libuiohook',
    licence: 'LGPL-3.0-or-later',
    within: 'uiohook-napi',
    copyright: 'Copyright (C) 2006-2023 Alexander Barker',
    source: 'https://github.com/kwhat/libuiohook',
  },
  {
    name: 'SQLite',
    licence: 'blessing-SQLite',
    within: 'better-sqlite3',
    copyright: 'The author disclaims copyright to this source code.',
    source: 'https://sqlite.org',
  },
  {
    name: 'nusb',
    licence: 'Apache-2.0 OR MIT',
    within: 'usb',
    copyright: 'Copyright (c) The nusb developers',
    source: 'https://github.com/kevinmehall/nusb',
  },
  {
    name: 'RustCrypto argon2',
    licence: 'MIT OR Apache-2.0',
    within: '@node-rs/argon2',
    copyright: 'Copyright (c) The RustCrypto Project Developers',
    source: 'https://github.com/RustCrypto/password-hashes',
  },
  {
    name: 'ZXing-C++',
    licence: 'Apache-2.0',
    within: 'zxing-wasm',
    copyright: 'Copyright The ZXing authors',
    source: 'https://github.com/zxing-cpp/zxing-cpp',
  },
  {
    name: 'MediaPipe vision_wasm_module_internal',
    licence: 'Apache-2.0',
    within: '@mediapipe/tasks-vision',
    copyright: 'Copyright The MediaPipe Authors; with TensorFlow Lite, XNNPACK and OpenCV',
    source: 'https://github.com/google-ai-edge/mediapipe',
  },
  {
    name: 'BlazeFace models (face-short-range, face-full-range)',
    licence: 'Apache-2.0',
    within: '@mediapipe/face_detection',
    copyright: 'Copyright The MediaPipe Authors',
    source: 'https://github.com/google-ai-edge/mediapipe',
  },
  {
    name: 'TensorFlow.js',
    licence: 'Apache-2.0',
    within: '@vladmandic/face-api',
    copyright: 'Copyright Google LLC',
    source: 'https://github.com/tensorflow/tfjs',
  },
  {
    name: 'face_recognition_model (dlib)',
    licence: 'CC0-1.0',
    within: '@vladmandic/face-api',
    copyright: 'Davis E. King, dlib_face_recognition_resnet_model_v1',
    source: 'https://github.com/davisking/dlib-models',
  },
];

/** Packages whose files ship although nothing imports them: models and runtimes (`prepare-vision.ts`), and Electron itself. */
export const TAKEN_BY_THE_BUILD = [
  '@mediapipe/face_detection',
  '@tensorflow/tfjs-backend-wasm',
  'electron',
];
