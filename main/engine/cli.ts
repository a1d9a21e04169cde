/** Owns `npm run chat`: one reply on standard output, by the same engine code as the app and without Electron. */
import { parseArgs } from 'node:util';
import { samplingSchema } from '../../preload/contract/sampling-schema.js';
import { modelPath, runProgram, UsageError } from './command-line.js';
import { loadModel } from './model.js';
import { generate } from './session.js';

const usage = `Usage: npm run chat -- --prompt TEXT [options]

  --model FILE       GGUF file (default: the path in ALTIPLANO_STARTER_MODEL)
  --prompt TEXT      what to say
  --system TEXT      system prompt
  --template ID      prompt template, instead of the one the model calls for
  --temperature X    0 to 5; 0 always takes the likeliest token
  --seed N           0 to 4294967295; the same seed gives the same reply
  --max-tokens N     end the reply after so many tokens
  --context N        context size in tokens
  --threads N        compute threads
  --json             print one object: text, tokens, tokensPerSecond, timeToFirstTokenMs, prompt
`;

await runProgram(usage, chat);

async function chat(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string' },
      prompt: { type: 'string' },
      system: { type: 'string' },
      template: { type: 'string' },
      temperature: { type: 'string' },
      seed: { type: 'string' },
      'max-tokens': { type: 'string' },
      context: { type: 'string' },
      threads: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const path = modelPath(values.model);
  if (values.prompt === undefined) throw new UsageError('Say something with --prompt TEXT.');
  const sampling = samplingSchema.safeParse({
    temperature: number(values.temperature, '--temperature'),
    seed: number(values.seed, '--seed'),
    max_new_tokens: number(values['max-tokens'], '--max-tokens'),
  });
  if (!sampling.success) {
    const issue = sampling.error.issues[0];
    throw new UsageError(
      `--${String(issue?.path[0]).replace('max_new_tokens', 'max-tokens')}: ${issue?.message ?? ''}`,
    );
  }
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  const engine = await loadModel(
    {
      path,
      contextSize: number(values.context, '--context') ?? 0,
      threads: number(values.threads, '--threads') ?? 0,
      gpuLayers: -1,
      kvType: 'f16',
      template: values.template ?? null,
    },
    () => undefined,
    stopping.signal,
  );
  const system = values.system === undefined ? [] : [{ role: 'system' as const, text: values.system }];
  const { text, stats, prompt } = await generate(
    engine,
    {
      runId: 'chat',
      prompt: { kind: 'chat', messages: [...system, { role: 'user', text: values.prompt }] },
      sampling: sampling.data,
    },
    {
      frame: (frame) => {
        if (frame.kind === 'text' && !values.json) process.stdout.write(frame.text);
      },
      checkpoint: () => undefined,
    },
    stopping.signal,
  );
  const { tokens, tokensPerSecond, timeToFirstTokenMs } = stats;
  process.stdout.write(
    values.json ? `${JSON.stringify({ text, tokens, tokensPerSecond, timeToFirstTokenMs, prompt })}\n` : '\n',
  );
  await engine.dispose();
  // llama.cpp's threads would keep the process alive.
  process.exit();
}

function number(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`${name} needs a number, not “${text}”.`);
  return value;
}
