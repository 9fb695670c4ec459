import type { Metrics } from '@parley/service-kit';

/** After so many look-ups both counts are halved, so that the ratio tells of the recent past. */
const memory = 20_000;

/** Hits among the last ten to twenty thousand look-ups. */
export class HitRatio {
  private hits = 0;
  private lookUps = 0;

  record(hit: boolean): void {
    this.lookUps += 1;
    if (hit) this.hits += 1;
    if (this.lookUps < memory) return;
    this.hits /= 2;
    this.lookUps /= 2;
  }

  /** 0 to 1; 0 before the first look-up. */
  get value(): number {
    return this.lookUps === 0 ? 0 : this.hits / this.lookUps;
  }
}

const exposed = new WeakMap<Metrics, Map<string, HitRatio>>();

/** The ratio of the cache called `name`, exposed as `cache_hit_ratio{cache}`. */
export function hitRatioOf(name: string, metrics: Metrics): HitRatio {
  const ratios = exposed.get(metrics) ?? expose(metrics);
  const ratio = ratios.get(name) ?? new HitRatio();
  ratios.set(name, ratio);
  return ratio;
}

function expose(metrics: Metrics): Map<string, HitRatio> {
  const ratios = new Map<string, HitRatio>();
  exposed.set(metrics, ratios);
  metrics.gauge({
    name: 'cache_hit_ratio',
    help: 'Look-ups answered from the cache, among the last ten to twenty thousand',
    labels: ['cache'],
    collect: (gauge) => {
      for (const [cache, ratio] of ratios) gauge.with({ cache }).set(ratio.value);
    },
  });
  return ratios;
}
