/** Owns what the engine needs of node-llama-cpp beyond its public interface; each use is checked when it is made. */
import { LlamaGrammarEvaluationState, TokenBias, type LlamaModel, type Token } from 'node-llama-cpp';

/**
 * A bias whose entries can be changed at will. The library's own setter leaves out the tokens that end a reply, and
 * reads plain numbers as something else than logits.
 */
export function makeTokenBias(model: LlamaModel): {
  readonly bias: TokenBias;
  readonly logits: Map<Token, number>;
} {
  const bias = new TokenBias(model.tokenizer);
  const logits: unknown = Reflect.get(bias, '_biases');
  if (!(logits instanceof Map)) throw changed('TokenBias');
  return { bias, logits };
}

/** Moves a grammar on by a token that something else than llama.cpp has picked. */
export function acceptToken(model: LlamaModel, state: LlamaGrammarEvaluationState, token: Token): void {
  const sampler: unknown = member(member(member(model, '_llama'), '_bindings'), 'AddonSampler');
  const accept: unknown = member(sampler, 'acceptGrammarEvaluationStateToken');
  if (typeof accept !== 'function') throw changed('AddonSampler');
  accept.call(sampler, member(state, '_state'), token);
}

function member(owner: unknown, name: string): unknown {
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) throw changed(name);
  return Reflect.get(owner, name);
}

function changed(what: string): Error {
  return new Error(`node-llama-cpp changed inside: ${what}`);
}
