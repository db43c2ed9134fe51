/** The page's events through which text or pictures come into the exam or leave it (Art. 29r). */
export const CLIPBOARD_EVENTS = ['copy', 'cut', 'paste', 'dragstart', 'drop'] as const;
export type ClipboardEvent = (typeof CLIPBOARD_EVENTS)[number];

/**
 * The one place that decides what may be copied where. Exams have no answers in free text, so there is
 * nothing of one's own to copy and nothing may pass; a form with such answers allows it here, between its
 * own fields and never by way of the system's clipboard.
 * @returns whether the event may go on.
 */
export const mayPass = (_event: ClipboardEvent): boolean => false;
