/** Owns how a model on a server is named where a model file has its path; free of zod, so that the page stays small. */

const prefix = 'remote:';

export type RemoteModel = {
  readonly connectionId: string;
  /** As the server names it. */
  readonly model: string;
};

export const remotePath = ({ connectionId, model }: RemoteModel): string =>
  `${prefix}${connectionId}/${model}`;

/** Null for the path of a file. */
export function readRemotePath(path: string): RemoteModel | null {
  const slash = path.indexOf('/');
  if (!path.startsWith(prefix) || slash < 0) return null;
  return { connectionId: path.slice(prefix.length, slash), model: path.slice(slash + 1) };
}

/** Servers name models by files and repositories: the last part without the ending of a file is what people know. */
export function remoteModelName(model: string): string {
  const last = model.split(/[\\/]/).at(-1) ?? model;
  return last.replace(/\.gguf$/i, '') || model;
}
