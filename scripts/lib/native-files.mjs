/** Owns telling for which system and processor a native file was made, by its first bytes. */

/** e_machine of ELF, Machine of PE/COFF, cputype of Mach-O. */
const elf = { 62: 'x64', 183: 'arm64', 40: 'arm', 3: 'ia32' };
const pe = { 0x8664: 'x64', 0xaa64: 'arm64', 0x14c: 'ia32' };
const mach = { 0x01000007: 'x64', 0x0100000c: 'arm64' };

/**
 * @param head the first 1,024 bytes of a file, or all of it
 * @returns `linux-x64`, `darwin-arm64` …; null for what is no native file
 */
export function nativeTarget(head) {
  if (head.length < 64) return null;
  if (head.readUInt32BE(0) === 0x7f454c46) return `linux-${elf[head.readUInt16LE(18)] ?? 'other'}`;
  if (head.readUInt32LE(0) === 0xfeedfacf) return `darwin-${mach[head.readUInt32LE(4)] ?? 'other'}`;
  if (head.readUInt32BE(0) === 0xcafebabe) return 'darwin-universal';
  if (head.toString('latin1', 0, 2) !== 'MZ') return null;
  const at = head.readUInt32LE(60);
  if (at + 6 > head.length || head.toString('latin1', at, at + 4) !== 'PE\0\0') return null;
  return `win32-${pe[head.readUInt16LE(at + 4)] ?? 'other'}`;
}
