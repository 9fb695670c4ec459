import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

const counterOf = (metrics: Metrics) => metrics.counter({ name: 'calls_total', help: 'Calls', labels: ['to', 'how'] });

describe('metrics', () => {
  it('give the metric that is there to whoever asks for its name again', async () => {
    const sut = new Metrics();
    counterOf(sut).with({ to: 'a', how: 'x' }).inc();
    counterOf(sut).with({ to: 'a', how: 'x' }).inc(2);
    expect(await sut.expose()).toContain('calls_total{to="a",how="x"} 3\n');
  });

  it('count the 201st value of a label and all further ones as other, each label by itself', async () => {
    const sut = new Metrics();
    for (let value = 1; value <= 203; value += 1)
      counterOf(sut)
        .with({ to: `t${value}`, how: 'x' })
        .inc();
    counterOf(sut).with({ to: 't1', how: 'y' }).inc();
    const lines = (await sut.expose()).split('\n').filter((line) => line.startsWith('calls_total{'));
    expect(lines).toHaveLength(202);
    expect(lines).toContain('calls_total{to="t200",how="x"} 1');
    expect(lines).toContain('calls_total{to="other",how="x"} 3');
    expect(lines).toContain('calls_total{to="t1",how="y"} 1');
  });

  it('read a gauge when they are scraped', async () => {
    const sut = new Metrics();
    let size = 1;
    sut.gauge({ name: 'queue_size', help: 'Size', collect: (gauge) => gauge.with({}).set(size) });
    size = 7;
    expect(await sut.expose()).toContain('queue_size 7\n');
  });

  it('sort observations into the buckets of a histogram', async () => {
    const sut = new Metrics();
    const histogram = sut.histogram({ name: 'wait_seconds', help: 'Wait', labels: ['in'], buckets: [0.1, 1] });
    histogram.with({ in: 'q' }).observe(0.5);
    const text = await sut.expose();
    expect(text).toContain('wait_seconds_bucket{le="0.1",in="q"} 0\n');
    expect(text).toContain('wait_seconds_bucket{le="1",in="q"} 1\n');
  });

  it('tell memory and event-loop delay of the process', async () => {
    const sut = new Metrics();
    sut.collectProcess();
    const text = await sut.expose();
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });
});
