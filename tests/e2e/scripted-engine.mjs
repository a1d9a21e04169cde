/** Owns an engine without a model: speaks the real protocol and answers by the words of the prompt, so that tests decide what happens. */
import { basename } from 'node:path';

/** What a prompt may ask for: `slow N` (N words, 25 ms each), `fast N` (10 ms each), `code`, `dice`, `settings`, `all values` (of the sampling), `repeat this` (all of it), `die now`, `be killed now`, `lose the GPU now`, `fail`; anything else is echoed. */
const wordMs = { slow: 25, fast: 10, usual: 3 };
let page = null;
let states = { states: 3, sizeBytes: 210_000_000 };
/** Each reply to `dice` is another one. */
let rolls = 0;
let turn = Promise.resolve();
let contextSize = 0;
let lastRead = '';
const cancelled = new Set();
const post = (message) => process.parentPort.postMessage(message);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a file's name may ask of a load: `die-on-load`, `killed-on-load`, `on-gpu`, `crash-above-N` and `memory-above-N` tokens of context, `slow`, `deaf`. */
const slowLoadMs = 200;
let loadCancelled = false;

const calls = {
  load,
  unload: async () => {
    contextSize = 0;
    return null;
  },
  nextTokens: async () => {
    const [word, other] = [' llama', ' alpaca'].map((text, token) => ({ token, text, isText: true }));
    const end = { token: 2, text: '<|im_end|>', isText: false, probability: 0.05 };
    const raw = [{ ...word, probability: 0.7 }, { ...other, probability: 0.25 }, end];
    return { raw, sampled: [{ ...word, probability: 1 }] };
  },
  previewTemplate: async ({ text }) => preview(text),
  modelTemplate: async () => '{{ messages }}',
  stageShares: async (request) => stageShares(request),
  perplexity: async ({ text }) => ({ perplexity: 12.345, tokens: countWords(text), window: 2047 }),
  countTokens: async ({ text }) => countWords(text),
  countPrompt: async ({ text }) => countWords(text),
  tokensOfPrompt: async ({ text, marks }) => tokensOfText(text, marks),
  promptText: async ({ prompt }) => promptText(prompt),
  planPrompt: async ({ prompt, maxNewTokens }) => (contextSize === 0 ? null : plan(prompt, maxNewTokens)),
  limitStates: async () => states,
  clearStates: async () => (states = { states: 0, sizeBytes: 0 }),
  inspectPrompt: async (request) => inspect(request),
  probeTemplate: async ({ template }) => probe(template ?? 'chatml-smollm2'),
  generate: async (request) => {
    turn = turn.then(() => generate(request));
    return null;
  },
};

process.parentPort.on('message', ({ data, ports }) => {
  if (ports[0]) {
    page = ports[0];
    page.start();
  }
  if (data.type === 'cancel') cancelled.add(data.runId);
  if (data.type === 'cancel-load') loadCancelled = true;
  if (data.type === 'call') answer(data.seq, calls[data.name](data.input));
});
post({ type: 'ready' });

function answer(seq, work) {
  work.then(
    (value) => post({ type: 'answer', seq, result: { ok: true, value } }),
    (error) => post({ type: 'answer', seq, result: { ok: false, error } }),
  );
}

const countWords = (text) => text.split(/\s+/).filter(Boolean).length;

/** A word is a token, and the template adds none; the budget's rules as users know them. */
function plan({ messages, policy = 'drop-oldest' }, maxNewTokens = 0) {
  const reserveTokens =
    maxNewTokens > 0 ? Math.min(maxNewTokens, contextSize >> 1) : Math.min(512, contextSize >> 2);
  const limit = contextSize - reserveTokens;
  const leftOut = messages.map(() => null);
  const words = messages.map(({ text }) => countWords(text));
  let promptTokens = words.reduce((sum, count) => sum + count, 0);
  const starts = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  const turns = starts.map((start, at) =>
    messages.slice(start, starts[at + 1]).map((_, offset) => start + offset),
  );
  const marked = (turn, mark) => turn.some((index) => messages[index].inclusion === mark);
  const leave = (turn, reason) =>
    turn.forEach((index) => {
      leftOut[index] = reason;
      promptTokens -= words[index];
    });
  const earlier = turns.slice(0, -1);
  for (const turn of earlier) if (marked(turn, 'left-out')) leave(turn, 'by-hand');
  const free = earlier.filter((turn) => !marked(turn, 'left-out'));
  const kept = (turn) => policy === 'keep-pinned' && marked(turn, 'pinned');
  const order = policy === 'stop' ? [] : [...free.filter((turn) => !kept(turn)), ...free.filter(kept)];
  for (const turn of order) if (promptTokens > limit) leave(turn, 'context-full');
  return { promptTokens, reserveTokens, contextSize, overTokens: Math.max(0, promptTokens - limit), leftOut };
}

