/** Owns a failure as a line of the log: what kind it is and where in the program it came from; never its words, which quote texts, names and paths. Pure. */

const kind = /^\w{1,40}$/;
const code = /^[\w-]{1,40}$/;
/** A frame of V8's stacks, in a file of a program; the folders above it are the user's. */
const frame = /^ +at (?:(?:async )?([\w.<>#$ [\]]{1,80}) \()?.*?([\w.-]{1,60}\.[cm]?js:\d+:\d+)\)?$/;
const mostFrames = 12;

/** @param thrown null where the part says it all @param where our own word for the part of the program @param at when it happened, in ms */
export function problemLine(where: string, thrown: unknown, at: number): string {
  const head = `${new Date(at).toISOString()} [${where}]`;
  if (thrown === null) return head;
  return `${head} ${thrown instanceof Error ? errorWords(thrown) : typeof thrown}`;
}

function errorWords(error: Error): string {
  const { name, cause } = error;
  const given = 'code' in error ? String(error.code) : '';
  const words = [
    kind.test(name) ? name : 'Error',
    ...(code.test(given) ? [given] : []),
    ...framesOf(error).map((one) => `at ${one}`),
    ...(cause instanceof Error && cause !== error ? ['from', errorWords(cause)] : []),
  ];
  return words.join(' ');
}

function framesOf({ stack = '', message }: Error): string[] {
  // The stack begins with the message, and lines of that may look like frames.
  const start = stack.indexOf(message);
  const frames = start < 0 ? '' : stack.slice(start + message.length);
  return frames
    .split('\n')
    .flatMap((line) => {
      const [, call, place] = frame.exec(line) ?? [];
      return place === undefined ? [] : [call === undefined ? place : `${call} (${place})`];
    })
    .slice(0, mostFrames);
}
