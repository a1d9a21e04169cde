/** Owns breaking off requests that are open, and those that did not survive the sleep of the machine; makes none. */
import { t } from '../../preload/contract/language.js';
import type { Dispatcher } from 'undici';
import { AppError } from '../../preload/contract/errors.js';
import { isThisMachine } from '../../preload/contract/server-address.js';

class OpenRequest {
  isHeard = false;
  readonly url: URL;
  #controller: Dispatcher.DispatchController | null = null;
  #error: AppError | null = null;

  constructor(url: URL) {
    this.url = url;
  }

  begins(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#error !== null) controller.abort(this.#error);
  }

  breakOff(error: AppError): void {
    this.#error = error;
    this.#controller?.abort(error);
  }
}

export class OpenRequests {
  readonly #open = new Set<OpenRequest>();

  /** Watches the one request that is sent through it. */
  watching(url: URL): Dispatcher.DispatcherComposeInterceptor {
    return (dispatch) => (options, handler) => {
      const request = new OpenRequest(url);
      this.#open.add(request);
      return dispatch(options, {
        onRequestStart: (controller, context) => {
          request.begins(controller);
          handler.onRequestStart?.(controller, context);
        },
        onResponseStart: (...args) => {
          request.isHeard = true;
          handler.onResponseStart?.(...args);
        },
        onResponseData: (...args) => {
          request.isHeard = true;
          handler.onResponseData?.(...args);
        },
        onResponseEnd: (...args) => {
          this.#open.delete(request);
          handler.onResponseEnd?.(...args);
        },
        onResponseError: (...args) => {
          this.#open.delete(request);
          handler.onResponseError?.(...args);
        },
      });
    };
  }

  breakOff(error: AppError): void {
    for (const request of this.#open) request.breakOff(error);
  }

  /** The machine woke: a server that says nothing within a time is not connected any more, though nobody was told. */
  woke(patienceMs: number): void {
    // What is connected to this machine slept with it.
    const far = [...this.#open].filter(({ url }) => !isThisMachine(url.hostname));
    for (const request of far) request.isHeard = false;
    setTimeout(() => {
      for (const request of far) if (!request.isHeard) request.breakOff(silent(request.url.host));
    }, patienceMs).unref();
  }
}

const silent = (host: string) =>
  new AppError({
    code: 'network-failed',
    message: t('{host} has said nothing since this machine slept.', { host }),
    hint: t('Check the network and try again.'),
  });
