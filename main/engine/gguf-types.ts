/** Owns the numbers of GGUF's types: block sizes of tensors and names of file types (ggml.h and llama.h of llama.cpp). */

/** ggml type → [elements in a block, bytes of a block]. */
const blocks: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 4], // F32
  1: [1, 2], // F16
  2: [32, 18], // Q4_0
  3: [32, 20], // Q4_1
  6: [32, 22], // Q5_0
  7: [32, 24], // Q5_1
  8: [32, 34], // Q8_0
  9: [32, 36], // Q8_1
  10: [256, 84], // Q2_K
  11: [256, 110], // Q3_K
  12: [256, 144], // Q4_K
  13: [256, 176], // Q5_K
  14: [256, 210], // Q6_K
  15: [256, 292], // Q8_K
  24: [1, 1], // I8
  25: [1, 2], // I16
  26: [1, 4], // I32
  27: [1, 8], // I64
  28: [1, 8], // F64
  30: [1, 2], // BF16
};

/** `GGML_TYPE_COUNT` of the bundled release, and the types that were taken out of it. */
const typeCount = 43;
const removedTypes: ReadonlySet<number> = new Set([4, 5, 31, 32, 33, 36, 37, 38]);

export function isKnownType(type: number): boolean {
  return type < typeCount && !removedTypes.has(type);
}

/** Elements of a block, which rows are made of; 1 for a type whose blocks are not known here. */
export function blockElements(type: number): number {
  return blocks[type]?.[0] ?? 1;
}

/** Bytes of a tensor; 0 for a type that is not known here, so that newer files are not called truncated. */
export function tensorBytes(type: number, elements: number): number {
  const block = blocks[type];
  return block === undefined ? 0 : Math.ceil(elements / block[0]) * block[1];
}

export const fileTypeNames: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  32: 'BF16',
};
