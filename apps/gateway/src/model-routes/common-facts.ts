import { factNames, type ModelFacts } from '@parley/llm';

type Fact = ModelFacts[keyof ModelFacts];

/** What holds of all models: the smaller window, and what each of them can do. What is not known of one is not known of all. */
export function commonFacts(models: readonly ModelFacts[]): ModelFacts {
  const common = factNames.map((name) => [name, commonOf(models.map((facts) => facts[name]))] as const);
  return Object.fromEntries(common.filter(([, fact]) => fact !== undefined));
}

function commonOf([first, ...others]: readonly Fact[]): Fact {
  return others.reduce(both, first);
}

function both(a: Fact, b: Fact): Fact {
  if (typeof a === 'number' && typeof b === 'number') return Math.min(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return a && b;
  if (Array.isArray(a) && Array.isArray(b)) return a.filter((one) => b.includes(one));
  return undefined;
}
