import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LiveConfig } from '@parley/discovery';
import type { CircuitBreakerOptions } from '@parley/resilience';
import { z } from 'zod';

const ratio = z.number().gt(0).max(1);

/** The part of the live configuration that this library takes; what is missing has the default of `CircuitBreaker`. */
const liveBreaker = z.object({
  breaker: z
    .object({
      minimum_calls: z.int().min(1).optional(),
      failure_ratio: ratio.optional(),
      slow_call_ms: z.int().min(1).optional(),
      slow_call_ratio: ratio.optional(),
      open_ms: z.int().min(100).max(60_000).optional(),
    })
    .default({}),
});

type Thresholds = Pick<
  CircuitBreakerOptions,
  'minimumCalls' | 'failureRatio' | 'slowCallMs' | 'slowCallRatio' | 'openMs'
>;

/** The thresholds of every breaker, which may change while running. */
@Injectable()
export class BreakerRules implements OnModuleInit {
  private thresholds: Thresholds = {};
  private changed: () => void = () => undefined;

  constructor(private readonly live: LiveConfig) {}

  get current(): Thresholds {
    return this.thresholds;
  }

  onModuleInit(): void {
    this.live.watch(liveBreaker, ({ breaker }) => {
      this.thresholds = defined({
        minimumCalls: breaker.minimum_calls,
        failureRatio: breaker.failure_ratio,
        slowCallMs: breaker.slow_call_ms,
        slowCallRatio: breaker.slow_call_ratio,
        openMs: breaker.open_ms,
      });
      this.changed();
    });
  }

  onChange(listener: () => void): void {
    this.changed = listener;
  }
}

/** Without the fields that are undefined, so that they do not hide a default. */
function defined(values: { [K in keyof Thresholds]: Thresholds[K] | undefined }): Thresholds {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
