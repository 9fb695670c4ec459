import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Labelled } from './labelled.js';

export interface MetricOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

export interface GaugeOptions<Label extends string> extends MetricOptions<Label> {
  /** Runs at every scrape, before the value is read. */
  readonly collect?: (gauge: Labelled<Label, GaugeChild>) => void | Promise<void>;
}

export interface HistogramOptions<Label extends string> extends MetricOptions<Label> {
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[];
}

export interface CounterChild {
  inc(by?: number): void;
}
export interface GaugeChild {
  set(value: number): void;
  inc(by?: number): void;
  dec(by?: number): void;
}
export interface HistogramChild {
  observe(value: number): void;
}

/** The metrics of this process. Asking for a name a second time gives the metric that is already there. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly byName = new Map<string, unknown>();

  counter<Label extends string = never>(options: MetricOptions<Label>): Labelled<Label, CounterChild> {
    return this.once(options.name, () => {
      const counter = new Counter<string>(this.common(options));
      return new Labelled(options.labels ?? [], (labels) => counter.labels(labels));
    });
  }

  gauge<Label extends string = never>(options: GaugeOptions<Label>): Labelled<Label, GaugeChild> {
    return this.once(options.name, () => {
      const { collect } = options;
      const gauge: Gauge = new Gauge({ ...this.common(options), ...(collect && { collect: () => collect(labelled) }) });
      const labelled: Labelled<Label, GaugeChild> = new Labelled(options.labels ?? [], (labels) =>
        gauge.labels(labels),
      );
      return labelled;
    });
  }

  histogram<Label extends string = never>(options: HistogramOptions<Label>): Labelled<Label, HistogramChild> {
    return this.once(options.name, () => {
      const histogram = new Histogram<string>({ ...this.common(options), buckets: [...options.buckets] });
      return new Labelled(options.labels ?? [], (labels) => histogram.labels(labels));
    });
  }

  /** Adds memory, CPU, garbage collection and event-loop delay of the process, under prom-client's standard names. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** The Prometheus text format, version 0.0.4. */
  expose(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  private common({ name, help, labels = [] }: MetricOptions<string>) {
    return { name, help, labelNames: [...labels], registers: [this.registry] };
  }

  private once<T>(name: string, create: () => T): T {
    const known = this.byName.get(name);
    if (known !== undefined) return known as T;
    const metric = create();
    this.byName.set(name, metric);
    return metric;
  }
}