const chatml = { id: 'chatml-smollm2', label: 'ChatML' };
const others = [
  { id: 'vicuna-v1.1', label: 'Vicuna' },
  { id: 'koala', label: 'Koala' },
];
/** Prompts that were sent, by conversation. */
const sent = new Map();

/** A mark is a token, a word is one, and so is what the template writes between them. */
/** A last turn of the assistant is left open. */
function tokensOf(messages) {
  const ids = new Map();
  const token = (text, source, isMark = false) => {
    if (!ids.has(text))
      ids.set(
        text,
        [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 50_000, 7),
      );
    return { id: ids.get(text), text, source, isMark };
  };
  return messages.flatMap(({ role, text }, at) => [
    token('<|im_start|>', 'template', true),
    token(`${role}\n`, 'template'),
    ...(text.match(/\s*\S+/g) ?? []).map((word) => token(word, role)),
    ...(role === 'assistant' && at === messages.length - 1
      ? []
      : [token('<|im_end|>', 'template', true), token('\n', 'template')]),
  ]);
}

/** A word is a token, and with `marks` so is a mark. */
function tokensOfText(text, marks = false) {
  const parts = text.match(marks ? /<\|\w+\|>|\s*[^\s<]+|\s+|</g : /\s*\S+|\s+/g) ?? [];
  return parts.map((part, at) => ({
    ...{ id: 100 + at, text: part, source: marks ? 'template' : 'user' },
    isMark: marks && part.startsWith('<|'),
  }));
}

/** The last reply is left open, else a new one begins. */
function promptText({ messages }) {
  const isOpen = messages.at(-1).role === 'assistant';
  const turns = messages.map(({ role, text }) => `<|im_start|>${role}\n${text}`).join('<|im_end|>\n');
  return isOpen ? turns : `${turns}<|im_end|>\n<|im_start|>assistant\n`;
}

function inspect({ prompt, conversation }) {
  const tokens = tokensOf(prompt.messages);
  const previous = sent.get(conversation) ?? null;
  return {
    tokens,
    previous,
    reusableTokens: previous === null ? 0 : tokens.findIndex(({ id }, index) => id !== previous[index]?.id),
    leftOut: prompt.messages.map(() => null),
    findings: [
      { level: 'warning', text: 'The script warns.' },
      { level: 'good', text: 'The script is content.' },
    ],
    stops: ['<|im_end|>'],
    template: chatml,
    candidates: others,
    comparison: {
      ...{ inForce: '<|im_start|>user\nHello!<|im_end|>\n', inForceLabel: 'ChatML' },
      ...{ other: '<|im_start|>user Hello!<|im_end|>', otherLabel: 'ChatML, the original form' },
    },
  };
}

/** A line that says `bad` can't be read. */
function preview(text) {
  const line = text.split('\n').indexOf('bad') + 1;
  if (line > 0) return { state: 'bad', problem: `Line ${line}: the script can’t read it.` };
  return {
    state: 'good',
    text,
    tokens: tokensOf([{ role: 'user', text: 'Hello!' }]),
    stops: [],
    findings: [],
  };
}

/** Four words may come next; temperature and top_k do what they do. A prompt that was read is not read again. */
function stageShares({ prompt, sampling: { temperature, top_k } }) {
  const read = JSON.stringify(prompt);
  const promptTokens = prompt.messages.reduce((sum, { text }) => sum + countWords(text), 0);
  const evaluatedTokens = read === lastRead ? 0 : promptTokens;
  lastRead = read;
  const words = [' llama', ' alpaca', ' vicuña', ' guanaco'].map((text, token) => ({
    token,
    text,
    isText: true,
  }));
  const weights = [0.5, 0.3, 0.15, 0.05];
  const kept = (count, heat) => {
    const heated = weights.slice(0, count).map((weight) => weight ** (1 / heat));
    const sum = heated.reduce((total, weight) => total + weight, 0);
    const top = heated.map((weight, index) => ({ ...words[index], probability: weight / sum }));
    return { left: count, top };
  };
  const cut = top_k > 0 && top_k < 4 ? top_k : 4;
  const stages = [
    { stage: 'model', ...kept(4, 1) },
    ...(top_k > 0 ? [{ stage: 'top_k', ...kept(cut, 1) }] : []),
    ...(temperature === 1 ? [] : [{ stage: 'temperature', ...kept(cut, Math.max(0.01, temperature)) }]),
  ];
  return { stages, promptTokens, evaluatedTokens };
}

