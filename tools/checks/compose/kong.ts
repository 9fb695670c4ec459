import type { z } from 'zod';
import type { KongFile } from '../routes/kong-schema.ts';
import { mountsOf, type ComposeFile, type ComposeService } from './compose-file.ts';
import type { OwnService } from './services.ts';

/** Consul's DNS; Kong's client asks port 53 where none is named. */
const consulDnsPort = 8600;

/** kong/ of the repository. */
export interface KongFolder {
  readonly routes: KongFile;
  /** Folders in kong/plugins. */
  readonly plugins: readonly string[];
}

/** Where Kong's settings, its folder and the services that it leads to disagree. */
export function kongFaults(file: ComposeFile, folder: KongFolder, own: Readonly<Record<string, OwnService>>): string[] {
  const kong = file.services['kong'];
  if (kong === undefined) return ['kong: is missing'];
  const faults = [
    ...settingFaults(kong, folder),
    ...addressFaults(kong, file),
    ...folder.routes.services.flatMap((target) => targetFaults(target, kong, own)),
  ];
  return faults.map((fault) => `kong: ${fault}`);
}

function settingFaults(kong: ComposeService, { plugins }: KongFolder): string[] {
  const { environment } = kong;
  const [place] = [...mountsOf(kong)].find(([, source]) => source === './kong') ?? [''];
  const demanded = {
    KONG_DATABASE: 'off',
    KONG_DECLARATIVE_CONFIG: `${place}/kong.yml`,
    KONG_PLUGINS: ['bundled', ...plugins].join(),
    // A plugin is the module kong.plugins.<name>, so Lua looks where the folder kong/ is.
    KONG_LUA_PACKAGE_PATH: `${place.replace(/\/kong$/, '')}/?.lua;;`,
  };
  const admin = environment['KONG_ADMIN_LISTEN'] ?? '';
  return [
    ...Object.entries(demanded)
      .filter(([variable, value]) => environment[variable] !== value)
      .map(([variable, value]) => `${variable} must be ${value}`),
    ...(/^127\.0\.0\.1:\d+$/.test(admin) ? [] : ['its administration is open to others']),
  ];
}

function addressFaults(kong: ComposeService, { services }: ComposeFile): string[] {
  const addressOf = (name: string) => services[name]?.networks['default']?.ipv4_address ?? 'nothing fixed';
  const proxyPort = kong.environment['KONG_PROXY_LISTEN']?.split(':')[1] ?? '';
  const resolver = `${addressOf('consul')}:${consulDnsPort}`;
  return [
    ...(kong.environment['KONG_DNS_RESOLVER'] === resolver ? [] : [`KONG_DNS_RESOLVER must be ${resolver}`]),
    ...(kong.ports.includes(`127.0.0.1:8000:${proxyPort}`) ? [] : ['port 8000 does not lead to its proxy']),
    ...Object.entries(services)
      .filter(
        ([, { environment }]) => (environment['PARLEY_TRUSTED_PROXIES'] ?? addressOf('kong')) !== addressOf('kong'),
      )
      .map(([name]) => `${name} believes somebody else about addresses`),
  ];
}

/** A host of the route table is a service of ours by its name in Consul, on the port that image and configuration have. */
function targetFaults(
  { host, port }: KongFile['services'][number],
  kong: ComposeService,
  own: Readonly<Record<string, OwnService>>,
): string[] {
  const name = host.replace(/\.service\.consul$/, '');
  const service = own[name];
  if (service === undefined) return [`no service is called ${host}`];
  const portRule = service.config.shape['PORT'] as z.ZodType | undefined;
  const ports = [/^ENV .*\bPORT=(\d+)/m.exec(service.dockerfile)?.[1], String(portRule?.parse(undefined))];
  return [
    ...(ports.every((one) => one === String(port)) ? [] : [`${host} does not listen on ${port ?? 'any port'}`]),
    ...(name in kong.depends_on ? [] : [`does not wait for ${name}`]),
  ];
}
