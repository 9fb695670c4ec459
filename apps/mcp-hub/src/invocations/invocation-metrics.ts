import { Injectable } from '@nestjs/common';
import type { ToolInvocation } from '@parley/contracts';
import { Metrics } from '@parley/service-kit';

/** Seconds. From an echo to the longest call that a server may be given. */
const durationBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300];

/** How the tools of each server do. */
@Injectable()
export class InvocationMetrics {
  private readonly duration;

  constructor(metrics: Metrics) {
    this.duration = metrics.histogram({
      name: 'tool_invocation_duration_seconds',
      help: 'Calls that reached a tool, by how they ended',
      labels: ['server', 'outcome'],
      buckets: durationBuckets,
    });
  }

  ended({ server_id: server, outcome, duration_ms }: ToolInvocation): void {
    this.duration.with({ server, outcome }).observe(duration_ms / 1_000);
  }
}
