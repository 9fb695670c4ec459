/** A model that may answer, by any name that the router knows. */
export interface RouteTarget {
  readonly model: string;
  /** Its share among the targets, where they share; default 1. With 0 it is asked when the others fail. */
  readonly weight?: number | undefined;
}

/**
 * Who is asked first; the others follow when that fails. `ordered`: the first that is named. `weighted`: one at random, by
 * weight. `fastest`: the one that has lately answered soonest. `cache_affinity`: the same for questions that begin alike,
 * so that the provider has their beginning in its prompt cache; by weight among questions that do not.
 */
export type RouteStrategy = 'ordered' | 'weighted' | 'fastest' | 'cache_affinity';

/** Models that answer one name, and how one of them is chosen. */
export interface Route {
  readonly targets: readonly RouteTarget[];
  readonly strategy: RouteStrategy;
}
