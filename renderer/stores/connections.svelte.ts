/** Owns the connections to servers as the page knows them, and what is asked of main about them. */
import { t } from '../../preload/contract/language.js';
import type { Connection, ServerFacts } from '../../preload/contract/connections.js';
import type { Input } from '../../preload/contract/index.js';
import { readRemotePath, remoteModelName, remotePath } from '../../preload/contract/remote-path.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';

type OfferedModel = {
  /** Where a model file has its path. */
  readonly path: string;
  readonly name: string;
  readonly host: string;
  readonly contextSize: number | null;
};
export type ShownConnection = Connection & {
  readonly host: string;
  readonly models: readonly OfferedModel[];
};

class Connections {
  list = $state.raw<readonly ShownConnection[]>([]);
  readonly models = $derived(this.list.flatMap(({ models }) => models));

  async start(): Promise<void> {
    on('connections.changed', (list) => (this.list = list.map(toShown)));
    // Without a database there are none; the page shows the reason.
    this.list = (await request('connections.list').catch(() => [])).map(toShown);
  }

  /** The host that a model is on; null for one of this machine, and where the connection is gone. */
  hostOf(path: string): string | null {
    const remote = readRemotePath(path);
    return this.list.find(({ id }) => id === remote?.connectionId)?.host ?? null;
  }

  /** What a server is; nothing is kept. @throws with the reason */
  look(address: string, key: string): Promise<ServerFacts> {
    return request('connections.look', { address, key });
  }

  /** @throws with the reason */
  async add(address: string, key: string): Promise<void> {
    await request('connections.add', { address, key });
  }

  /** @throws with the reason */
  async test(id: string): Promise<void> {
    await request('connections.test', { id });
  }

  async change(change: Input<'connections.change'>): Promise<void> {
    await notices.guard(request('connections.change', change));
  }

  /** With a way back. */
  async remove({ id, name }: Connection): Promise<void> {
    const done = await notices.guard(request('connections.remove', { id }).then(() => true));
    if (done === undefined) return;
    notices.done(t('The connection to {name} was removed, with its key.', { name }), () => {
      void notices.guard(request('connections.restore', { id }));
    });
  }
}

function toShown(connection: Connection): ShownConnection {
  const { id: connectionId, address, facts } = connection;
  const { host } = new URL(address);
  const models = facts.models.map(({ id, contextSize }) => ({
    ...{ path: remotePath({ connectionId, model: id }), name: remoteModelName(id), host, contextSize },
  }));
  return { ...connection, host, models };
}

export const connections = new Connections();
