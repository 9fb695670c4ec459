import { isAppError, type ErrorCode } from '@parley/contracts';
import { CircuitBreaker, type PolicyListener } from '@parley/resilience';

/** Callers can name models freely with `provider/model`, so that their breakers are bounded. */
const maxBreakers = 1_000;

/** The provider’s fault, and so the breaker’s business. A limit that was reached is not, nor a caller that stops waiting. */
const faults = new Set<ErrorCode>([
  'provider.failed',
  'provider.overloaded',
  'provider.timeout',
  'provider.bad_response',
  'provider.interrupted',
]);

const isFailure = (error: unknown): boolean => isAppError(error) && faults.has(error.code);

/** One breaker per model of a provider; beyond the bound the least recently asked model starts anew. */
export class Breakers {
  private readonly breakers = new Map<string, CircuitBreaker>();

  constructor(
    private readonly provider: string,
    private readonly listener: PolicyListener,
  ) {}

  get byModel(): ReadonlyMap<string, CircuitBreaker> {
    return this.breakers;
  }

  of(model: string): CircuitBreaker {
    const breaker = this.breakers.get(model) ?? this.create(model);
    // A map keeps the order of insertion: what was asked last comes last.
    this.breakers.delete(model);
    this.breakers.set(model, breaker);
    const [oldest] = this.breakers.keys();
    if (oldest !== undefined && this.breakers.size > maxBreakers) this.breakers.delete(oldest);
    return breaker;
  }

  private create(model: string): CircuitBreaker {
    const breaker = new CircuitBreaker({ name: `${this.provider}/${model}`, isFailure });
    breaker.on(this.listener);
    return breaker;
  }
}
