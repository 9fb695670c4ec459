import { Bulkhead, RetryBudget, type CircuitBreaker, type Clock, type PolicyListener } from '@parley/resilience';
import { labelOf, type ModelProvider } from '../provider.js';
import { JointBudget } from './joint-budget.js';
import { Lane } from './lane.js';
import { BulkheadChain } from './bulkhead-chain.js';

export interface GuardLimits {
  /** Calls with one credential at once, and how many may wait at each bound; one more is refused. */
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  /** Calls of one model with one credential at once; default: as many as the credential takes. */
  readonly maxConcurrentPerModel?: number | undefined;
  /** Calls to one provider at once, whichever credential they are made with; default: as many as all of them take. */
  readonly maxConcurrentPerProvider?: number | undefined;
}

export interface GuardOptions {
  readonly limits: GuardLimits;
  readonly listener: PolicyListener;
  readonly clock: Clock;
}

/** What the credentials of one provider have in common. */
export interface SharedGuards {
  readonly bulkheads: readonly Bulkhead[];
  readonly budget: RetryBudget;
}

/** How long a call may wait for a place before it is refused. */
const queueTimeoutMs = 5_000;
/** Callers can name models freely with `provider/model`, so that what is kept of them is bounded. */
const maxLanes = 1_000;

export const newBudget = (clock: Clock): RetryBudget => new RetryBudget({ ratio: 0.2, minPerSecond: 1, clock });

export function newBulkhead(
  name: string,
  maxConcurrent: number,
  { limits, listener, clock }: GuardOptions,
  maxQueued = limits.maxQueued,
): Bulkhead {
  const bulkhead = new Bulkhead({ name, maxConcurrent, maxQueued, queueTimeoutMs, clock });
  bulkhead.on(listener);
  return bulkhead;
}

/** A provider asked with one credential: one bulkhead and one budget of retries around the lanes of its models. */
export class GuardedProvider {
  /** The provider’s name, and its credential’s number from the second on. */
  readonly label: string;
  readonly bulkhead: Bulkhead;
  private readonly budget: RetryBudget;
  private readonly lanes = new Map<string, Lane>();

  constructor(
    readonly provider: ModelProvider,
    private readonly shared: SharedGuards,
    private readonly options: GuardOptions,
  ) {
    const { name, credential, places } = provider;
    const { limits, clock } = options;
    this.label = labelOf(name, credential);
    this.bulkhead = newBulkhead(this.label, places?.maxConcurrent ?? limits.maxConcurrent, options, places?.maxQueued);
    this.budget = newBudget(clock);
  }

  /** Breakers of the models asked for, by model. */
  get breakerStates(): ReadonlyMap<string, CircuitBreaker> {
    return new Map([...this.lanes].map(([model, { breaker }]) => [model, breaker]));
  }

  /** Beyond the bound the least recently asked model starts anew. */
  lane(model: string): Lane {
    const lane = this.lanes.get(model) ?? this.newLane(model);
    // A map keeps the order of insertion: what was asked last comes last.
    this.lanes.delete(model);
    this.lanes.set(model, lane);
    const [oldest] = this.lanes.keys();
    if (oldest !== undefined && this.lanes.size > maxLanes) this.lanes.delete(oldest);
    return lane;
  }

  private newLane(model: string): Lane {
    const { limits, listener, clock } = this.options;
    const { maxConcurrentPerModel: bound } = limits;
    const own = bound === undefined ? [] : [newBulkhead(`${this.label}/${model}`, bound, this.options)];
    return new Lane({
      provider: this.provider,
      model,
      bulkheads: new BulkheadChain([...own, this.bulkhead, ...this.shared.bulkheads]),
      budget: new JointBudget([newBudget(clock), this.budget, this.shared.budget]),
      listener,
      clock,
    });
  }
}
