import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { demandFree } from '../ports.ts';
import { installPackage } from './apt.ts';
import { findProgram } from './programs.ts';
import { plainEnv, type OwnServer, type ServerContext } from './server.ts';

const title = 'RabbitMQ';
/** The script beneath Debian's wrapper, which would change to the system's account and its folders. */
const serverScripts = ['/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server'];
const controlScripts = ['/usr/lib/rabbitmq/bin/rabbitmqctl', 'rabbitmqctl'];

/** RabbitMQ with a user of its own, without plugins, its epmd beside it: nothing of it is the system's. */
export function rabbitmq({ home, ports, secrets, report }: ServerContext): OwnServer {
  const folder = join(home, 'rabbitmq');
  const password = secrets.get('rabbitmq');
  const url = `amqp://parley:${password}@127.0.0.1:${ports.rabbitmq}`;
  const control = join(folder, 'rabbitmqctl');
  const env = nodeEnv(folder, ports.epmd, ports.rabbitmqDistribution);

  async function programs() {
    if (!findProgram(serverScripts)) await installPackage('rabbitmq-server', 'rabbitmq', report);
    for (const port of [ports.rabbitmq, ports.rabbitmqDistribution, ports.epmd]) await demandFree(port, title);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(env.RABBITMQ_CONFIG_FILE, settings(ports.rabbitmq, password), { mode: 0o600 });
    writeFileSync(env.RABBITMQ_ENABLED_PLUGINS_FILE, '[].\n');
    writeFileSync(control, controlScript(env), { mode: 0o700 });
    return [
      // Started by us and in the foreground: the one that the node would start stays behind when the node ends.
      { name: 'epmd', command: epmd(), args: ['-port', String(ports.epmd), '-address', '127.0.0.1'], env },
      { name: 'rabbitmq', command: findProgram(serverScripts) ?? 'rabbitmq-server', args: [], env, graceMs: 30_000 },
    ];
  }

  const detail = `port ${ports.rabbitmq}`;
  return {
    url,
    unit: { name: 'rabbitmq', title, detail, programs, probe: () => probeRabbitmq(url), readyWithinMs: 90_000 },
    extras: { RABBITMQCTL: control },
  };
}

const epmd = (): string =>
  findProgram(['epmd', '/usr/lib/erlang/bin/epmd', '/opt/homebrew/opt/erlang/bin/epmd']) ?? 'epmd';

/** Names, folders and ports of the node, for the server and for rabbitmqctl. HOME holds the node's secret cookie. */
function nodeEnv(folder: string, epmdPort: number, distributionPort: number) {
  return {
    ...plainEnv(),
    HOME: folder,
    // By address: not every machine can resolve its own names.
    RABBITMQ_NODENAME: 'parley@127.0.0.1',
    RABBITMQ_USE_LONGNAME: 'true',
    ERL_CRASH_DUMP_SECONDS: '0',
    RABBITMQ_DIST_PORT: String(distributionPort),
    ERL_EPMD_PORT: String(epmdPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    // Two schedulers that do not spin while they wait: on one machine the cores belong to the services.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
  };
}

/** A user and small limits of our own; the user is created with the data and kept with it. */
const settings = (port: number, password: string) => `listeners.tcp.local = 127.0.0.1:${port}
default_user = parley
default_pass = ${password}
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 67108864
log.file = false
log.console = true
log.console.level = warning
`;

/** A rabbitmqctl that speaks to this node, for people and for tests that need a virtual host of their own. */
function controlScript(env: Readonly<Record<string, string>>): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
  return `#!/bin/sh\n${exports.join('\n')}\nexec ${findProgram(controlScripts) ?? 'rabbitmqctl'} "$@"\n`;
}

/** Rejects until a client can log in and open a channel. */
export async function probeRabbitmq(url: string): Promise<void> {
  const connection = await connect(url, { timeout: 2_000 });
  connection.on('error', () => undefined);
  try {
    await connection.createChannel();
  } finally {
    await connection.close();
  }
}
