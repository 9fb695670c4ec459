import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import type { ModelRouteReport, TokenCounts } from '@parley/contracts';
import { Clock, Metrics, type CounterChild, type Labelled } from '@parley/service-kit';
import type { CallEnd, OpenCall } from '../usage/call-records.js';
import type { StoredRoute, TenantRoute } from './model-route.js';

const hourMs = 3_600_000;
/** Hours that a report is of, the one that has begun besides. */
const hours = 24;

/** A route’s calls of one hour, by target and counter. */
const keyOf = (tenantId: string, { revision }: Pick<TenantRoute, 'revision'>, hour: number): string =>
  `parley:gateway:model-routes:${tenantId}:${revision}:${hour}`;

type PromptCache = NonNullable<ModelRouteReport['prompt_cache']>;
type Target = PromptCache['targets'][number];

/**
 * How much of their prompts routed calls found in the providers’ caches. The counts are in Redis, where all gateways add to
 * them and where they may be lost: nobody waits for them, and nothing is paid by them.
 */
@Injectable()
export class CacheRates {
  private readonly promptTokens: Labelled<'strategy' | 'source', CounterChild>;

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.promptTokens = metrics.counter({
      name: 'model_route_prompt_tokens_total',
      help: 'Tokens that routed calls gave models to read, from the provider’s cache or anew',
      labels: ['strategy', 'source'],
    });
  }

  /** The call, whose answer is counted along with its record. */
  counting(tenantId: string, route: TenantRoute, call: OpenCall): OpenCall {
    return {
      ...call,
      record: (end) => {
        // What was estimated says nothing of a cache.
        if (!end.estimated && end.outcome === 'completed') this.count(tenantId, route, end);
        return call.record(end);
      },
    };
  }

  /** Of the calls since the route got its revision, 24 hours at most; null where Redis cannot be asked. */
  async report(tenantId: string, route: StoredRoute): Promise<PromptCache | null> {
    const now = this.clock.now();
    const since = Math.max(route.updatedAt.getTime(), hourOf(now - hours * hourMs) * hourMs);
    try {
      const counts = await this.redis.run(async (client) => {
        const read = Array.from({ length: hourOf(now) - hourOf(since) + 1 }, (_, index) =>
          client.hgetall(keyOf(tenantId, route, hourOf(since) + index)),
        );
        return Promise.all(read);
      });
      const targets = targetsIn(counts);
      return { since: new Date(since).toISOString(), ...total(targets), targets };
    } catch {
      return null;
    }
  }

  private count(tenantId: string, route: TenantRoute, { provider, asked, provider_model, tokens }: CallEnd): void {
    const prompt = promptOf(tokens);
    this.promptTokens.with({ strategy: route.strategy, source: 'cache' }).inc(tokens.cache_read);
    this.promptTokens.with({ strategy: route.strategy, source: 'provider' }).inc(prompt - tokens.cache_read);
    const key = keyOf(tenantId, route, hourOf(this.clock.now()));
    const target = `${provider}/${asked ?? provider_model}`;
    void this.redis
      .run((client) =>
        client
          .pipeline()
          .hincrby(key, `calls ${target}`, 1)
          .hincrby(key, `prompt ${target}`, prompt)
          .hincrby(key, `read ${target}`, tokens.cache_read)
          .pexpire(key, (hours + 1) * hourMs)
          .exec(),
      )
      .catch(() => undefined);
  }
}

const hourOf = (ms: number): number => Math.floor(ms / hourMs);

/** The classes do not overlap. */
const promptOf = ({ input, cache_read, cache_write }: TokenCounts): number => input + cache_read + cache_write;

const rate = (read: number, prompt: number): number | null => (prompt === 0 ? null : read / prompt);

/** The hours’ counts by target, those with the most calls first. */
function targetsIn(hourly: readonly Readonly<Record<string, string>>[]): Target[] {
  const sums = new Map<string, Record<string, number>>();
  for (const [field, value] of hourly.flatMap((counts) => Object.entries(counts))) {
    const [counter = '', target = ''] = field.split(' ');
    const sum = sums.get(target) ?? {};
    sums.set(target, { ...sum, [counter]: (sum[counter] ?? 0) + Number(value) });
  }
  return [...sums]
    .map(([target, { calls = 0, prompt = 0, read = 0 }]) => {
      const slash = target.indexOf('/');
      const served = { provider: target.slice(0, slash), model: target.slice(slash + 1) };
      return { ...served, calls, prompt_tokens: prompt, cache_read_tokens: read, hit_rate: rate(read, prompt) };
    })
    .sort((a, b) => b.calls - a.calls);
}

function total(targets: readonly Target[]): Omit<PromptCache, 'since' | 'targets'> {
  const sum = (of: (target: Target) => number) => targets.reduce((all, target) => all + of(target), 0);
  const prompt = sum(({ prompt_tokens }) => prompt_tokens);
  const read = sum(({ cache_read_tokens }) => cache_read_tokens);
  return {
    calls: sum(({ calls }) => calls),
    prompt_tokens: prompt,
    cache_read_tokens: read,
    hit_rate: rate(read, prompt),
  };
}
