/** Owns what the set-up prints: one line for each step, on standard error so that `npm run chat` can be piped. */

export const say = (text) => process.stderr.write(`${text}\n`);

/** A line that is written again as a step goes on; plain lines at each tenth where output is no terminal. */
export function progressLine(label) {
  let last = -1;
  return (fraction) => {
    const percent = Math.floor(fraction * 100);
    if (percent === last || (!process.stderr.isTTY && percent % 10 !== 0)) return;
    last = percent;
    process.stderr.write(
      process.stderr.isTTY
        ? `\r${label} ${percent} %${percent === 100 ? '\n' : ''}`
        : `${label} ${percent} %\n`,
    );
  };
}

/** A problem that the person at the terminal can mend; printed without a stack. */
export class SetupError extends Error {}

/** Runs the main function of a script and ends the process with its exit code. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`\nAltiplano: ${error.message}`);
    process.exitCode = 1;
  }
}
