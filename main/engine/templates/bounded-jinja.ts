/** Owns running a chat template that came with a file: nobody vouches for it, so its work and its size have bounds. */
import { t } from '../../../preload/contract/language.js';
import { createContext, Script } from 'node:vm';
import { Environment, Interpreter, Template } from '@huggingface/jinja';
import { AppError } from '../../../preload/contract/errors.js';

type Node = Parameters<Interpreter['evaluate']>[0];
type Value = ReturnType<Interpreter['evaluate']>;

const limits = {
  sourceLength: 512 * 1024,
  /** Steps, and entries of the lists that they make; the templates in use take some dozens for each message. */
  work: 3_000_000,
  /** Letters that cost as much as a step. */
  lettersPerStep: 256,
  range: 100_000,
  /** For what the counting does not see, such as lists that are written out many times over. */
  timeMs: 2000,
};

export type JinjaTemplate = (variables: Readonly<Record<string, unknown>>) => string;

/**
 * Reads a template in the Jinja of Hugging Face's chat templates.
 * @returns renders it; throws AppError template-failed when the template refuses, fails or does not end
 * @throws AppError template-failed when it can't be read
 */
export function readJinja(source: string): JinjaTemplate {
  if (source.length > limits.sourceLength) throw failed(t('it is too long'));
  const template = guarded(() => new Template(source));
  return (variables) =>
    guarded(() => {
      const environment = new Environment();
      for (const [name, value] of Object.entries({ ...globals, ...variables })) environment.set(name, value);
      return String(new BoundedInterpreter(environment).run(template.parsed).value);
    });
}

class BoundedInterpreter extends Interpreter {
  #work = 0;

  override evaluate(node: Node, environment: Environment): Value {
    const value: Value | undefined = super.evaluate(node, environment);
    this.#work += 1 + (node !== undefined && naming.has(node.type) ? 0 : sizeOf(value?.value));
    if (this.#work > limits.work) throw endless();
    return value;
  }
}

/** What only names a value that is there already: a loop may do it with all messages for each of them. */
const naming: ReadonlySet<string> = new Set(['Identifier', 'MemberExpression']);

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length / limits.lettersPerStep;
  return Array.isArray(value) ? value.length : 0;
}

/** What templates may call, as Hugging Face documents it for chat templates; Python's names for the constants too. */
const globals = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  range,
  strftime_now: (format: string) => strftime(new Date(), format),
  raise_exception: (message: unknown) => {
    throw new AppError({
      code: 'template-failed',
      message: t('The model’s template refuses this conversation: {reason}', { reason: String(message) }),
      hint: t(
        'Change what it refuses, such as the system prompt, or choose another template under Parameters.',
      ),
    });
  },
};

function range(from: number, to?: number, step = 1): number[] {
  const [start, end] = to === undefined ? [0, from] : [from, to];
  const length = Math.max(0, Math.ceil((end - start) / step));
  if (!(length <= limits.range)) throw endless();
  return Array.from({ length }, (_, index) => start + index * step);
}

/** The fields of Python's strftime that templates use. */
function strftime(date: Date, format: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const name = (options: Intl.DateTimeFormatOptions) => date.toLocaleString('en-US', options);
  const fields: Readonly<Record<string, string>> = {
    '%Y': String(date.getFullYear()),
    '%m': two(date.getMonth() + 1),
    '%d': two(date.getDate()),
    '%b': name({ month: 'short' }),
    '%B': name({ month: 'long' }),
    '%A': name({ weekday: 'long' }),
    '%H': two(date.getHours()),
    '%M': two(date.getMinutes()),
    '%S': two(date.getSeconds()),
    '%%': '%',
  };
  return format.replace(/%./g, (field) => fields[field] ?? field);
}

/** The work in hand, as the script sees it: a script is what V8 can end in the middle. */
const room: { work: () => void } = { work: () => undefined };
const context = createContext(room);
const script = new Script('work()');

/** Runs with a limit of time. @throws AppError template-failed, whatever was thrown */
function guarded<T>(work: () => T): T {
  const results: T[] = [];
  room.work = () => void results.push(work());
  try {
    script.runInContext(context, { timeout: limits.timeMs });
    return results[0]!;
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    // An error of the script's own world: none of this one's class.
    const { code } = Object(thrown) as { code?: unknown };
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw endless();
    throw failed(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function endless(): AppError {
  return failed(t('it does not come to an end'));
}

function failed(why: string): AppError {
  return new AppError({
    code: 'template-failed',
    message: t('The template in the model file can’t be used: {problem}.', {
      problem: why.replace(/\.$/, ''),
    }),
    hint: t('Choose another template under Parameters.'),
    details: why,
  });
}