/** Only Koala fits this model. */
function probe(id) {
  const isGood = id === 'koala';
  const turn = { question: 'Say hello.', reply: isGood ? 'Hello!' : 'Hello! USER: Hi', tokens: 4 };
  return {
    template: [chatml, ...others].find((one) => one.id === id),
    turns: [{ ...turn, ending: isGood ? 'end' : 'user-head' }],
    verdict: isGood ? 'good' : 'bad',
    reasons: [isGood ? 'The model ends by itself.' : 'It goes on as the user.'],
  };
}

/** How a process may end. */
const ends = {
  die: () => process.exit(5),
  'be killed': () => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  },
  'lose the GPU': () => {
    console.error('vk::Queue::submit: ErrorDeviceLost');
    process.exit(1);
  },
};

async function load({ path, threads, contextSize: asked, gpuLayers }) {
  loadCancelled = false;
  if (path.includes('die-on-load')) ends.die();
  if (path.includes('killed-on-load')) await ends['be killed']();
  const onGpu = path.includes('on-gpu') && gpuLayers !== 0;
  for (let progress = 0; progress <= 10; progress++) {
    post({ type: 'load-progress', progress: progress / 10, onGpu });
    await wait(path.includes('slow') ? slowLoadMs : 6);
    if (path.includes('deaf')) await new Promise(() => undefined);
    if (loadCancelled) throw { code: 'cancelled', message: 'Loading was cancelled.' };
  }
  const above = (what) => asked > Number(new RegExp(`${what}-above-(\\d+)`).exec(path)?.[1] ?? Infinity);
  if (above('memory')) throw { code: 'context-too-large', message: 'There is not enough memory.' };
  if (above('crash')) ends.die();
  contextSize = asked;
  return {
    path,
    name: basename(path).replace(/\.gguf$/, ''),
    contextSize,
    threads: threads || 2,
    gpu: onGpu ? 'vulkan' : null,
    template: chatml,
    templateReason: 'The script says so.',
    identity: { sizeBytes: 1, hash: 'scripted' },
    memory: { weightsBytes: 0, kvBytes: 0, computeBytes: 0, vramBytes: 0 },
    freeVramBytes: null,
    engine: 'scripted',
  };
}

const timedWords = (length) => Array.from({ length }, (_, index) => `word${index + 1}`);

function words(prompt, sampling) {
  const last = prompt.kind === 'text' ? { role: 'user', text: prompt.text } : prompt.messages.at(-1);
  if (last.isOpen) return last.text.startsWith('take') ? timedWords(40) : ['What', 'do', 'alpacas', 'eat?'];
  if (last.role === 'assistant') return ['and', 'so', 'on.'];
  if (last.text.startsWith('repeat this')) return last.text.split(' ');
  // As a judge it prefers what comes first.
  if (sampling.grammar_string.includes('Verdict')) return ['Reason:', 'It', 'came', 'first.\nVerdict:', 'A'];
  const timed = /(?:slow|fast) (\d+)/.exec(last.text);
  if (timed) return timedWords(Number(timed[1]));
  // The guard is of the engine; this one knows what to find.
  if (last.text.includes('loop')) return Array.from({ length: 8 }, () => 'Llamas hum.');
  if (last.text.includes('impersonate')) return ['Llamas', 'hum.\n\n### Human: And', 'alpacas?'];
  if (last.text.includes('dice')) return ['You', 'rolled', `${++rolls}.`];
  if (last.text.includes('all values')) return ['```json\n' + JSON.stringify(sampling) + '\n```'];
  if (last.text.includes('settings')) {
    const system = prompt.messages?.find(({ role }) => role === 'system')?.text ?? 'none';
    return [`temperature ${sampling.temperature}, top_k ${sampling.top_k}, system ${system}`];
  }
  if (last.text.includes('code'))
    return ['Here', 'it', 'is:\n\n```python\nprint("hello")\n```\n\nThat', 'was', 'all.'];
  return `Echo: ${last.text}`.split(' ');
}

