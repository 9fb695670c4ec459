import { Injectable } from '@nestjs/common';
import { Directory, type Instance } from '@parley/discovery';
import { bulkhead, circuitBreaker, RetryBudget, type CircuitBreaker, type PolicyEvent } from '@parley/resilience';
import { Clock, Log } from '@parley/service-kit';
import { Pool } from 'undici';
import { blames } from '../failure.js';
import { ServiceClientOptions } from '../options.js';
import { BreakerRules } from './breaker-rules.js';
import type { Target } from './target.js';

/** How long a TCP connection may take to open. */
const connectTimeoutMs = 2_000;
/** How long a request waits for a connection before it is refused. */
const queueTimeoutMs = 2_000;

/** What is kept per instance and per service: connections, breakers, retry budgets. Instances that are gone are let go. */
@Injectable()
export class Targets {
  private readonly targets = new Map<string, Target>();
  private readonly budgets = new Map<string, RetryBudget>();

  constructor(
    private readonly directory: Directory,
    private readonly options: ServiceClientOptions,
    private readonly rules: BreakerRules,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    rules.onChange(() => {
      for (const target of this.targets.values()) target.breaker = this.newBreaker(target.instance);
    });
  }

  [Symbol.iterator](): Iterator<Target> {
    return this.targets.values();
  }

  of(instance: Instance): Target {
    const key = `${instance.id} ${instance.origin}`;
    const known = this.targets.get(key);
    if (known) return known;
    this.letGo();
    const target = this.newTarget(instance);
    this.targets.set(key, target);
    return target;
  }

  /** Retries of all calls to a service may make up a fifth of them, and one a second besides. */
  budget(service: string): RetryBudget {
    const known = this.budgets.get(service);
    if (known) return known;
    const budget = new RetryBudget({ ratio: 0.2, minPerSecond: 1, clock: this.clock });
    this.budgets.set(service, budget);
    return budget;
  }

  async close(): Promise<void> {
    await Promise.all([...this.targets.values()].map(({ pool }) => pool.destroy()));
    this.targets.clear();
  }

  private newTarget(instance: Instance): Target {
    const { connections } = this.options;
    return {
      instance,
      breaker: this.newBreaker(instance),
      bulkhead: bulkhead({
        name: instance.service,
        maxConcurrent: connections,
        maxQueued: connections,
        queueTimeoutMs,
        clock: this.clock,
      }),
      pool: new Pool(instance.origin, {
        connections,
        pipelining: 1,
        allowH2: false,
        connect: { timeout: connectTimeoutMs, noDelay: true },
        // Each request brings its own limits.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
    };
  }

  private newBreaker(instance: Instance): CircuitBreaker {
    const breaker = circuitBreaker({
      name: `${instance.service}/${instance.id}`,
      ...this.rules.current,
      isFailure: blames,
      clock: this.clock,
    });
    breaker.on((event) => {
      this.tell(instance, event);
    });
    return breaker;
  }

  private tell(instance: Instance, event: PolicyEvent): void {
    if (event.kind !== 'breaker.changed') return;
    const { from, to } = event;
    this.log.warn({ service: instance.service, instance: instance.id, from, to }, 'the breaker of an instance changed');
  }

  /** Requests under way end first. */
  private letGo(): void {
    for (const [key, { instance, pool }] of this.targets) {
      const listed = this.directory.instances(instance.service);
      if (listed.some(({ id, origin }) => id === instance.id && origin === instance.origin)) continue;
      this.targets.delete(key);
      void pool.close();
    }
  }
}
