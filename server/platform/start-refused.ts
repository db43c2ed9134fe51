/** A server cannot, or must not, work with its data as it finds them; the message is a sentence for whoever starts it. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
}
