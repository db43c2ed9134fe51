import { NoAnswerError } from '#shared/kernel/connection-fault.ts';
import type { Carry } from '#shared/wire/ask.ts';
import { pageFault } from './page-fault.ts';

/**
 * Carries requests by XMLHttpRequest, because only it says how much of an upload is gone. Its time limit is
 * one of silence: while bytes move in either direction, pictures may go over a slow line for as long as
 * they need.
 * @param root the address that `api/` lives under, with a slash at the end.
 */
export const createUploadCarry =
  (root: URL): Carry =>
  ({ method, path, headers, body, timeoutMs, onProgress }) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      let silence: ReturnType<typeof setTimeout> | undefined;
      const alive = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => request.abort(), timeoutMs);
      };
      const lost = (name: 'NetworkError' | 'TimeoutError'): void => {
        clearTimeout(silence);
        reject(new NoAnswerError(pageFault(new DOMException('no answer', name))));
      };
      request.open(method, new URL(path, root));
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => {
        alive();
        if (total > 0) onProgress?.(loaded / total);
      };
      request.onprogress = alive;
      request.onerror = () => lost('NetworkError');
      // Nobody but the silence above aborts.
      request.onabort = () => lost('TimeoutError');
      request.onload = () => {
        clearTimeout(silence);
        resolve({
          status: request.status,
          text: request.responseText,
          retryAfter: request.getResponseHeader('retry-after'),
        });
      };
      alive();
      request.send(body);
    });