/** Whether the model goes on with words that are there. */
const isBegun = ({ role, isOpen, text }) => role === 'assistant' || (isOpen === true && text !== '');

const isTitleQuestion = ({ kind, messages }) =>
  kind === 'chat' && messages.at(-1).text.startsWith('Write a title for this conversation');

/** A chat that begins with `name me` gets a title; others keep their first words. */
function titleWords({ messages }) {
  const [first] = messages.filter(({ role }) => role === 'user');
  return first.text.startsWith('name me') ? ['"Of', 'Wool', 'and', 'Wind"'] : [];
}

async function generate(request) {
  const { runId, prompt, sampling, conversation } = request;
  if (conversation) sent.set(conversation, tokensOf(prompt.messages));
  const asked = JSON.stringify(prompt);
  const startedMs = Date.now();
  const last = prompt.kind === 'text' ? prompt.text : prompt.messages.at(-1).text;
  const pieces = isTitleQuestion(prompt) ? titleWords(prompt) : words(prompt, sampling);
  let text = '';
  let tokens = 0;
  const planned = prompt.kind === 'chat' ? plan(prompt, sampling.max_new_tokens) : null;
  const promptTokens = planned?.promptTokens ?? countWords(prompt.text);
  const omittedMessages = planned?.leftOut.filter((reason) => reason === 'context-full').length ?? 0;
  if (planned !== null && planned.overTokens > 0) {
    const error = { code: 'prompt-too-long', message: `This is ${planned.overTokens} words too long.` };
    return post({ type: 'failed', runId, text: '', error });
  }
  const stats = (stopReason) => ({
    stopReason,
    promptTokens,
    reusedTokens: 0,
    tokens,
    tokensPerSecond: 40,
    timeToFirstTokenMs: 12,
    contextUsed: promptTokens + tokens,
    contextSize,
    omittedMessages,
    seed: Math.max(0, sampling.seed),
    origin: {
      sampling: {},
      model: { name: 'Scripted-7B', sizeBytes: 1, hash: 'scripted' },
      engine: last.includes('dice') ? `scripted ${rolls}` : 'scripted',
      gpu: null,
      promptHash: String(asked.length),
      batches: null,
    },
    template: 'chatml-smollm2',
  });
  const end = Object.keys(ends).find((how) => asked.includes(`${how} now`));
  const pace = last.includes('fast')
    ? 'fast'
    : asked.includes('slow') || last.startsWith('take') || end !== undefined
      ? 'slow'
      : 'usual';
  if (asked.includes('fail now')) {
    const error = { code: 'prompt-too-long', message: 'This message is too long.', hint: 'Shorten it.' };
    return post({ type: 'failed', runId, text: '', error });
  }
  let stopReason = 'end';
  let troubleFrom;
  for (const [index, piece] of pieces.entries()) {
    if (cancelled.has(runId)) {
      stopReason = 'stopped';
      break;
    }
    const added =
      index === 0 && prompt.kind === 'chat' && !isBegun(prompt.messages.at(-1)) ? piece : ` ${piece}`;
    post({ type: 'text', runId, offset: text.length, text: added });
    page?.postMessage({ kind: 'text', runId, offset: text.length, text: added, tokensPerSecond: 40 });
    text += added;
    tokens++;
    await wait(wordMs[pace]);
    if (index % 10 === 2) post({ type: 'checkpoint', runId, text, stats: stats('partial') });
    if (end !== undefined && Date.now() - startedMs > 80) await ends[end]();
    if (request.isGuarded && tokens === 5 && text.endsWith('hum. Llamas hum.')) {
      [stopReason, troubleFrom] = ['loop', 'Llamas hum.'.length];
      break;
    }
    if (request.isGuarded && text.includes('### Human:')) {
      [stopReason, troubleFrom] = ['self-talk', text.indexOf('### Human:')];
      break;
    }
  }
  // However few words there were.
  if (end !== undefined && stopReason === 'end') await ends[end]();
  post({ type: 'done', runId, text, stats: { ...stats(stopReason), troubleFrom }, prompt: asked });
}
