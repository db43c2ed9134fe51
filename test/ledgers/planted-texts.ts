// Loaded by `node --import` before a program of this build: gives some of its files another text (planted.ts).
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const texts = JSON.parse(process.env['PLANTED_TEXTS'] ?? '{}') as Record<string, string>;

registerHooks({
  load(url, context, next) {
    const text = url.startsWith('file:') ? texts[fileURLToPath(url)] : undefined;
    const loaded = next(url, context);
    return text === undefined ? loaded : { ...loaded, source: text };
  },
});
