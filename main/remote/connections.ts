/** Owns the connections to servers: adds them, looks at what they are, keeps that and their keys; never asks for a reply. */
import { t } from '../../preload/contract/language.js';
import type {
  Connection,
  ConnectionRecord,
  SendingMode,
  ServerFacts,
} from '../../preload/contract/connections.js';
import { AppError } from '../../preload/contract/errors.js';
import { remoteModelName, type RemoteModel } from '../../preload/contract/remote-path.js';
import { isThisMachine, readServerAddress } from '../../preload/contract/server-address.js';
import type { Database } from '../db/client.js';
import { newId } from '../db/id.js';
import type { Credential, Http } from '../net/http.js';
import { connectedName } from './connected-model.js';
import type { ConnectionKeys } from './keys.js';
import { look } from './look.js';
import { RemoteServer } from './server.js';

export type ConnectionsOptions = {
  readonly db: Pick<Database, 'listConnections' | 'saveConnection' | 'removeConnection'>;
  readonly keys: ConnectionKeys;
  readonly http: Pick<Http, 'open'>;
  /** Where the API of this app itself listens; null = nowhere. */
  readonly ownAddress: () => string | null;
  readonly onChange: (list: readonly Connection[]) => void;
};

/** A server as the user gives it; '' = without a key. */
type Tried = { readonly address: string; readonly key: string };

export type ConnectionChange = {
  readonly name?: string | undefined;
  readonly mode?: SendingMode | undefined;
  readonly contextSize?: number | null | undefined;
  /** '' forgets it. */
  readonly key?: string | undefined;
};

export class Connections {
  readonly #options: ConnectionsOptions;
  /** Until the app ends. */
  readonly #removed = new Map<string, { record: ConnectionRecord; credential: Credential | null }>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  async list(): Promise<Connection[]> {
    const { db, keys } = this.#options;
    const records = await db.listConnections();
    return Promise.all(records.map(async (record) => ({ ...record, key: await keys.state(record.id) })));
  }

  /** What a server is; nothing is kept. @throws AppError as `look`; bad-input for no address */
  async look({ address, key }: Tried, signal = new AbortController().signal): Promise<ServerFacts> {
    const given = readAddress(address);
    this.#refuseItself(given);
    return look(this.#server(credentialFor(given, key)), given, signal);
  }

  /** @throws AppError as `look`; bad-input when there is one to this address already */
  async add({ address, key }: Tried): Promise<Connection> {
    const given = readAddress(address);
    const { db, keys } = this.#options;
    const other = (await db.listConnections()).find((record) => record.address === given);
    if (other !== undefined) {
      throw new AppError({
        code: 'bad-input',
        message: t('There is a connection to {address} already: {name}.', {
          address: given,
          name: other.name,
        }),
        hint: t('Change its key there, or remove it first.'),
      });
    }
    const facts = await this.look({ address: given, key });
    const id = newId();
    await keys.set(id, credentialFor(given, key));
    const { host: name } = new URL(given);
    return this.#save({ id, name, address: given, mode: 'auto', contextSize: null, facts });
  }

  /** Looks again. @throws AppError as `look`; not-found */
  async test(id: string, signal = new AbortController().signal): Promise<Connection> {
    const record = await this.find(id);
    const server = await this.serverOf(record);
    return this.#save({ ...record, facts: await look(server, record.address, signal) });
  }

  /** @throws AppError not-found */
  async change(id: string, { key, name, mode, contextSize }: ConnectionChange): Promise<Connection> {
    const record = await this.find(id);
    if (key !== undefined) await this.#options.keys.set(id, credentialFor(record.address, key));
    return this.#save({
      ...record,
      name: name ?? record.name,
      mode: mode ?? record.mode,
      contextSize: contextSize === undefined ? record.contextSize : contextSize,
    });
  }

  async remove(id: string): Promise<void> {
    const { db, keys } = this.#options;
    this.#removed.set(id, { record: await this.find(id), credential: await keys.credential(id) });
    await keys.set(id, null);
    await db.removeConnection(id);
    await this.#tell();
  }

  /** Brings one back that was removed. @throws AppError not-found */
  async restore(id: string): Promise<void> {
    const removed = this.#removed.get(id);
    if (removed === undefined) throw gone();
    await this.#options.keys.set(id, removed.credential);
    await this.#save(removed.record);
  }

  /** @throws AppError not-found */
  async find(id: string): Promise<ConnectionRecord> {
    const found = (await this.#options.db.listConnections()).find((record) => record.id === id);
    if (found !== undefined) return found;
    throw gone();
  }

  /** The name of a model as people see it, also of one whose connection is gone. */
  async nameOf({ connectionId, model }: RemoteModel): Promise<string> {
    const record = (await this.#options.db.listConnections()).find(({ id }) => id === connectionId);
    return record === undefined ? remoteModelName(model) : connectedName(model, new URL(record.address).host);
  }

  async serverOf({ id }: Pick<ConnectionRecord, 'id'>): Promise<RemoteServer> {
    return this.#server(await this.#options.keys.credential(id));
  }

  #server(credential: Credential | null): RemoteServer {
    return new RemoteServer(this.#options.http, credential);
  }

  /** A chat would wait for its own turn. */
  #refuseItself(address: string): void {
    const own = this.#options.ownAddress();
    const [{ port, hostname }, ownPort] = [new URL(address), own === null ? null : new URL(own).port];
    if (port !== ownPort || !isThisMachine(hostname)) return;
    throw new AppError({
      code: 'bad-input',
      message: t('This is the API of this very Altiplano: it would wait for itself.'),
      hint: t('Its models are there already, at the top.'),
    });
  }

  async #save(record: ConnectionRecord): Promise<Connection> {
    await this.#options.db.saveConnection(record);
    await this.#tell();
    return { ...record, key: await this.#options.keys.state(record.id) };
  }

  async #tell(): Promise<void> {
    this.#options.onChange(await this.list());
  }
}

function gone(): AppError {
  return new AppError({
    code: 'not-found',
    message: t('The connection to this server was removed.'),
    hint: t('Choose another model at the top, or connect to it again under Models, Connections.'),
  });
}

/** @throws AppError bad-input */
function readAddress(text: string): string {
  const address = readServerAddress(text);
  if (address !== null) return address;
  throw new AppError({
    code: 'bad-input',
    message: t('This is not the address of a server.'),
    hint: t(
      'Write it as http://192.168.1.5:8080 or https://example.org/v1, without a name or password in it.',
    ),
  });
}

const credentialFor = (address: string, key: string): Credential | null =>
  key.trim() === '' ? null : { origin: new URL(address).origin, token: key.trim() };
