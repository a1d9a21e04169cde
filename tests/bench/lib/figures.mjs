/** Owns what every bench says of its figures: their middle, and the machine they come from. */
import { cpus } from 'node:os';

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

export const machine = () => `${cpus()[0]?.model}, ${cpus().length} cores`;
