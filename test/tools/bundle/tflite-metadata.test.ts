import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteBuffer } from 'flatbuffers';
import { describe, expect, it } from 'vitest';
import { buildModelMetadata, withModelMetadata } from '#tools/bundle/tflite-metadata.ts';

const MODELS = ['short_range', 'full_range', 'full_range_sparse'];

function source(name: string): Uint8Array {
  const folder = join(import.meta.dirname, '../../../node_modules/@mediapipe/face_detection');
  return new Uint8Array(readFileSync(join(folder, `face_detection_${name}.tflite`)));
}

/** A reader of its own, on the library's ByteBuffer: it shares no code with the writer. */
class Table {
  readonly bytes: ByteBuffer;
  readonly at: number;
  constructor(bytes: ByteBuffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }
  static root(bytes: Uint8Array): Table {
    const buffer = new ByteBuffer(bytes);
    return new Table(buffer, buffer.readInt32(0));
  }
  slot(field: number): number {
    const offset = this.bytes.__offset(this.at, 4 + 2 * field);
    return offset === 0 ? 0 : this.at + offset;
  }
  has(field: number): boolean {
    return this.slot(field) !== 0;
  }
  int(field: number): number {
    return this.bytes.readInt32(this.slot(field));
  }
  byte(field: number): number {
    return this.bytes.readInt8(this.slot(field));
  }
  child(field: number): Table {
    return new Table(this.bytes, this.bytes.__indirect(this.slot(field)));
  }
  text(field: number): string {
    return String(this.bytes.__string(this.slot(field)));
  }
  length(field: number): number {
    return this.has(field) ? this.bytes.__vector_len(this.slot(field)) : 0;
  }
  start(field: number): number {
    return this.bytes.__vector(this.slot(field));
  }
  item(field: number, index: number): Table {
    return new Table(this.bytes, this.bytes.__indirect(this.start(field) + 4 * index));
  }
  data(field: number): Uint8Array {
    const start = this.start(field);
    return this.bytes.bytes().subarray(start, start + this.length(field));
  }
}

describe.each(MODELS)('metadata written to %s', (name) => {
  const before = source(name);
  const metadata = buildModelMetadata({ mean: 127.5, std: 127.5 });
  const after = withModelMetadata(before, metadata);
  const oldRoot = Table.root(before);
  const root = Table.root(after);

  it('leaves the old bytes as they were, aligned to 16', () => {
    const shift = after.length - before.length;
    expect(shift % 16).toBe(0);
    expect(Buffer.compare(after.subarray(shift), before)).toBe(0);
    expect(new TextDecoder().decode(after.subarray(4, 8))).toBe('TFL3');
  });

  it('keeps every field of the model', () => {
    const shift = after.length - before.length;
    expect(root.int(0)).toBe(oldRoot.int(0));
    for (const field of [1, 2, 3, 5, 7]) {
      expect(root.has(field)).toBe(oldRoot.has(field));
      if (root.has(field)) expect(root.child(field).at).toBe(oldRoot.child(field).at + shift);
    }
    expect(root.length(4)).toBe(oldRoot.length(4) + 1);
    for (let i = 0; i < oldRoot.length(4); i++) {
      expect(root.item(4, i).at).toBe(oldRoot.item(4, i).at + shift);
    }
    for (let i = 0; i < oldRoot.length(6); i++) {
      expect(root.item(6, i).text(0)).toBe(oldRoot.item(6, i).text(0));
    }
  });

  it('says how pixels are normalised', () => {
    const entries = Array.from({ length: root.length(6) }, (_, i) => root.item(6, i));
    const entry = entries.find((e) => e.text(0) === 'TFLITE_METADATA');
    expect(entry?.int(1)).toBe(root.length(4) - 1);
    const written = root.item(4, entry?.int(1) ?? -1).data(0);
    expect(Buffer.compare(written, metadata)).toBe(0);
    expect(written.byteOffset % 16).toBe(0);

    expect(new TextDecoder().decode(written.subarray(4, 8))).toBe('M001');
    const tensor = Table.root(written.slice()).item(3, 0).item(2, 0);
    expect(tensor.child(3).byte(0)).toBe(2);
    const unit = tensor.item(4, 0);
    expect(unit.byte(0)).toBe(1);
    const options = unit.child(1);
    for (const field of [0, 1]) {
      expect(options.length(field)).toBe(1);
      expect(options.bytes.readFloat32(options.start(field))).toBe(127.5);
    }
  });

  it('is refused a second time', () => {
    expect(() => withModelMetadata(after, metadata)).toThrow('already');
  });
});

describe('what is no model', () => {
  it.each([
    ['empty', new Uint8Array(0)],
    ['text', new TextEncoder().encode('<!doctype html><html></html>')],
  ])('%s is refused', (_, bytes) => {
    expect(() => withModelMetadata(bytes, new Uint8Array(4))).toThrow('not a TFLite model');
  });
});
