/** Owns which values a parameter can have, and what is wrong with others; free of zod, so that the page stays small. */
import { t } from './language.js';
import { parameters, type Parameter, type ParameterName, type Sampling } from './parameters.js';
import { textFormats } from './text-formats.js';

const mostCharacters = 100_000;

export function isParameter(name: string): name is ParameterName {
  return Object.hasOwn(parameters, name);
}

/** @returns what is wrong, in a sentence for the user; null when the parameter can have this value */
export function valueProblem(parameter: Parameter, value: unknown): string | null {
  switch (parameter.kind) {
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return t('This must be a number.');
      if (value < parameter.min || value > parameter.max)
        return t('This goes from {min} to {max}.', { min: parameter.min, max: parameter.max });
      return parameter.integer === true && !Number.isInteger(value)
        ? t('This must be a whole number.')
        : null;
    }
    case 'toggle':
      return typeof value === 'boolean' ? null : t('This is either on or off.');
    case 'text':
      if (typeof value !== 'string') return t('This must be a text.');
      if (value.length > mostCharacters)
        return t('This text is longer than {count} characters.', { count: mostCharacters });
      return textFormats[parameter.format](value);
    case 'order':
      return Array.isArray(value) && value.every((stage) => typeof stage === 'string')
        ? null
        : t('This must be a list of samplers.');
  }
}

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Of a record from outside, the values that parameters of their names can have. */
export function fittingValues(values: Readonly<Record<string, unknown>>): Partial<Sampling> {
  const fitting = Object.entries(values).filter(
    ([name, value]) => isParameter(name) && valueProblem(parameters[name], value) === null,
  );
  return Object.fromEntries(fitting) as Partial<Sampling>;
}
