import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  branchesBeside,
  leavesOf,
  parentsOf,
  pathTo,
  type TreeNode,
} from '../../../../../main/exchange/export/tree.js';

const node = (id: string, parentId: string | null = null): TreeNode => ({ id, parentId });

/** Trees, and forests: each message follows an earlier one, or begins a path. */
const trees = fc
  .array(fc.nat(), { minLength: 1, maxLength: 40 })
  .map((choices) =>
    choices.map((choice, index) =>
      node(`${index}`, choice % (index + 1) === index ? null : `${choice % (index + 1)}`),
    ),
  );

describe('the order of a tree', () => {
  it('tells every message once, each branch after what it follows', () => {
    fc.assert(
      fc.property(trees, fc.nat(), (nodes, end) => {
        const path = pathTo(parentsOf(nodes), nodes[end % nodes.length]!.id);
        const told = [path, ...branchesBeside(nodes, path).map(({ ids }) => ids)];
        expect(told.flat().sort()).toEqual(nodes.map(({ id }) => id).sort());
        const parents = new Map(nodes.map(({ id, parentId }) => [id, parentId]));
        for (const ids of told) {
          ids.forEach((id, index) => index > 0 && expect(parents.get(id)).toBe(ids[index - 1]));
        }
      }),
    );
  });

  it('says where a branch stands in its own path', () => {
    const nodes = [node('a'), node('b', 'a'), node('c', 'b'), node('d', 'b'), node('e', 'd'), node('f', 'd')];
    expect(branchesBeside(nodes, pathTo(parentsOf(nodes), 'c'))).toEqual([
      { ids: ['d', 'f'], firstPosition: 3 },
      { ids: ['e'], firstPosition: 4 },
    ]);
    expect(leavesOf(nodes)).toEqual(['c', 'e', 'f']);
  });

  it('ends where a damaged record points back or nowhere', () => {
    const nodes = [node('a', 'b'), node('b', 'a'), node('c', 'gone')];
    expect(pathTo(parentsOf(nodes), 'a')).toEqual(['b', 'a']);
    expect(pathTo(parentsOf(nodes), 'c')).toEqual(['c']);
    expect(branchesBeside(nodes, ['c']).flatMap(({ ids }) => ids)).toEqual(['a', 'b']);
    expect(pathTo(parentsOf(nodes), null)).toEqual([]);
  });
});
