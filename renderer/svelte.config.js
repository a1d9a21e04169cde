/** Svelte compiles in runes mode only. */
export default { compilerOptions: { runes: true } };
