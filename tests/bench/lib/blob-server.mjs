/** A process of its own that serves one file from memory as fast as it can, with ranges; prints where, and what it is. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const sizeBytes = Number(process.argv[2]);
const piece = Buffer.alloc(8 * 1024 * 1024);
for (let at = 0; at < piece.length; at += 4) piece.writeInt32LE(Math.imul(at, 0x9e3779b1) | 0, at);
const hash = createHash('sha256');
for (let at = 0; at < sizeBytes; at += piece.length) hash.update(piece.subarray(0, sizeBytes - at));

const server = createServer((request, response) => {
  const [, start = '0', end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const last = Math.min(end ? Number(end) : Infinity, sizeBytes - 1);
  response.writeHead(request.headers.range ? 206 : 200, {
    'content-length': last - Number(start) + 1,
    'content-range': `bytes ${start}-${last}/${sizeBytes}`,
    etag: '"blob"',
  });
  let at = Number(start);
  const send = () => {
    while (at <= last) {
      const from = at % piece.length;
      const part = piece.subarray(from, from + last + 1 - at);
      at += part.length;
      if (!response.write(part)) return void response.once('drain', send);
    }
    response.end();
  };
  send();
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}/blob.gguf`;
  console.log(JSON.stringify({ url, sizeBytes, sha256: hash.digest('hex') }));
});
