/** Owns turning a JSON schema into a grammar; says what it can't turn, and never drops a demand silently. */
import { t } from './language.js';

/** What a schema asks for that no grammar can check, or that this does not turn yet. */
class SchemaError extends Error {}

type Schema = { readonly [keyword: string]: unknown };

/** Keywords that ask for nothing of the text. */
const remarks = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

/** Rules for what every JSON text is made of (RFC 8259); white space is bounded, or a model may write it for ever. */
const basics = {
  ws: '| " " | "\\n" [ \\t]{0,20}',
  char: '[^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\bfnrt/] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,15})',
  number: 'integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?',
  boolean: '"true" | "false"',
  null: '"null"',
  array: '"[" ws (any ("," ws any)*)? "]" ws',
  object: '"{" ws (string ws ":" ws any ("," ws string ws ":" ws any)*)? "}" ws',
  any: '(object | array | string | number | boolean | null) ws',
  date: '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])',
  time: '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{3})? ("Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])',
  uuid: '[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}',
} as const;

/** What each type may be told further. */
const keywords: { readonly [type: string]: readonly string[] } = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength', 'format'],
};

const stringFormats: { readonly [format: string]: string } = {
  date: 'date',
  time: 'time',
  'date-time': 'date "T" time',
  uuid: 'uuid',
};

/** What is wrong with the text of a schema, in a sentence; null when a grammar can be made of it. Empty is no schema. */
export function jsonSchemaProblem(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    jsonSchemaGrammar(text);
    return null;
  } catch (thrown) {
    if (thrown instanceof SchemaError) return thrown.message;
    throw thrown;
  }
}

/**
 * A GBNF grammar whose texts are JSON that fits the schema (json-schema.org, draft 2020-12). Properties come in the
 * order in which the schema names them, and no others beside them; `oneOf` is read as `anyOf`. @throws an Error that `jsonSchemaProblem` puts in words
 */
export function jsonSchemaGrammar(text: string): string {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (thrown) {
    throw new SchemaError(
      t('This is not JSON: {problem}.', {
        problem: thrown instanceof Error ? thrown.message : t('unreadable'),
      }),
    );
  }
  return new Grammar(schema).text();
}

class Grammar {
  readonly #root: unknown;
  readonly #rules = new Map<string, string>(Object.entries(basics));
  /** The numbers of rules made for expressions that are repeated. */
  readonly #parts = new Map<string, number>();
  /** Rules made for references, so that a schema may refer to itself. */
  readonly #references = new Map<string, string>();

  constructor(root: unknown) {
    this.#root = root;
  }

  text(): string {
    // eslint-disable-next-line altiplano/no-loose-text -- a rule of the grammar
    this.#rules.set('root', `ws ${this.#value(this.#root, t('the schema'))} ws`);
    return [...this.#rules].map(([name, rule]) => `${name} ::= ${rule}`).join('\n');
  }

  /** An expression for one value. @param where its place in the schema, for messages */
  #value(schema: unknown, where: string): string {
    if (schema === true) return 'any';
    if (!isSchema(schema))
      throw new SchemaError(
        t('In {place}: a schema must be an object, such as {example}.', {
          place: where,
          example: '{"type": "string"}',
        }),
      );
    const { $ref, enum: choices, anyOf, oneOf, type } = schema;
    if (typeof $ref === 'string') {
      allow(schema, where, ['$ref']);
      return this.#reference($ref, where);
    }
    if ('const' in schema) {
      allow(schema, where, ['const', 'type']);
      return literal(JSON.stringify(schema['const']));
    }
    if (Array.isArray(choices) && choices.length > 0) {
      allow(schema, where, ['enum', 'type']);
      return group(choices.map((choice) => literal(JSON.stringify(choice))));
    }
    const branches = anyOf ?? oneOf;
    if (Array.isArray(branches) && branches.length > 0) {
      allow(schema, where, [anyOf === undefined ? 'oneOf' : 'anyOf']);
      return group(
        branches.map((item, index) =>
          this.#value(item, t('{place}, branch {index}', { place: where, index: index + 1 })),
        ),
      );
    }
    const types: readonly unknown[] = Array.isArray(type) ? type : [type ?? guessType(schema) ?? 'any'];
    allow(schema, where, ['type', ...types.flatMap((name) => keywords[String(name)] ?? [])]);
    return group(types.map((name) => this.#typed(schema, name, where)));
  }

  #typed(schema: Schema, type: unknown, where: string): string {
    switch (type) {
      case 'object':
        return this.#object(schema, where);
      case 'array':
        return this.#array(schema, where);
      case 'string':
        return this.#string(schema, where);
      case 'any':
      case 'number':
      case 'integer':
      case 'boolean':
      case 'null':
        return type;
      default:
        throw new SchemaError(
          t('In {place}: “{type}” is no type of JSON.', { place: where, type: String(type) }),
        );
    }
  }

  #string(schema: Schema, where: string): string {
    const { format } = schema;
    if (format !== undefined) {
      const rule = typeof format === 'string' ? stringFormats[format] : undefined;
      if (rule === undefined) {
        throw new SchemaError(
          t('In {place}: the format “{format}” can’t be turned into a grammar; known are {known}.', {
            place: where,
            format: String(format),
            known: Object.keys(stringFormats).join(', '),
          }),
        );
      }
      return `"\\"" ${rule} "\\""`;
    }
    const range = repetitions(schema, 'minLength', 'maxLength', where);
    return range === '*' ? 'string' : this.#apart(`"\\"" char${range} "\\""`);
  }

