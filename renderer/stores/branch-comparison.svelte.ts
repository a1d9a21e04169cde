/** Owns which two branches of the open chat are compared, and their messages; main has them. */
import type { TreeMessage } from '../../preload/contract/branches.js';
import type { PathMessage } from '../../preload/contract/chats.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { endOf, partingOf, type Parting } from '../lib/branch-comparison.js';
import { request, toErrorData } from '../services/api.js';
import { appView } from './app-view.svelte.js';
import { thread } from './thread.svelte.js';

export type Side = 'left' | 'right';
type Ends = Readonly<Record<Side, string>>;
type Compared = Parting & { readonly texts: Readonly<Record<Side, readonly PathMessage[]>> };

class BranchComparison {
  value = $state.raw<Compared | null>(null);
  error = $state.raw<ErrorData | null>(null);
  /** A message of each branch; the branches go on from there by their newest replies. */
  #chosen: Ends | null = null;
  #asked = 0;

  /** Compares the branches that go through these messages. */
  open(left: string, right: string): void {
    this.#chosen = { left, right };
    this.value = null;
    appView.sheet = 'comparison';
  }

  /** A message beside the version before it, or after it when it is the first. */
  openVersions({ id, versionIds }: Pick<PathMessage, 'id' | 'versionIds'>): void {
    const version = versionIds.indexOf(id);
    const other = versionIds[version - 1] ?? versionIds[version + 1];
    if (other !== undefined) this.open(id, other);
  }

  async load(): Promise<void> {
    const { chatId } = thread;
    const chosen = this.#chosen;
    if (chatId === null || chosen === null) return;
    const asked = ++this.#asked;
    try {
      const tree = await request('chats.tree', { chatId });
      const value = await this.#read(chatId, tree, chosen);
      if (asked !== this.#asked) return;
      this.value = value;
      this.error = null;
    } catch (thrown) {
      if (asked === this.#asked) this.error = toErrorData(thrown);
    }
  }

  /** Another version on one side. */
  async choose(side: Side, messageId: string): Promise<void> {
    if (this.#chosen === null) return;
    this.#chosen = { ...this.#chosen, [side]: messageId };
    await this.load();
  }

  /** Shows one of the branches in the chat. */
  show(side: Side): void {
    const first = this.value?.[side][0] ?? null;
    appView.closeSheet('comparison');
    appView.showChat();
    if (first !== null) void thread.showVersion(first.id).then(() => thread.reveal(first.id));
  }

  async #read(chatId: string, tree: readonly TreeMessage[], chosen: Ends): Promise<Compared | null> {
    const parting = partingOf(tree, endOf(tree, chosen.left), endOf(tree, chosen.right));
    if (parting === null) return null;
    const textsOf = async (messages: readonly TreeMessage[]): Promise<PathMessage[]> => {
      const last = messages.at(-1);
      if (last === undefined) return [];
      return request('messages.upTo', { chatId, messageId: last.id, count: messages.length });
    };
    const [left, right] = await Promise.all([textsOf(parting.left), textsOf(parting.right)]);
    return { ...parting, texts: { left, right } };
  }
}

export const branchComparison = new BranchComparison();
