/** Owns which licences the packages may have that this one is made of; reads what the lock file says of each. */

/** What may be given away within the app. */
const free = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  '0BSD',
  'CC0-1.0',
  'Unlicense',
];
/** And what only helps to build and test it. */
const atWork = [...free, 'MPL-2.0', 'Python-2.0', 'WTFPL'];

/** Packages of one system each, of which the lock file names no licence: they are parts of these, which do. */
const partsOf = { '@oxc-parser/binding-': 'oxc-parser', '@node-llama-cpp/': 'node-llama-cpp' };

/**
 * @param lock the contents of package-lock.json
 * @returns a sentence for each package whose licence is missing or not allowed
 */
export function licenceProblems({ packages }) {
  return Object.entries(packages).flatMap(([path, { license, dev = false }]) => {
    if (path === '') return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const whole = Object.entries(partsOf).find(([start]) => name.startsWith(start))?.[1];
    const licence = license ?? packages[`node_modules/${whole}`]?.license;
    if (licence === undefined) return [`${name} names no licence`];
    return isAllowed(licence, dev ? atWork : free) ? [] : [`${name} has the licence ${licence}`];
  });
}

/** An SPDX expression: one of those joined by OR, all of those joined by AND. */
function isAllowed(expression, allowed) {
  return expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => allowed.includes(one)));
}
