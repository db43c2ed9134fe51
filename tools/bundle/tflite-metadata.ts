import { Builder } from 'flatbuffers';

/**
 * The BlazeFace models that come with `@mediapipe/face_detection` lack the metadata that
 * `@mediapipe/tasks-vision` asks for (how to scale a pixel to the model's -1..1). This file gives
 * a TFLite file that metadata.
 *
 * A FlatBuffer table refers only forward, so a new root table can be written in front of the old
 * file, whose bytes stay as they are and only move: every offset inside it is relative.
 */

const FILE_ID = 'TFL3';
const METADATA_NAME = 'TFLITE_METADATA';
const METADATA_FILE_ID = 'M001';

/** Fields of the TFLite `Model` table, in the schema's order. */
const MODEL_FIELDS = 8;
const BUFFERS = 4;
const METADATA = 6;

const IMAGE_PROPERTIES = 2;
const NORMALIZATION_OPTIONS = 1;
const COLOR_SPACE_RGB = 1;

/** A pixel value v in 0..255 enters the model as (v - mean) / std. */
export interface Normalization {
  readonly mean: number;
  readonly std: number;
}

/**
 * Writes a `ModelMetadata` FlatBuffer that says one thing: the only input tensor is an RGB image,
 * normalised with the given mean and standard deviation.
 */
export function buildModelMetadata(normalization: Normalization): Uint8Array {
  const b = new Builder(256);
  const mean = floatVector(b, normalization.mean);
  const std = floatVector(b, normalization.std);
  const options = table(b, 2, (t) => {
    t.addFieldOffset(0, mean, 0);
    t.addFieldOffset(1, std, 0);
  });
  const unit = table(b, 2, (t) => {
    t.addFieldInt8(0, NORMALIZATION_OPTIONS, 0);
    t.addFieldOffset(1, options, 0);
  });
  const units = offsetVector(b, unit);
  const image = table(b, 2, (t) => t.addFieldInt8(0, COLOR_SPACE_RGB, 0));
  const content = table(b, 3, (t) => {
    t.addFieldInt8(0, IMAGE_PROPERTIES, 0);
    t.addFieldOffset(1, image, 0);
  });
  const tensor = table(b, 7, (t) => {
    t.addFieldOffset(3, content, 0);
    t.addFieldOffset(4, units, 0);
  });
  const tensors = offsetVector(b, tensor);
  const subgraph = table(b, 10, (t) => t.addFieldOffset(2, tensors, 0));
  const subgraphs = offsetVector(b, subgraph);
  const root = table(b, 8, (t) => t.addFieldOffset(3, subgraphs, 0));
  b.finish(root, METADATA_FILE_ID);
  return b.asUint8Array().slice();
}

/**
 * Returns a copy of a TFLite model with a `TFLITE_METADATA` entry, the old file unchanged at its end.
 *
 * @throws Error when the bytes are no TFLite model or have such an entry already.
 */
