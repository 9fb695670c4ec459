import { systemClock, type Clock } from '@parley/resilience';
import type { Metrics } from '@parley/service-kit';
import { LRUCache } from 'lru-cache';
import { HitRatio, hitRatioOf } from './hit-ratio.js';

export interface LocalCacheOptions<T> {
  /** The label in `cache_hit_ratio`. */
  readonly name: string;
  /** The least recently used entry goes when there are more. */
  readonly maxEntries: number;
  /**
   * How long an entry may be used. As a function it decides by the value: shorter for an answer such as "there is none",
   * 0 or less to keep a value out. Each entry lives up to a tenth less, so that those made together do not end together.
   */
  readonly ttlMs: number | ((value: T) => number);
  /** An entry of this age that is asked for with a way to load it is loaded anew, while it is still used. Default: none is. */
  readonly renewAfterMs?: number;
  /** Without it the hit ratio is not exposed. */
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  /** In [0, 1); default Math.random. */
  readonly random?: () => number;
}

const jitter = 0.1;

interface Entry<T> {
  readonly value: T;
  /** In milliseconds of the clock. */
  readonly renewAt: number;
}

/** A bounded in-process cache. Any value but undefined can be kept, null included. */
export class LocalCache<T> {
  private readonly entries: LRUCache<string, Entry<T>>;
  private readonly loading = new Map<string, Promise<T>>();
  private readonly ratio: HitRatio;
  private readonly clock: Clock;

  constructor(private readonly options: LocalCacheOptions<T>) {
    const { name, maxEntries, metrics, clock = systemClock } = options;
    this.clock = clock;
    this.entries = new LRUCache({ max: maxEntries, perf: clock, ttlResolution: 0 });
    this.ratio = metrics ? hitRatioOf(name, metrics) : new HitRatio();
  }

  get(key: string): T | undefined {
    return this.entry(key)?.value;
  }

  set(key: string, value: T): void {
    const { ttlMs, renewAfterMs = Infinity, random = Math.random } = this.options;
    const ttl = Math.floor((typeof ttlMs === 'number' ? ttlMs : ttlMs(value)) * (1 - jitter * random()));
    if (ttl > 0) this.entries.set(key, { value, renewAt: this.clock.now() + renewAfterMs }, { ttl });
    else this.entries.delete(key);
  }

  /** What is kept, else what `load` gives. Callers that come while it loads share its result; an error is kept for nobody. */
  async getOrLoad(key: string, load: () => Promise<T>): Promise<T> {
    return this.getOrLoadNow(key, load);
  }

  /** As `getOrLoad`, without a promise for what is kept: for hot paths. */
  getOrLoadNow(key: string, load: () => Promise<T>): T | Promise<T> {
    const entry = this.entry(key);
    if (!entry) return this.loading.get(key) ?? this.load(key, load);
    if (entry.renewAt <= this.clock.now()) this.renew(key, load);
    return entry.value;
  }

  /** A load that is under way still answers those who wait for it, but is not kept. */
  delete(key: string): void {
    this.entries.delete(key);
    this.loading.delete(key);
  }

  private entry(key: string): Entry<T> | undefined {
    const entry = this.entries.get(key);
    this.ratio.record(entry !== undefined);
    return entry;
  }

  /** Where that fails, what is kept holds until its end, and the next who asks tries again. */
  private renew(key: string, load: () => Promise<T>): void {
    if (!this.loading.has(key)) this.load(key, load).catch(() => undefined);
  }

  private async load(key: string, load: () => Promise<T>): Promise<T> {
    const loading = load();
    this.loading.set(key, loading);
    try {
      const value = await loading;
      if (this.loading.get(key) === loading) this.set(key, value);
      return value;
    } finally {
      if (this.loading.get(key) === loading) this.loading.delete(key);
    }
  }
}
