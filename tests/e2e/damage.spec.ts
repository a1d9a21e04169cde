/** 500 damaged models through the whole app and the real llama.cpp: a clear answer to each, and the app lives. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode } from '../../preload/contract/errors.js';
import { damagedFiles } from '../fixtures/damaged-gguf.js';
import { llamaMetadata, llamaTensors, shapes, writeRandomLlama } from '../fixtures/random-llama.js';
import { expect, request, test } from './fixtures.js';

test.setTimeout(300_000);

/** What may be wrong with a file; `unexpected` would be a fault of the app. */
const answerCodes: readonly ErrorCode[] = [
  ...(['model-not-gguf', 'model-truncated', 'model-unsupported', 'model-load-failed'] as const),
  ...(['model-too-large', 'context-too-large', 'engine-died'] as const),
];

test('500 damaged files: an answer to each, and the app goes on', async ({ launch }) => {
  const sound = join(launch.home, 'sound.gguf');
  await writeRandomLlama(sound, shapes.tiny);
  const files = damagedFiles({
    metadata: llamaMetadata(shapes.tiny),
    tensors: llamaTensors(shapes.tiny),
    bytes: readFileSync(sound),
  });
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: sound });
  const counts = {
    'refused by the reader': 0,
    'refused by llama.cpp': 0,
    loaded: 0,
    'crashed the engine': 0,
  };
  for (const [index, { damage, bytes }] of files.entries()) {
    const path = join(launch.home, `${index}.gguf`);
    writeFileSync(path, bytes);
    const answer = await request(page, 'models.load', { path });
    rmSync(path);
    if (answer.ok) counts.loaded++;
    else {
      const { code, message, hint } = answer.error;
      expect(answerCodes, `${damage}: ${message}`).toContain(code);
      expect(hint, damage).toBeTruthy();
      if (code === 'engine-died') counts['crashed the engine']++;
      else if (code === 'model-not-gguf' || code === 'model-truncated') counts['refused by the reader']++;
      else counts['refused by llama.cpp']++;
    }
    expect(await request(page, 'chats.list'), damage).toMatchObject({ ok: true });
  }
  console.log(`${files.length} damaged files: ${JSON.stringify(counts)}`);
  expect(counts['refused by the reader']).toBeGreaterThan(200);

  expect(await request(page, 'models.load', { path: sound })).toMatchObject({ ok: true });
  await page.getByRole('textbox', { name: 'Message' }).fill('hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').last()).toContainText('tok/s');
});
