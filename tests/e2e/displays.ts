/** Owns which displays the tests have: `npm test` makes one for each that may run at a time. */
const names = process.env['ALTIPLANO_DISPLAYS'] ?? '';

/** None where the tests run on the display at hand, one at a time. */
export const displays = names.split(' ').filter((name) => name !== '');
