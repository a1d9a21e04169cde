/** Owns the one door between page and main: checks who asks, checks what is asked, answers with an envelope. */
import { t } from '../../preload/contract/language.js';
import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import {
  channels,
  type Channel,
  type Envelope,
  type EventData,
  type EventName,
  type Output,
  type ParsedInput,
} from '../../preload/contract/index.js';
import { AppError } from '../../preload/contract/errors.js';
import { eventChannel, requestChannel } from '../../preload/contract/names.js';
import { pageOrigin } from '../app/protocol.js';
import type { Log } from '../log/log.js';

export type Handlers<C extends Channel = Channel> = {
  readonly [K in C]: (input: ParsedInput<K>) => Output<K> | Promise<Output<K>>;
};

/** Tells the page; lost when there is none. */
export type Broadcast = <E extends EventName>(name: E, data: EventData<E>) => void;

/** Characters of a refusal: it quotes what was sent, and that may be of any length. */
const shownLength = 300;
const detailsLength = 2000;

/** Parses the input and runs the handler; every failure becomes an envelope with a message for the user. */
export async function answerRequest(
  handlers: Handlers,
  channel: unknown,
  input: unknown,
  problem: Log['problem'],
): Promise<Envelope<unknown>> {
  try {
    if (typeof channel !== 'string' || !Object.hasOwn(channels, channel)) {
      throw new AppError({
        code: 'bad-input',
        message: t('The page asked for something unknown.'),
        details: typeof channel === 'string' ? channel.slice(0, detailsLength) : typeof channel,
      });
    }
    const name = channel as Channel;
    const handler = handlers[name] as (value: unknown) => unknown;
    return { ok: true, value: await handler(parse(name, input)) };
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === 'unexpected') problem(`ipc ${String(channel)}`, error.cause ?? error);
    return { ok: false, error: error.toData() };
  }
}

/** @throws AppError bad-input for what does not fit the channel */
function parse(name: Channel, input: unknown): unknown {
  let problem: { readonly message: string; readonly issues?: readonly { readonly message: string }[] };
  try {
    if (!isPlain(input)) throw new Error('it holds more than plain data');
    const parsed = channels[name].input.safeParse(input);
    if (parsed.success) return parsed.data;
    problem = parsed.error;
  } catch (thrown) {
    // A schema fails over what it did not foresee, such as bytes where it freezes a list, and all of it over circles.
    problem = AppError.from(thrown);
  }
  throw new AppError({
    code: 'bad-input',
    message: problem.issues?.[0]?.message.slice(0, shownLength) ?? t('This can’t be used.'),
    details: `${name}: ${problem.message}`.slice(0, detailsLength),
  });
}

/** Whether it is made of what JSON has, and bytes; a structured clone carries more, which no handler foresees. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value !== 'bigint';
  if (value === null || value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isPlain);
}

/** Only the main frame of our own page may ask. */
export function isOurPage(event: Pick<IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(`${pageOrigin}/`);
}

/** @param problem hears of failures that nobody foresaw */
export function registerHandlers(handlers: Handlers, problem: Log['problem']): void {
  ipcMain.handle(requestChannel, (event, channel: unknown, input: unknown) => {
    if (!isOurPage(event)) {
      const error = new AppError({ code: 'bad-input', message: t('Only the app’s own page may ask.') });
      return { ok: false, error: error.toData() };
    }
    return answerRequest(handlers, channel, input, problem);
  });
}

export function makeBroadcast(window: () => BrowserWindow | null): Broadcast {
  return (name, data) => {
    const target = window();
    if (target !== null && !target.isDestroyed()) target.webContents.send(eventChannel, name, data);
  };
}
