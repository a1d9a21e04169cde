/** Owns the schemas of the parameters' values, all of them and some of them; what is wrong with a value is said elsewhere. */
import { z } from 'zod';
import { valueProblem } from './parameter-values.js';
import { parameters, type Parameter, type Sampling } from './parameters.js';
import { completeOrder } from './sampler-stages.js';

function valueSchema(parameter: Parameter): z.ZodType {
  const value = z.unknown().superRefine((given, context) => {
    const problem = valueProblem(parameter, given);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });
  return parameter.kind === 'order'
    ? value.transform((names) => completeOrder(names as readonly string[]))
    : value;
}

const valueSchemas = Object.fromEntries(
  Object.entries(parameters).map(([name, parameter]) => [name, valueSchema(parameter)]),
) as { readonly [P in keyof Sampling]: z.ZodType<Sampling[P], Sampling[P]> };

/** Some of the parameters; what is missing is left as it is elsewhere. */
export const someSamplingSchema = z
  .object(valueSchemas)
  .partial()
  .transform((values) => values as Partial<Sampling>);

export const samplingSchema = z.object(
  Object.fromEntries(
    Object.entries(valueSchemas).map(([name, schema]): [string, unknown] => [
      name,
      (schema as z.ZodType).default(parameters[name as keyof Sampling].default),
    ]),
  ) as { [P in keyof Sampling]: z.ZodType<Sampling[P], Sampling[P] | undefined> },
);

/** What a level says by itself: a preset, a system prompt (null = nothing), and single parameters over the preset. */
export const levelSchema = z.object({
  presetId: z.string().max(64).nullable().default(null),
  systemPrompt: z.string().max(100_000).nullable().default(null),
  sampling: someSamplingSchema.default({}),
});
