/** Owns turning a name from the web into one that is safe in the models folder on every system; never touches the disk. */

const maxNameBytes = 200;
// Microsoft's "Naming Files, Paths, and Namespaces".
const reservedName = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\.|$)/i;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const unsafe = /[\u0000-\u001f\u007f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A plain file name: without folders, characters that a system refuses, marks that turn the direction of text, and
 * names that mean a device; at most 200 bytes long, its ending kept.
 */
export function safeFileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const clean = last
    .normalize('NFC')
    .replace(unsafe, '_')
    // A part file is never a model, and a hidden one is never seen.
    .replace(/(\.part)+$/i, '')
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '')
    .trim();
  const named = clean === '' ? 'model.gguf' : clean;
  return shortened(reservedName.test(named) ? `_${named}` : named);
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  const [, stem = name, ending = ''] = /^(.*?)((?:-\d{5}-of-\d{5})?(?:\.\w{1,10})?)$/s.exec(name) ?? [];
  let short = stem;
  while (Buffer.byteLength(short + ending) > maxNameBytes) short = [...short].slice(0, -1).join('');
  return short + ending;
}
