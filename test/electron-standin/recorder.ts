/** A call that has no effect here beyond being on record (content protection, a dialog). */
export interface RecordedCall {
  readonly call: string;
  readonly args: readonly unknown[];
}

const calls: RecordedCall[] = [];
const quietEvents = new Set<string>();

/** Puts a call on record, for a test to read through `globalThis.electronStandIn`. */
export function recordCall(call: string, ...args: unknown[]): void {
  calls.push({ call, args });
}

/** Puts on record that the app listens for an event that will never fire by itself here. */
export function recordQuietEvent(name: string): void {
  quietEvents.add(name);
}

/** What the stand-in has on record so far. */
export function recorded(): { calls: readonly RecordedCall[]; quietEvents: readonly string[] } {
  return { calls: [...calls], quietEvents: [...quietEvents] };
}