  /**
   * The name of a rule for an expression. What is repeated within something that is repeated must be one: llama.cpp
   * multiplies the counts of those that stand in the same rule, and refuses more than 2000.
   */
  #apart(expression: string): string {
    const number = this.#parts.get(expression) ?? this.#parts.size + 1;
    this.#parts.set(expression, number);
    const name = `part-${number}`;
    this.#rules.set(name, expression);
    return name;
  }

  #array(schema: Schema, where: string): string {
    const item =
      schema['items'] === undefined
        ? 'any'
        : this.#apart(this.#value(schema['items'], t('the items of {place}', { place: where })));
    if (Array.isArray(schema['prefixItems'])) {
      if ((schema['items'] ?? false) !== false || 'minItems' in schema || 'maxItems' in schema) {
        throw new SchemaError(t('In {place}: “prefixItems” can be used only alone.', { place: where }));
      }
      const fixed = schema['prefixItems'].map((entry, index) =>
        this.#value(entry, t('item {index} of {place}', { index: index + 1, place: where })),
      );
      return `"[" ws ${fixed.join(' ws "," ws ')} ws "]"`;
    }
    const least = amount(schema, 'minItems', where) ?? 0;
    const most = amount(schema, 'maxItems', where);
    if (most === 0) return '"[" ws "]"';
    const rest = `("," ws ${item} ws){${Math.max(0, least - 1)},${most === null ? '' : most - 1}}`;
    // eslint-disable-next-line altiplano/no-loose-text -- a rule of the grammar
    const list = `${item} ws ${rest}`;
    return `"[" ws ${least === 0 ? `(${list})?` : list} "]"`;
  }

  #object(schema: Schema, where: string): string {
    const properties = isSchema(schema['properties']) ? Object.entries(schema['properties']) : [];
    const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
    for (const name of required) {
      if (!properties.some(([known]) => known === name)) {
        throw new SchemaError(
          t('In {place}: “{name}” is required, but is none of its properties.', {
            place: where,
            name: String(name),
          }),
        );
      }
    }
    const members = properties.map(([name, value]) => ({
      text: `${literal(JSON.stringify(name))} ws ":" ws ${this.#value(value, `“${name}”`)} ws`,
      required: required.has(name),
    }));
    // Without properties any are meant; with some, no more than those, which is what people mean by a list of them.
    const more = schema['additionalProperties'] ?? true;
    if (isSchema(more) && members.length > 0) {
      throw new SchemaError(
        t(
          'In {place}: “additionalProperties” beside “properties” can’t be turned into a grammar; set it to false.',
          { place: where },
        ),
      );
    }
    if (more !== false && members.length === 0) {
      const member = `string ws ":" ws ${this.#value(more, t('the further properties of {place}', { place: where }))} ws`;
      return `"{" ws (${member} ("," ws ${member})*)? "}"`;
    }
    return `"{" ws ${this.#members(members)} "}"`;
  }

  /** The members in order, with commas between those that are written. */
  #members(members: readonly { readonly text: string; readonly required: boolean }[]): string {
    /** What may follow once a member is written. */
    const after = (index: number): string =>
      members
        .slice(index)
        .map(({ text, required }) => (required ? `"," ws ${text}` : `("," ws ${text})?`))
        .join(' ');
    const firstRequired = members.findIndex(({ required }) => required);
    const last = firstRequired < 0 ? members.length - 1 : firstRequired;
    // One alternative for each member that may be the first one written.
    const starts = members.slice(0, last + 1).map(({ text }, index) => `${text} ${after(index + 1)}`);
    if (starts.length === 0) return '';
    return firstRequired < 0 ? `${group(starts)}?` : group(starts);
  }

  #reference(path: string, where: string): string {
    const known = this.#references.get(path);
    if (known !== undefined) return known;
    const name = `ref-${this.#references.size + 1}`;
    this.#references.set(path, name);
    if (!path.startsWith('#')) {
      throw new SchemaError(t('In {place}: “{path}” points outside this schema.', { place: where, path }));
    }
    let target: unknown = this.#root;
    for (const part of path.split('/').slice(1)) {
      target = isSchema(target) ? target[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
    }
    if (target === undefined)
      throw new SchemaError(
        t('In {place}: “{path}” points to nothing in this schema.', { place: where, path }),
      );
    this.#rules.set(name, this.#value(target, `“${path}”`));
    return name;
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The type that a schema means when it names none. */
function guessType(schema: Schema): string | undefined {
  if ('properties' in schema || 'required' in schema) return 'object';
  return 'items' in schema || 'prefixItems' in schema ? 'array' : undefined;
}

/** @throws SchemaError at a keyword that would be left out */
function allow(schema: Schema, where: string, keywords: readonly string[]): void {
  const other = Object.keys(schema).find((keyword) => !remarks.has(keyword) && !keywords.includes(keyword));
  if (other !== undefined) {
    throw new SchemaError(
      t('In {place}: “{keyword}” can’t be turned into a grammar here; take it out.', {
        place: where,
        keyword: other,
      }),
    );
  }
}

function amount(schema: Schema, keyword: string, where: string): number | null {
  const value = schema[keyword];
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2000) return value;
  throw new SchemaError(
    t('In {place}: “{keyword}” must be a whole number from 0 to 2000.', { place: where, keyword }),
  );
}

function repetitions(schema: Schema, least: string, most: string, where: string): string {
  const [from, to] = [amount(schema, least, where) ?? 0, amount(schema, most, where)];
  if (to !== null && to < from)
    throw new SchemaError(
      t('In {place}: “{most}” is smaller than “{least}”.', { place: where, most, least }),
    );
  return from === 0 && to === null ? '*' : `{${from},${to ?? ''}}`;
}

const group = (alternatives: readonly string[]) =>
  alternatives.length === 1 ? alternatives[0]! : `(${alternatives.join(' | ')})`;

/** A text as GBNF writes it. */
function literal(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replace(/[\n\r\t]/g, (sign) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[sign]!)}"`;
}
