import type { Model } from '../provider.js';
import { factNames, type ModelFacts } from './facts.js';
import { shippedFactsOf } from './shipped.js';

/** Facts, and nothing in the place of those that nobody knows. */
type KnownFacts = { readonly [Name in keyof ModelFacts]?: NonNullable<ModelFacts[Name]> };

/** Where facts of a model come from, those that count most first. */
export interface FactSource {
  readonly from: 'configuration' | 'provider' | 'shipped';
  /** Of a shipped sheet: where its facts were published, and on which day they were read. */
  readonly source?: string;
  readonly as_of?: string;
  readonly facts: ModelFacts;
}

export interface Capabilities {
  readonly facts: KnownFacts;
  /** Each with the facts that are taken from it. */
  readonly sources: readonly FactSource[];
}

type Described = Pick<Model, 'id' | 'facts' | 'configured'> & { readonly provider?: string };

function* sourcesOf({ id, provider, configured, facts }: Described): Generator<FactSource> {
  if (configured) yield { from: 'configuration', facts: configured };
  if (facts) yield { from: 'provider', facts };
  const prefix = `${provider ?? ''}/`;
  const shipped = shippedFactsOf(id.startsWith(prefix) ? id.slice(prefix.length) : id);
  if (shipped)
    yield { from: 'shipped', source: shipped.sheet.source, as_of: shipped.sheet.as_of, facts: shipped.facts };
}

/** What is known of a model, which may be named with its provider before a slash: the operator's word before the provider's list, and that before what is shipped. */
export function capabilitiesOf(model: Described): Capabilities {
  const taken = new Set<keyof ModelFacts>();
  const sources = [...sourcesOf(model)].flatMap(({ facts, ...source }) => {
    const given = factNames.filter((name) => facts[name] !== undefined && !taken.has(name));
    for (const name of given) taken.add(name);
    const own = Object.fromEntries(given.map((name) => [name, facts[name]])) as ModelFacts;
    return given.length === 0 ? [] : [{ ...source, facts: own }];
  });
  return { facts: Object.assign({}, ...sources.map(({ facts }) => facts)) as KnownFacts, sources };
}
