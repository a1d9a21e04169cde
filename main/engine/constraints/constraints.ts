/** Owns what the user's demands on a reply mean for one model: which tokens, strings and grammar; never picks a token. */
import { t } from '../../../preload/contract/language.js';
import type { LlamaGrammar, Token } from 'node-llama-cpp';
import { jsonSchemaGrammar } from '../../../preload/contract/json-schema.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { Sampling } from '../../../preload/contract/parameters.js';
import { parseBiases, parseIds, parseStrings } from '../../../preload/contract/text-formats.js';
import type { EngineModel } from '../model.js';
import { never } from './token-bans.js';

export type Constraints = {
  /** Added to the logits of tokens. */
  readonly biases: ReadonlyMap<Token, number>;
  /** Strings at which a reply ends. */
  readonly stops: readonly string[];
  readonly bannedStrings: readonly string[];
  readonly grammar: LlamaGrammar | null;
};

/**
 * Reads the demands, before a token is written.
 * @throws AppError bad-input naming the parameter that the model can't follow
 */
export async function readConstraints(sampling: Sampling, engine: EngineModel): Promise<Constraints> {
  return {
    biases: readBiases(sampling, engine),
    stops: parseStrings(sampling.custom_stopping_strings) ?? [],
    bannedStrings: parseStrings(sampling.banned_strings) ?? [],
    grammar: await readGrammar(sampling, engine),
  };
}

function readBiases(sampling: Sampling, { model, vocabulary }: EngineModel): Map<Token, number> {
  const biases = new Map<Token, number>();
  const check = (id: number, parameter: string): Token => {
    if (id < vocabulary.size) return id as Token;
    throw bad(
      t('{parameter}: there is no token {id}; this model has {count, number}.', {
        parameter,
        id,
        count: vocabulary.size,
      }),
    );
  };
  for (const [name, bias] of parseBiases(sampling.logit_bias) ?? []) {
    const id = /^\d+$/.test(name) ? check(Number(name), 'logit_bias') : oneToken(name, vocabulary.tokenize);
    biases.set(id, bias);
  }
  for (const id of parseIds(sampling.custom_token_bans) ?? [])
    biases.set(check(id, 'custom_token_bans'), never);
  if (sampling.ban_eos_token) {
    for (let id = 0; id < vocabulary.size; id++) {
      if (model.isEogToken(id as Token)) biases.set(id as Token, never);
    }
  }
  return biases;
}

function oneToken(text: string, tokenize: EngineModel['vocabulary']['tokenize']): Token {
  // Some vocabularies put a space before every text by themselves.
  const forms = [text, text.trimStart()].map(tokenize);
  const found = forms.find((tokens) => tokens.length === 1)?.[0];
  if (found !== undefined) return found;
  throw bad(
    t('logit_bias: “{text}” is {count} tokens for this model, and a bias is for one.', {
      text,
      count: forms[0]!.length,
    }),
    t('Take a shorter word, or use banned_strings to keep a longer text out.'),
  );
}

async function readGrammar(sampling: Sampling, { model }: EngineModel): Promise<LlamaGrammar | null> {
  const { grammar_string, json_schema } = sampling;
  const [hasGrammar, hasSchema] = [grammar_string.trim() !== '', json_schema.trim() !== ''];
  if (hasGrammar && hasSchema) {
    throw bad(
      t('A reply can follow grammar_string or json_schema, not both.'),
      t('Empty one of them under Parameters.'),
    );
  }
  if (!hasGrammar && !hasSchema) return null;
  try {
    return await model.llama.createGrammar({
      grammar: hasSchema ? jsonSchemaGrammar(json_schema) : grammar_string,
    });
  } catch (thrown) {
    throw bad(
      t('The engine can’t read {parameter}.', { parameter: hasSchema ? 'json_schema' : 'grammar_string' }),
      t('Correct or empty it under Parameters.'),
      thrown instanceof Error ? thrown.message : String(thrown),
    );
  }
}

function bad(message: string, hint = t('Correct it under Parameters.'), details?: string): AppError {
  return new AppError({ code: 'bad-input', message, hint, ...(details === undefined ? {} : { details }) });
}
