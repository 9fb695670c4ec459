import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HealthRegistry, Metrics, Shutdown } from '@parley/service-kit';
import { McpServers } from './mcp-servers.js';

/** Starts the servers with the hub, ends them with it, and tells how they are. The hub is ready without them. */
@Injectable()
export class ServersLifecycle implements OnApplicationBootstrap {
  constructor(
    private readonly servers: McpServers,
    health: HealthRegistry,
    shutdown: Shutdown,
    metrics: Metrics,
  ) {
    for (const server of servers.all)
      health.register({ name: `mcp:${server.id}`, check: async () => void server.demandRunning() });
    // Calls in flight had their time in the phase before; their failures are still put on record.
    shutdown.register('work', () => servers.stop());
    metrics.gauge({
      name: 'mcp_server_up',
      help: '1 while the MCP server takes calls',
      labels: ['server'],
      collect: (gauge) => {
        for (const { id, status } of servers.list()) gauge.with({ server: id }).set(status === 'running' ? 1 : 0);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.servers.start();
  }
}
