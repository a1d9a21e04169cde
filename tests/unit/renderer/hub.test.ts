import { expect, test, vi } from 'vitest';
import type { HubFound } from '../../../preload/contract/hub.js';
import { hub } from '../../../renderer/stores/hub.svelte.js';

/** Questions that wait for an answer. */
const asked: { text: string; answer: (found: HubFound) => void; fail: (message: string) => void }[] = [];
vi.stubGlobal('window', {
  altiplano: {
    request: (_channel: string, { text }: { text: string }) =>
      new Promise((resolve) =>
        asked.push({
          text,
          answer: (value) => resolve({ ok: true, value }),
          fail: (message) => resolve({ ok: false, error: { code: 'cancelled', message } }),
        }),
      ),
    onEvent: () => () => undefined,
  },
});
const results = (id: string, cursor: string | null = null): HubFound => ({
  kind: 'results',
  repositories: [
    {
      ...{ id, downloads: 1, likes: 1, updatedAtMs: null },
      ...{ licence: null, gated: false, architecture: null },
    },
  ],
  cursor,
});
const shown = () => hub.results?.map(({ id }) => id);

test('only the answer to the last question is shown, however late the ones before come', async () => {
  hub.text = 'vicuna';
  const first = hub.search();
  hub.text = 'koala';
  const second = hub.search();
  asked[1]!.answer(results('koala/one', 'next'));
  await second;
  expect(shown()).toEqual(['koala/one']);
  asked[0]!.fail('Stopped.');
  await first;
  expect(shown()).toEqual(['koala/one']);
  expect(hub.error).toBeNull();
  expect(hub.busy).toBe(false);
});

test('the next page is added to the one before', async () => {
  expect(hub.hasMore).toBe(true);
  const more = hub.more();
  asked[2]!.answer(results('koala/two'));
  await more;
  expect(shown()).toEqual(['koala/one', 'koala/two']);
  expect(hub.hasMore).toBe(false);
});

test('going back drops what was asked for meanwhile', async () => {
  const opening = hub.open('koala/one');
  hub.back();
  asked[3]!.answer({
    ...{ kind: 'offer', title: 'koala/one', source: 's', pageUrl: null },
    ...{ summary: null, models: [], emptyBecause: 'It has no model files.' },
  });
  await opening;
  expect(hub.offer).toBeNull();
  expect(shown()).toEqual(['koala/one', 'koala/two']);
});
