/** Owns how far a reply has come in its grammar; never picks a token. */
import { LlamaGrammarEvaluationState, type LlamaGrammar, type LlamaModel, type Token } from 'node-llama-cpp';
import { acceptToken } from './library.js';

export class GrammarState {
  readonly #model: LlamaModel;
  readonly #grammar: LlamaGrammar;
  /** llama.cpp's own samplers move it on by each token that they pick. */
  #state: LlamaGrammarEvaluationState;

  constructor(model: LlamaModel, grammar: LlamaGrammar) {
    this.#model = model;
    this.#grammar = grammar;
    this.#state = new LlamaGrammarEvaluationState({ model, grammar });
  }

  get state(): LlamaGrammarEvaluationState {
    return this.#state;
  }

  accept(token: Token): void {
    acceptToken(this.#model, this.#state, token);
  }

  /** Goes to where the grammar is after these tokens of a reply. */
  restart(reply: readonly Token[]): void {
    this.#state = new LlamaGrammarEvaluationState({ model: this.#model, grammar: this.#grammar });
    for (const token of reply) this.accept(token);
  }
}
