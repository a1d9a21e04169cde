/** Owns what main does for the page's requests about connections. */
import { readRemotePath } from '../../preload/contract/remote-path.js';
import type { Room, Rooms } from './handlers.js';

export function connectionHandlers({ connections, loader, settings }: Rooms): Room<'connections'> {
  /** What is chosen at a connection that changes is connected to anew. */
  const again = async (id: string) => {
    const { status } = loader;
    if (status.state === 'ready' && readRemotePath(status.path)?.connectionId === id)
      await loader.load(status.path);
  };
  return {
    'connections.list': () => connections.list(),
    'connections.look': (tried) => connections.look(tried),
    'connections.add': (tried) => connections.add(tried),
    'connections.test': ({ id }) => connections.test(id),
    'connections.change': async ({ id, ...change }) => {
      const connection = await connections.change(id, change);
      // Why it does not connect is in its status.
      if (change.name === undefined) again(id).catch(() => undefined);
      return connection;
    },
    'connections.restore': ({ id }) => connections.restore(id),
    'connections.remove': async ({ id }) => {
      await connections.remove(id);
      const isOf = (path: string | null) => readRemotePath(path ?? '')?.connectionId === id;
      if (isOf(settings.get().modelPath)) settings.set({ modelPath: null });
      if ('path' in loader.status && isOf(loader.status.path)) await loader.unload();
    },
  };
}
