import type { CreateModelRouteRequest, ModelRoute, UpdateModelRouteRequest } from '@parley/contracts';
import type { Route } from '@parley/llm';

/** A route as calls are answered by it. */
export interface TenantRoute extends Route {
  readonly hedgeAfterMs: number | null;
  /** Another one after each change: what was measured before says nothing of it. */
  readonly revision: string;
}

/** A route as stored. */
export interface StoredRoute extends TenantRoute {
  readonly name: string;
  readonly targets: CreateModelRouteRequest['targets'];
  readonly createdAt: Date;
  /** When it got its revision. */
  readonly updatedAt: Date;
}

/** What a change or a new route is marked with. */
interface Mark {
  readonly revision: string;
  readonly at: Date;
}

export const newRoute = (
  { name, targets, strategy, hedge_after_ms: hedgeAfterMs }: CreateModelRouteRequest,
  { revision, at }: Mark,
): StoredRoute => ({ name, targets, strategy, hedgeAfterMs, revision, createdAt: at, updatedAt: at });

/** The route with what a request changes of it. */
export const changed = (
  route: StoredRoute,
  { targets = route.targets, strategy = route.strategy, hedge_after_ms: hedgeAfterMs }: UpdateModelRouteRequest,
  { revision, at }: Mark,
): StoredRoute => ({
  ...route,
  targets,
  strategy,
  hedgeAfterMs: hedgeAfterMs === undefined ? route.hedgeAfterMs : hedgeAfterMs,
  revision,
  updatedAt: at,
});

export const toModelRoute = ({ name, targets, strategy, hedgeAfterMs, ...route }: StoredRoute): ModelRoute => ({
  name,
  targets,
  strategy,
  hedge_after_ms: hedgeAfterMs,
  created_at: route.createdAt.toISOString(),
  updated_at: route.updatedAt.toISOString(),
});
