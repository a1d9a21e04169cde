/** Owns the one door between page and main: checks who asks, checks what is asked, answers with an envelope. */
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

export type Handlers<C extends Channel = Channel> = {
  readonly [K in C]: (input: ParsedInput<K>) => Output<K> | Promise<Output<K>>;
};

/** Tells the page; lost when there is none. */
export type Broadcast = <E extends EventName>(name: E, data: EventData<E>) => void;

/** Parses the input and runs the handler; every failure becomes an envelope with a message for the user. */
export async function answerRequest(
  handlers: Handlers,
  channel: unknown,
  input: unknown,
): Promise<Envelope<unknown>> {
  try {
    if (typeof channel !== 'string' || !Object.hasOwn(channels, channel)) {
      throw new AppError({
        code: 'bad-input',
        message: 'The page asked for something unknown.',
        details: String(channel),
      });
    }
    const name = channel as Channel;
    const parsed = channels[name].input.safeParse(input);
    if (!parsed.success) {
      throw new AppError({
        code: 'bad-input',
        message: parsed.error.issues[0]?.message ?? 'This can’t be used.',
        details: `${name}: ${parsed.error.message}`,
      });
    }
    const handler = handlers[name] as (value: unknown) => unknown;
    return { ok: true, value: await handler(parsed.data) };
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === 'unexpected') console.error(`[ipc] ${String(channel)}`, error.cause ?? error);
    return { ok: false, error: error.toData() };
  }
}

/** Only the main frame of our own page may ask. */
export function isOurPage(event: Pick<IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(`${pageOrigin}/`);
}

export function registerHandlers(handlers: Handlers): void {
  ipcMain.handle(requestChannel, (event, channel: unknown, input: unknown) => {
    if (!isOurPage(event)) {
      const error = new AppError({ code: 'bad-input', message: 'Only the app’s own page may ask.' });
      return { ok: false, error: error.toData() };
    }
    return answerRequest(handlers, channel, input);
  });
}

export function makeBroadcast(window: () => BrowserWindow | null): Broadcast {
  return (name, data) => {
    const target = window();
    if (target !== null && !target.isDestroyed()) target.webContents.send(eventChannel, name, data);
  };
}
