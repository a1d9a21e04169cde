/** Owns reading what `npm audit --json` has said. */

/**
 * @param json its output
 * @returns a sentence, and whether there is something to mend: high or critical
 */
export function auditOutcome(json) {
  let counts;
  try {
    counts = JSON.parse(json).metadata.vulnerabilities;
  } catch {
    // Nothing, or an error of the network or the registry.
  }
  if (counts === undefined)
    return { text: 'Not audited: the registry does not answer audits from here.', failed: false };
  const told = ['critical', 'high', 'moderate', 'low'].map((level) => `${counts[level]} ${level}`);
  return { text: `Known weaknesses: ${told.join(', ')}.`, failed: counts.critical + counts.high > 0 };
}
