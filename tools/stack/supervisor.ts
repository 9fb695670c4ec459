import type { Request, Status, StatusRow } from './control/protocol.ts';
import { listenForCommands } from './control/server.ts';
import { StackFailure } from './failure.ts';
import { firstModel } from './first-model.ts';
import { startPlatform, type Platform, type PlatformOptions } from './platform.ts';
import type { Report } from './report.ts';
import { serverNames, type ServerName } from './servers/index.ts';
import type { ScreenFacts } from './terminal/screen.ts';

/** The stack of a home as the process that runs it holds it. */
export interface Supervisor {
  readonly facts: ScreenFacts;
  readonly platform: Platform;
  /** Ends everything. */
  stop(): Promise<void>;
  /** Resolves when it has ended, by whoever's wish. */
  readonly ended: Promise<void>;
}

/** Starts the platform of a home, on the usual ports, and obeys the commands of `npm run stack` until it is told to stop. */
export async function supervise(
  home: string,
  show: Report,
  options: Pick<PlatformOptions, 'ports' | 'env'> = { ports: 'usual' },
): Promise<Supervisor> {
  const audience = new Set<Report>([show]);
  const report: Report = (progress) => audience.forEach((listener) => listener(progress));
  const platform = await startPlatform({ home, report, ...options });
  const { url, apiKey, adminEmail, adminPassword } = platform;
  const facts = {
    url,
    apiKey,
    adminEmail,
    adminPassword,
    offline: platform.offlineModel !== undefined,
    model: await firstModel(url, apiKey),
  };
  const { promise: stopped, resolve } = Promise.withResolvers<true>();
  const stop = async () => {
    await platform.stop();
    resolve(true);
  };

  const unlisten = await listenForCommands(home, async (request, listener) => {
    audience.add(listener);
    try {
      return await obey(request, platform, facts, stop);
    } finally {
      audience.delete(listener);
    }
  });
  const ended = stopped.then(unlisten);
  return { facts, platform, stop, ended };
}

async function obey(request: Request, platform: Platform, facts: ScreenFacts, stop: () => Promise<void>) {
  switch (request.kind) {
    case 'status':
      return { pid: process.pid, screen: facts, env: envOf(platform, facts), rows: rowsOf(platform) } satisfies Status;
    case 'stop':
      await stop();
      return null;
    case 'restart':
      await platform.restart(request.service);
      return null;
    case 'scale':
      await platform.scale(request.service, request.count);
      return null;
    case 'stop-server':
      await serverOf(platform, request.server).stop();
      return null;
    case 'start-server':
      await serverOf(platform, request.server).start();
      return null;
    case 'environment':
      return platform.service(request.service).env;
    case 'lend':
      await platform.scale(request.service, 1);
      await platform.service(request.service).stop();
      return platform.service(request.service).env;
    case 'take-back':
      await platform.service(request.service).start();
      return null;
  }
}

/** The variables of the platform, and a model to try it with. */
const envOf = ({ env }: Platform, { model }: ScreenFacts) => ({ ...env, PARLEY_MODEL: model });

function serverOf({ servers }: Platform, name: string) {
  const server = servers[name as ServerName];
  if (server) return server;
  throw new StackFailure(`There is no server "${name}" here; there may be ${serverNames.join(', ')}.`);
}

function rowsOf({ servers, instances, offlineModel }: Platform): StatusRow[] {
  const serverRows = serverNames
    .flatMap((name) => servers[name] ?? [])
    .map(({ name, state, url, own }) => ({ name, state: own ? state : 'given', address: withoutPassword(url) }));
  const modelRows = offlineModel
    ? [{ name: 'offline-model', state: offlineModel.state, address: offlineModel.url }]
    : [];
  const instanceRows = instances.map(({ name, state, url, edgeUrl, pid, crashes }) => ({
    name,
    state,
    address: edgeUrl === undefined ? url : `${url} (clients: ${edgeUrl})`,
    pid,
    crashes,
  }));
  return [...serverRows, ...modelRows, ...instanceRows];
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  return `${url.protocol}//${url.host}`;
}