export function withModelMetadata(model: Uint8Array, metadata: Uint8Array): Uint8Array {
  const old = readModel(model);
  if (old.metadataNames.includes(METADATA_NAME)) {
    throw new Error('the model has metadata already');
  }

  const vtableAt = 8;
  const rootAt = align(vtableAt + 4 + 2 * MODEL_FIELDS, 4);
  const buffersAt = rootAt + 4 + 4 * MODEL_FIELDS;
  const entriesAt = buffersAt + 4 + 4 * (old.buffers.length + 1);
  const entryVtableAt = entriesAt + 4 + 4 * (old.metadata.length + 1);
  const entryAt = entryVtableAt + 8;
  const nameAt = entryAt + 12;
  const bufferVtableAt = align(nameAt + 4 + METADATA_NAME.length + 1, 4);
  const bufferAt = bufferVtableAt + 8;
  // The bytes themselves start on a multiple of 16, as TFLite asks of buffers.
  const dataAt = align(bufferAt + 8 + 4, 16) - 4;
  const oldAt = align(dataAt + 4 + metadata.length, 16);

  const out = new Uint8Array(oldAt + model.length);
  out.set(model, oldAt);
  const view = new DataView(out.buffer);
  const u16 = (at: number, value: number) => view.setUint16(at, value, true);
  const u32 = (at: number, value: number) => view.setUint32(at, value, true);
  const point = (slot: number, target: number) => u32(slot, target - slot);
  const text = (at: number, value: string) => out.set(new TextEncoder().encode(value), at);

  point(0, rootAt);
  text(4, FILE_ID);

  u16(vtableAt, 4 + 2 * MODEL_FIELDS);
  u16(vtableAt + 2, 4 + 4 * MODEL_FIELDS);
  u32(rootAt, rootAt - vtableAt);
  for (let field = 0; field < MODEL_FIELDS; field++) {
    const slot = rootAt + 4 + 4 * field;
    const source = old.fields[field];
    if (field === BUFFERS) point(slot, buffersAt);
    else if (field === METADATA) point(slot, entriesAt);
    else if (source === undefined) continue;
    else if (field === 0) u32(slot, old.version);
    else point(slot, oldAt + source);
    u16(vtableAt + 4 + 2 * field, slot - rootAt);
  }

  writeVector(buffersAt, old.buffers, bufferAt);
  writeVector(entriesAt, old.metadata, entryAt);

  // Metadata { name, buffer }
  u16(entryVtableAt, 8);
  u16(entryVtableAt + 2, 12);
  u16(entryVtableAt + 4, 4);
  u16(entryVtableAt + 6, 8);
  u32(entryAt, entryAt - entryVtableAt);
  point(entryAt + 4, nameAt);
  u32(entryAt + 8, old.buffers.length);
  u32(nameAt, METADATA_NAME.length);
  text(nameAt + 4, METADATA_NAME);

  // Buffer { data }
  u16(bufferVtableAt, 6);
  u16(bufferVtableAt + 2, 8);
  u16(bufferVtableAt + 4, 4);
  u32(bufferAt, bufferAt - bufferVtableAt);
  point(bufferAt + 4, dataAt);
  u32(dataAt, metadata.length);
  out.set(metadata, dataAt + 4);
  return out;

  function writeVector(at: number, oldTargets: readonly number[], added: number): void {
    u32(at, oldTargets.length + 1);
    for (const [i, target] of oldTargets.entries()) point(at + 4 + 4 * i, oldAt + target);
    point(at + 4 + 4 * oldTargets.length, added);
  }
}

interface ReadModel {
  readonly version: number;
  /** Where each field's value is (version) or points to (all others); undefined when absent. */
  readonly fields: readonly (number | undefined)[];
  readonly buffers: readonly number[];
  readonly metadata: readonly number[];
  readonly metadataNames: readonly string[];
}

function readModel(model: Uint8Array): ReadModel {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  const latin1 = new TextDecoder('latin1');
  if (model.length < 16 || latin1.decode(model.subarray(4, 8)) !== FILE_ID) {
    throw new Error('not a TFLite model');
  }
  const follow = (slot: number) => slot + view.getUint32(slot, true);
  const fieldAt = (tableAt: number, field: number): number | undefined => {
    const vtable = tableAt - view.getInt32(tableAt, true);
    const entry = 4 + 2 * field;
    if (entry >= view.getUint16(vtable, true)) return undefined;
    const offset = view.getUint16(vtable + entry, true);
    return offset === 0 ? undefined : tableAt + offset;
  };
  const vector = (at: number | undefined): number[] =>
    at === undefined
      ? []
      : Array.from({ length: view.getUint32(at, true) }, (_, i) => follow(at + 4 + 4 * i));

  const root = follow(0);
  const fields = Array.from({ length: MODEL_FIELDS }, (_, field) => {
    const at = fieldAt(root, field);
    return at === undefined || field === 0 ? at : follow(at);
  });
  const versionAt = fields[0];
  const metadata = vector(fields[METADATA]);
  return {
    version: versionAt === undefined ? 0 : view.getUint32(versionAt, true),
    fields,
    buffers: vector(fields[BUFFERS]),
    metadata,
    metadataNames: metadata.map((entry) => {
      const slot = fieldAt(entry, 0);
      if (slot === undefined) return '';
      const at = follow(slot);
      return latin1.decode(model.subarray(at + 4, at + 4 + view.getUint32(at, true)));
    }),
  };
}

function align(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}

function table(b: Builder, fields: number, fill: (b: Builder) => void): number {
  b.startObject(fields);
  fill(b);
  return b.endObject();
}

function floatVector(b: Builder, value: number): number {
  b.startVector(4, 1, 4);
  b.addFloat32(value);
  return b.endVector();
}

function offsetVector(b: Builder, offset: number): number {
  b.startVector(4, 1, 4);
  b.addOffset(offset);
  return b.endVector();
}
