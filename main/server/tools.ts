/**
 * Owns tools for models that were not trained on any form of them: they are told in words what there is, and a grammar
 * holds them to one JSON object, which is either an answer or a call. Runs no tool.
 */
import { z } from 'zod';
import type { Sampling } from '../../preload/contract/parameters.js';
import { badField } from './api-error.js';

export type Tool = {
  readonly name: string;
  readonly description: string;
  /** JSON schema of its arguments. */
  readonly parameters: unknown;
};
/** `none` = as if there were no tools; a name = this one must be called. */
export type ToolChoice = 'none' | 'auto' | 'required' | { readonly name: string };
type Call = { readonly name: string; readonly arguments: unknown };
export type Answer = { readonly text: string; readonly calls: readonly Call[] };

const openAiTools = z.array(
  z.looseObject({
    type: z.literal('function'),
    function: z.looseObject({
      name: z.string().min(1).max(64),
      description: z.string().optional(),
      parameters: z.unknown(),
    }),
  }),
);
const anthropicTools = z.array(
  z.looseObject({
    name: z.string().min(1).max(64),
    description: z.string().optional(),
    input_schema: z.unknown(),
  }),
);

export function openAiToolsOf(body: Readonly<Record<string, unknown>>): {
  tools: Tool[];
  choice: ToolChoice;
} {
  const parsed = openAiTools.safeParse(body['tools'] ?? []);
  if (!parsed.success) throw badField('tools', 'Each is {"type": "function", "function": {"name": …}}.');
  const tools = parsed.data.map(({ function: { name, description = '', parameters } }) => ({
    name,
    description,
    parameters,
  }));
  const asked = body['tool_choice'];
  if (asked === undefined || asked === null || asked === 'auto') return { tools, choice: 'auto' };
  if (asked === 'none' || asked === 'required') return { tools, choice: asked };
  const name = (asked as { function?: { name?: unknown } }).function?.name;
  return { tools, choice: { name: knownName(name, tools) } };
}

export function anthropicToolsOf(body: Readonly<Record<string, unknown>>): {
  tools: Tool[];
  choice: ToolChoice;
} {
  const parsed = anthropicTools.safeParse(body['tools'] ?? []);
  if (!parsed.success) throw badField('tools', 'Each is {"name": …, "input_schema": …}.');
  const tools = parsed.data.map(({ name, description = '', input_schema }) => ({
    name,
    description,
    parameters: input_schema,
  }));
  const asked = (body['tool_choice'] ?? { type: 'auto' }) as { type?: unknown; name?: unknown };
  if (asked.type === 'any') return { tools, choice: 'required' };
  if (asked.type === 'none') return { tools, choice: 'none' };
  return { tools, choice: asked.type === 'tool' ? { name: knownName(asked.name, tools) } : 'auto' };
}

function knownName(name: unknown, tools: readonly Tool[]): string {
  const found = tools.find((tool) => tool.name === name);
  if (found === undefined) throw badField('tool_choice', 'It names no tool of this request.');
  return found.name;
}

/** What tools ask of a reply: what the model is told, and the JSON schema that its text must fit. */
type ToolDemand = { readonly words: string; readonly schema: string };

/** @returns null when there is nothing to call */
export function toolDemand(tools: readonly Tool[], choice: ToolChoice): ToolDemand | null {
  if (tools.length === 0 || choice === 'none') return null;
  const offered = typeof choice === 'object' ? tools.filter(({ name }) => name === choice.name) : tools;
  const list = offered.map(({ name, description, parameters }) =>
    JSON.stringify({ name, description, parameters: parameters ?? {} }),
  );
  const mayAnswer = choice === 'auto';
  const words = [
    'You can call these tools, each with its arguments as this JSON schema has them:',
    ...list,
    'To call one, write {"tool": "its name", "arguments": {…}} and nothing else.',
    ...(mayAnswer ? ['To answer without a tool, write {"answer": "your answer"} and nothing else.'] : []),
  ].join('\n');
  const object = (properties: Readonly<Record<string, unknown>>) => ({
    ...{ type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
  });
  const forms = [
    ...offered.map(({ name, parameters }) =>
      object({ tool: { const: name }, arguments: parameters ?? { type: 'object' } }),
    ),
    ...(mayAnswer ? [object({ answer: { type: 'string' } })] : []),
  ];
  return { words, schema: JSON.stringify(forms.length === 1 ? forms[0] : { anyOf: forms }) };
}

const writtenSchema = z.union([
  z.object({ tool: z.string(), arguments: z.unknown() }),
  z.object({ answer: z.string() }),
]);

/** The parameters that hold a reply to the demand, in place of any other form of it. */
export const withDemand = (usual: Sampling, demand: ToolDemand | null): Sampling =>
  demand === null ? usual : { ...usual, json_schema: demand.schema, grammar_string: '' };

/** What the model wrote under a demand, if there was one. Text that was cut short is no call: it is given as it is. */
export function readAnswer(text: string, demand: ToolDemand | null): Answer {
  if (demand === null) return { text, calls: [] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { text, calls: [] };
  }
  const written = writtenSchema.safeParse(json);
  if (!written.success) return { text, calls: [] };
  return 'answer' in written.data
    ? { text: written.data.answer, calls: [] }
    : { text: '', calls: [{ name: written.data.tool, arguments: written.data.arguments ?? {} }] };
}

/** A call of an earlier turn, as the model wrote it. @param args JSON */
export const callText = (name: string, args: string): string =>
  `{"tool": ${JSON.stringify(name)}, "arguments": ${args}}`;
