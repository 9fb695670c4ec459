import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demandFree } from '../ports.ts';
import { cachedConsul, downloadConsul } from './consul-download.ts';
import { findProgram } from './programs.ts';
import { plainEnv, type OwnServer, type ServerContext } from './server.ts';

const title = 'Consul';

/** A single Consul server on loopback. Its key-value data is kept in the home; registrations are made anew each start. */
export function consul({ home, ports, report }: ServerContext): OwnServer {
  const folder = join(home, 'consul');
  const url = `http://127.0.0.1:${ports.consul}`;

  async function programs() {
    const command = findProgram(['consul']) ?? cachedConsul() ?? (await downloadConsul(report));
    for (const port of [ports.consul, ports.consulRaft, ports.consulGossip]) await demandFree(port, title);
    const data = join(folder, 'data');
    mkdirSync(data, { recursive: true, mode: 0o700 });
    // What was registered before is gone; the services of this start register themselves.
    for (const stale of ['services', 'checks']) rmSync(join(data, stale), { recursive: true, force: true });
    const config = join(folder, 'consul.json');
    writeFileSync(config, JSON.stringify(settings(data, ports), null, 2), { mode: 0o600 });
    return [{ name: 'consul', command, args: ['agent', '-config-file', config], env: plainEnv() }];
  }

  const detail = `port ${ports.consul}`;
  return {
    url,
    unit: { name: 'consul', title, detail, programs, probe: () => probeConsul(url), readyWithinMs: 30_000 },
  };
}

const settings = (data: string, ports: ServerContext['ports']) => ({
  server: true,
  bootstrap_expect: 1,
  node_name: 'parley',
  datacenter: 'parley',
  data_dir: data,
  bind_addr: '127.0.0.1',
  client_addr: '127.0.0.1',
  ports: {
    http: ports.consul,
    server: ports.consulRaft,
    serf_lan: ports.consulGossip,
    serf_wan: -1,
    dns: -1,
    grpc: -1,
    https: -1,
  },
  // The fastest election; a server alone waits for nobody.
  performance: { raft_multiplier: 1 },
  disable_update_check: true,
  log_level: 'warn',
});

/** Rejects until the server has elected itself and takes a write. */
export async function probeConsul(url: string): Promise<void> {
  const response = await fetch(`${url}/v1/kv/parley/started`, { method: 'PUT', signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`Consul answered ${response.status}`);
}
