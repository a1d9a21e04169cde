/** Owns the types of the KV cache; free of imports, so that the page stays small. */

/** Those that llama.cpp takes on every backend; the quantised ones need less memory. */
export const kvTypes = ['f16', 'q8_0', 'q4_0'] as const;
export type KvType = (typeof kvTypes)[number];
