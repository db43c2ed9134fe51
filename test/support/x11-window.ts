// A program that shows one window on an X display, as a process of its own, until it is killed. Takes no focus.
//   node x11-window.ts DISPLAY X Y WIDTH HEIGHT overlay|notice|window
// Prints "shown" when the window is up. Speaks the X11 protocol itself, so that it needs no library.
import { connect } from 'node:net';

const [display = ':0', x = '0', y = '0', width = '100', height = '100', role = 'overlay'] =
  process.argv.slice(2);

const OVERRIDE_REDIRECT = 1 << 9;
const BACK_PIXEL = 1 << 1;
const ATOM = 4;
const CARDINAL_BITS = 32;

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value >>> 0, i * 4);
  });
  return bytes;
};
const halves = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => {
    bytes.writeUInt16LE(value & 0xffff, i * 2);
  });
  return bytes;
};
const request = (opcode: number, detail: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
  return Buffer.concat([Buffer.from([opcode, detail]), halves(1 + padded.length / 4), padded]);
};

const socket = connect(`/tmp/.X11-unix/X${display.slice(1)}`);
socket.write(Buffer.concat([Buffer.from('l\0'), halves(11, 0, 0, 0, 0)]));
let bytes = Buffer.alloc(0);
let window = 0;
const wanted: number[] = [];

const intern = (name: string): Buffer => request(16, 0, halves(name.length, 0), Buffer.from(name));

const onGreeting = (greeting: Buffer): void => {
  const vendor = (greeting.readUInt16LE(24) + 3) & ~3;
  const screen = 40 + vendor + greeting.readUInt8(29) * 8;
  const root = greeting.readUInt32LE(screen);
  window = greeting.readUInt32LE(12) + 1;
  const own = role === 'overlay' ? 1 : 0;
  socket.write(
    request(
      1,
      0,
      words(window, root),
      halves(Number(x), Number(y), Number(width), Number(height), 0, 1),
      words(0, BACK_PIXEL | OVERRIDE_REDIRECT, 0xffcc00, own),
    ),
  );
  socket.write(intern('_NET_WM_WINDOW_TYPE'));
  socket.write(intern(`_NET_WM_WINDOW_TYPE_${role === 'notice' ? 'NOTIFICATION' : 'NORMAL'}`));
};

const onReply = (reply: Buffer): void => {
  if (reply[0] !== 1) return;
  wanted.push(reply.readUInt32LE(8));
  const [property, type] = wanted;
  if (property === undefined || type === undefined || wanted.length > 2) return;
  socket.write(
    request(
      18,
      0,
      words(window, property, ATOM),
      Buffer.from([CARDINAL_BITS, 0, 0, 0]),
      words(1, type),
    ),
  );
  socket.write(request(8, 0, words(window)));
  // The answer to a last question says that all before it was done.
  socket.write(intern('WM_NAME'));
  setTimeout(() => console.log('shown'), 100);
};

let greeted = false;
socket.on('data', (chunk: Buffer) => {
  bytes = Buffer.concat([bytes, chunk]);
  if (!greeted) {
    const length = bytes.length < 8 ? Number.POSITIVE_INFINITY : 8 + bytes.readUInt16LE(6) * 4;
    if (bytes.length < length) return;
    greeted = true;
    onGreeting(bytes);
    bytes = bytes.subarray(length);
  }
  for (; bytes.length >= 32; bytes = bytes.subarray(32)) onReply(bytes);
});
socket.on('close', () => process.exit(1));
