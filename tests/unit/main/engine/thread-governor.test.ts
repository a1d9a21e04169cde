import { expect, test } from 'vitest';
import { ThreadGovernor } from '../../../../main/engine/thread-governor.js';

/** A machine on which a token takes 100 ms of work, shared by the threads; one of them without a core makes it forty times slower. */
class Machine {
  nowMs = 0;
  #busyCores = 0;
  readonly #cores: number;
  readonly #governor: ThreadGovernor;

  constructor(cores: number) {
    this.#cores = cores;
    this.#governor = new ThreadGovernor(cores, () => this.#busyCores);
  }

  /** Writes tokens while others keep some cores busy; answers how many tokens were written by each count of threads. */
  write(tokens: number, busyCores: number): Map<number, number> {
    this.#busyCores = busyCores;
    const byThreads = new Map<number, number>();
    for (let i = 0; i < tokens; i++) {
      const { threads } = this.#governor;
      const elapsedMs = (100 / threads) * (threads > this.#cores - busyCores ? 40 : 1);
      this.nowMs += elapsedMs;
      byThreads.set(threads, (byThreads.get(threads) ?? 0) + 1);
      this.#governor.observe(1, elapsedMs, this.nowMs);
    }
    return byThreads;
  }
}

test('all cores, for every token, where nothing else runs', () => {
  expect(new Machine(2).write(200, 0)).toEqual(new Map([[2, 200]]));
});

test('fewer threads while another program keeps a core busy, and all again after it', () => {
  const machine = new Machine(2);
  machine.write(100, 0);
  const busy = machine.write(500, 1);
  expect(busy.get(2)!).toBeLessThan(20);
  machine.write(200, 0);
  expect(machine.write(200, 0).get(2)!).toBeGreaterThanOrEqual(199);
});

test('others that were busy from the start are noticed too', () => {
  expect(new Machine(2).write(200, 1).get(2)!).toBeLessThan(12);
});

test('many cores: only those that are taken are given up', () => {
  const machine = new Machine(16);
  machine.write(300, 0);
  machine.write(100, 3);
  const settled = machine.write(500, 3);
  expect(settled.get(13)!).toBeGreaterThan(450);
});

test('a single slow token changes nothing for long', () => {
  const machine = new Machine(2);
  machine.write(100, 0);
  machine.write(1, 1);
  machine.write(20, 0);
  expect(machine.write(100, 0).get(2)!).toBeGreaterThanOrEqual(99);
});

test('one core has one thread', () => {
  expect(new Machine(1).write(100, 0)).toEqual(new Map([[1, 100]]));
});
