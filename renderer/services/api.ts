/** Owns the page's way to main: typed requests and events over the bridge; keeps no state. */
import type { Channel, EventData, EventName, Input, Output } from '../../preload/contract/index.js';
import type { ErrorData } from '../../preload/contract/errors.js';

/** What main answered instead of a value. */
class RequestError extends Error {
  readonly data: ErrorData;

  constructor(data: ErrorData) {
    super(data.message);
    this.name = 'RequestError';
    this.data = data;
  }
}

/** Asks main. @throws RequestError with a message for the user */
export async function request<C extends Channel>(
  channel: C,
  ...[input]: undefined extends Input<C> ? [input?: Input<C>] : [input: Input<C>]
): Promise<Output<C>> {
  const envelope = await window.altiplano.request(channel, input);
  if (!envelope.ok) throw new RequestError(envelope.error);
  return envelope.value as Output<C>;
}

/** Where a dropped file or folder lies on the disk. */
export const pathOf = (file: File): string => window.altiplano.pathOf(file);

/** Listens to one kind of event for as long as the page lives, or until the answered function is called. */
export function on<E extends EventName>(name: E, listener: (data: EventData<E>) => void): () => void {
  return window.altiplano.onEvent((event, data) => {
    if (event === name) listener(data as EventData<E>);
  });
}

/** Anything thrown, as an error that can be shown. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof RequestError) return thrown.data;
  return { code: 'unexpected', message: thrown instanceof Error ? thrown.message : String(thrown) };
}
