import type { Cdp } from '#test/electron-standin/chromium/cdp.ts';
import { answer, isHandled } from '#test/electron-standin/main/protocol.ts';
import { type KeyQuestion, QUESTION_PATH } from '#test/electron-standin/page/messages.ts';

/** Who decides about what a page begins by itself. Addresses are Chromium's. */
export interface RequestJudge {
  /** @returns whether the navigation may go on. @param isMainFrame false for a frame within the page. */
  onNavigationAsked(url: string, isMainFrame: boolean): boolean;
  /** @returns whether the page is to be kept from seeing the key. */
  onKey(key: KeyQuestion): boolean;
}

/**
 * Answers the requests of a page for addresses that the app handles, and asks before the page goes
 * elsewhere by itself.
 *
 * @param mainFrame the page's main frame.
 */
export async function routeRequests(
  page: Cdp,
  mainFrame: string,
  judge: RequestJudge,
): Promise<void> {
  const begunByPage = new Set<string>();
  page.on('Page.frameRequestedNavigation', ({ url }) => begunByPage.add(url));
  page.on('Fetch.requestPaused', async ({ requestId, request, resourceType, frameId }) => {
    const url = request.url + (request.urlFragment ?? '');
    try {
      const isMain = frameId === mainFrame;
      const isPage = resourceType === 'Document' && (begunByPage.delete(url) || !isMain);
      if (isPage && !judge.onNavigationAsked(url, isMain)) {
        await page.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      } else if (new URL(url).pathname === QUESTION_PATH) {
        const prevent = judge.onKey(JSON.parse(request.postData ?? '') as KeyQuestion);
        const body = Buffer.from(prevent ? 'prevent' : 'pass').toString('base64');
        await page.send('Fetch.fulfillRequest', { requestId, responseCode: 200, body });
      } else if (isHandled(request.url)) {
        const { method, headers, postData } = request;
        const fulfilment = await answer({ url: request.url, method, headers, postData });
        await page.send('Fetch.fulfillRequest', { requestId, ...fulfilment });
      } else {
        await page.send('Fetch.continueRequest', { requestId });
      }
    } catch (error) {
      // The request may be gone together with its page; if it is not, the page sees it fail.
      console.error(`electron stand-in: ${url}:`, error);
      page.send('Fetch.failRequest', { requestId, errorReason: 'Failed' }).catch(() => {});
    }
  });
  await page.send('Fetch.enable', {
    patterns: [
      { urlPattern: 'https://*.localhost/*' },
      { urlPattern: '*', resourceType: 'Document' },
    ],
  });
}
