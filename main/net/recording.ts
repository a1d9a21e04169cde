/** Owns measuring a request while it goes on: its bytes, its status, how long it took; never lets one pass, or ends one. */
import type { Dispatcher } from 'undici';
import type { OutgoingRequest } from '../../preload/contract/network.js';
import { newId } from '../db/id.js';
import { networkError } from './errors.js';
import type { Gate, Reason } from './gate.js';

const tellEveryMs = 1000;
const longestPath = 500;

/** Tells `note` of the one request that is sent through it. */
export function recording(
  url: URL,
  { purpose, cause }: Reason,
  note: Gate['note'],
  signal: AbortSignal | undefined,
): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const startMs = performance.now();
    let toldMs = startMs;
    let receivedBytes = 0;
    let record: OutgoingRequest = {
      id: newId(),
      startedAtMs: Date.now(),
      method: options.method,
      host: url.host,
      path: url.pathname.slice(0, longestPath),
      ...{ purpose, cause, status: null, durationMs: null, error: null },
      sentBytes: sizeOfRequest(url, options),
      receivedBytes,
    };
    const tell = (change: Partial<OutgoingRequest> = {}) => {
      toldMs = performance.now();
      record = { ...record, receivedBytes, ...change };
      note(record);
    };
    const end = (error: string | null) => tell({ durationMs: performance.now() - startMs, error });
    tell();
    return dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onResponseStart: (controller, status, headers, message) => {
        receivedBytes += sizeOfHead(`HTTP/1.1 ${status} ${message ?? ''}`, headers);
        tell({ status });
        handler.onResponseStart?.(controller, status, headers, message);
      },
      onResponseData: (controller, chunk) => {
        receivedBytes += chunk.length;
        if (performance.now() - toldMs >= tellEveryMs) tell();
        handler.onResponseData?.(controller, chunk);
      },
      onResponseEnd: (controller, trailers) => {
        end(null);
        handler.onResponseEnd?.(controller, trailers);
      },
      onResponseError: (controller, thrown) => {
        // A body is left as soon as what was wanted of it has come.
        const wasLeft = record.status !== null && (signal?.aborted === true || isAbort(thrown));
        end(wasLeft ? null : networkError(thrown, url, signal).message);
        handler.onResponseError?.(controller, thrown);
      },
    });
  };
}

const isAbort = (thrown: Error) => 'code' in thrown && thrown.code === 'UND_ERR_ABORTED';

function sizeOfRequest(url: URL, { method, headers, body }: Dispatcher.DispatchOptions): number {
  const head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive`;
  const bodyBytes = typeof body === 'string' || body instanceof Uint8Array ? Buffer.byteLength(body) : 0;
  return sizeOfHead(head, headers as Headers) + bodyBytes;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** With the line ends, and the empty line after it. */
function sizeOfHead(start: string, headers: Headers): number {
  const lines = Object.entries(headers).flatMap(([name, value = '']) =>
    [value].flat().map((each) => `${name}: ${each}`),
  );
  return Buffer.byteLength(`${[start, ...lines].join('\r\n')}\r\n\r\n`);
}
