import type { AddressAnswer } from './address-source.js';
import type { Instance } from './instance.js';
import { Load } from './load.js';

/** So many failures in a row prove an instance dead that its source no longer vouches for. */
const deadAfterFailures = 3;

interface Member {
  readonly instance: Instance;
  readonly load: Load;
}

/** The instances of one service with what calling them has taught. Times are milliseconds of the caller's clock. */
export class Fleet {
  private members: readonly Member[] = [];
  /** Set while the members are kept although the source, having lost its memory, no longer lists any. */
  private unconfirmed = false;

  get instances(): readonly Instance[] {
    return this.members.map((member) => member.instance);
  }

  update({ instances, continuous }: AddressAnswer): void {
    this.unconfirmed = instances.length === 0 && this.members.length > 0 && (this.unconfirmed || !continuous);
    if (this.unconfirmed) return;
    this.members = instances.map((instance) => ({ instance, load: this.loadOf(instance) ?? new Load() }));
  }

  /**
   * The better of two random members (power of two choices, Mitzenmacher 2001): nearly as even as asking all, and a
   * herd of callers with the same measurements does not run to the same one.
   * @param tried ids to avoid while there is another.
   */
  choose(now: number, random: () => number, tried: ReadonlySet<string>): Instance | undefined {
    const pool = this.eligible(now, tried);
    const first = Math.floor(random() * pool.length);
    const other = (first + 1 + Math.floor(random() * (pool.length - 1))) % pool.length;
    const [a, b] = [pool[first], pool[other]];
    if (a === undefined || b === undefined) return undefined;
    const unknownMs = this.typicalLatencyMs(now);
    const chosen = a.load.cost(now, unknownMs) <= b.load.cost(now, unknownMs) ? a : b;
    chosen.load.begin();
    return chosen.instance;
  }

  report(instance: Instance, now: number, latencyMs: number, ok: boolean): void {
    const load = this.loadOf(instance);
    if (load === undefined) return;
    load.end(now, latencyMs, ok);
    if (this.unconfirmed && load.failures >= deadAfterFailures) {
      this.members = this.members.filter((member) => member.load !== load);
    }
  }

  release(instance: Instance): void {
    this.loadOf(instance)?.release();
  }

  private eligible(now: number, tried: ReadonlySet<string>): readonly Member[] {
    if (this.members.length < 2) return this.members;
    const untried = tried.size === 0 ? this.members : this.members.filter(({ instance }) => !tried.has(instance.id));
    const willing = untried.filter(({ load }) => load.avoidUntil <= now);
    if (willing.length > 0) return willing;
    return untried.length > 0 ? untried : this.members;
  }

  private loadOf({ id, origin }: Instance): Load | undefined {
    return this.members.find((member) => member.instance.id === id && member.instance.origin === origin)?.load;
  }

  /** Stands in for the latency of a member never measured, so that a new one is neither flooded nor shunned. */
  private typicalLatencyMs(now: number): number {
    const known = this.members.map(({ load }) => load.latencyMs(now)).filter((ms) => ms !== undefined);
    return known.length === 0 ? 1 : known.reduce((sum, ms) => sum + ms, 0) / known.length;
  }
}
