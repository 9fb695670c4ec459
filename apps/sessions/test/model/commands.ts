import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { choice, operationOf, type Choice, type Known } from './choices.js';
import type { Tenant } from './instances.js';
import { apply, type Operation, type Result } from './operations.js';
import { viewIn, viewOf } from './views.js';
import type { World } from './tree.js';

/** One operation, or up to three at the same time. */
export const commands = (maxCommands: number): fc.Arbitrary<Iterable<fc.AsyncCommand<Known, Tenant>>> =>
  fc.commands(
    [
      choice.map((one) => new Step([one])),
      fc.array(choice, { minLength: 2, maxLength: 3 }).map((several) => new Step(several)),
    ],
    { maxCommands, size: 'max' },
  );

/**
 * Does what was chosen at the same time, through either instance. What was answered and what is there afterwards has to be
 * what the model comes to in one of the orders in which it could have been done.
 */
class Step implements fc.AsyncCommand<Known, Tenant> {
  private done: readonly Operation[] = [];

  constructor(private readonly choices: readonly Choice[]) {}

  check(): boolean {
    return true;
  }

  async run(known: Known, real: Tenant): Promise<void> {
    this.done = this.choices.map((one) => operationOf(known, one));
    const results = await Promise.all(this.done.map((operation) => real.do(operation)));
    const view = await viewIn(real);
    const explained = orders(this.done).find((order) => {
      const { world, given } = applyAll(known.world, order);
      return (
        this.done.every((operation, index) => given.get(operation) === results[index]) &&
        isDeepStrictEqual(viewOf(world), view)
      );
    });
    if (!explained) throw new Unexplained(known.world, this.done, results, view);
    known.world = applyAll(known.world, explained).world;
  }

  toString(): string {
    return this.done.length > 0
      ? this.done.map((one) => JSON.stringify(one)).join(' | ')
      : JSON.stringify(this.choices);
  }
}

/** No order of the operations comes to what was seen. */
class Unexplained extends Error {
  constructor(before: World, operations: readonly Operation[], results: readonly Result[], view: unknown) {
    const expected = applyAll(before, operations);
    const text = (value: unknown) => JSON.stringify(value, null, 1);
    super(
      [
        `done: ${text(operations)}`,
        `answered: ${text(results)}`,
        `the model answers: ${text(operations.map((one) => expected.given.get(one)))}`,
        `there is: ${text(view)}`,
        `the model has: ${text(viewOf(expected.world))}`,
      ].join('\n'),
    );
  }
}

function applyAll(before: World, operations: readonly Operation[]) {
  const given = new Map<Operation, Result>();
  const world = operations.reduce((at, operation) => {
    const [after, result] = apply(at, operation);
    given.set(operation, result);
    return after;
  }, before);
  return { world, given };
}

function orders<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, index) => orders(items.toSpliced(index, 1)).map((rest) => [first, ...rest]));
}
