import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { z } from 'zod';
import { kongFile } from '../routes/kong-schema.ts';
import { readComposeFile } from './compose-file.ts';
import { containerFaults } from './containers.ts';
import { kongFaults, type KongFolder } from './kong.ts';
import { serviceFaults, type OwnService } from './services.ts';
import { specificationFaults } from './specification.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('docker-compose.yml');
const folder = mkdtempSync(join(tmpdir(), 'parley-compose-'));
const own: Record<string, OwnService> = {};
const kong: KongFolder = {
  routes: kongFile.parse(parse(read('kong/kong.yml'))),
  plugins: readdirSync(join(root, 'kong/plugins')),
};

const makeSecrets = () =>
  spawnSync(process.execPath, [join(root, 'deploy/docker/secrets.mjs'), folder], { encoding: 'utf8' });
let firstSecrets: string;

beforeAll(async () => {
  firstSecrets = makeSecrets().stdout;
  for (const name of readdirSync(join(root, 'apps'))) {
    const { config } = (await import(join(root, 'apps', name, 'src/config.ts'))) as { config: z.ZodObject };
    own[name] = { config, dockerfile: read(`apps/${name}/Dockerfile`), secrets: readdirSync(join(folder, name)) };
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(compose: string): string[] {
  const path = join(folder, 'docker-compose.yml');
  writeFileSync(path, compose);
  const departures = specificationFaults(path);
  if (departures.length > 0) return departures;
  const file = readComposeFile(compose);
  return [
    ...containerFaults(file, (path) => existsSync(join(root, path))),
    ...serviceFaults(file, own),
    ...kongFaults(file, kong, own),
  ];
}

describe('docker-compose.yml', () => {
  it('is a Compose file, and agrees with the services, kong/ and the repository', () => {
    expect(faultsOf(text)).toEqual([]);
  });

  it.each([
    ['a key that Compose does not know', 'stop_grace_period:', 'stop_grace:', /invalid-schema/],
    ['an image of any version', 'kong:3.9', 'kong:latest', /explicit-tag/],
    ['a port that is open to the network', "'127.0.0.1:5672:5672'", "'5672:5672'", /unbound/],
    ['a mount of nothing', './tools/offline-model:', './tools/model:', /offline-model: no such path/],
    ['a Dockerfile that is gone', 'apps/auth/Dockerfile', 'apps/auth/Dockerfile.old', /auth: no such path/],
    ['a wait for nobody', 'redis: { condition', 'cache: { condition', /waits for nobody: cache/],
    [
      'a wait for the mere start',
      'redis: { condition: service_healthy',
      'redis: { condition: service_started',
      /by service_healthy/,
    ],
    ['an address that nobody waits for', 'redis: { condition: service_healthy }', '', /does not wait for redis/],
    ['an address of nobody', 'redis://redis', 'redis://cache', /names no service: cache/],
    ['a variable that the service does not know', 'LOG_LEVEL: $', 'LOG_LEVELS: $', /analytics: knows no LOG_LEVELS/],
    ['a default that the service would refuse', ':-info}', ':-chatty}', /would refuse LOG_LEVEL/],
    ['a required variable left out', /^ *AUTH_ENCRYPTION_KEY_FILE:.*$/m, '', /auth: lacks AUTH_ENCRYPTION_KEY/],
    ['a secret that nobody makes', '/run/secrets/api_key', '/run/secrets/apikey', /names a file that nobody makes/],
    ['the secrets of another', 'auth-secrets:/run', 'gateway-secrets:/run', /auth: does not have its own secrets/],
    ['another command than the image has', 'dist/main.js]', 'dist/index.js]', /another command/],
    ['a gate that is open too early', '/health/ready', '/health/live', /not gated/],
    [
      'the embedded edge behind Kong',
      'OPENAI_API_KEY: ',
      'PARLEY_EDGE_PORT: 8000\n      OPENAI_API_KEY: ',
      /behind Kong/,
    ],
    ['another resolver than Consul', 'RESOLVER: 172.30.10.2', 'RESOLVER: 172.30.10.9', /KONG_DNS_RESOLVER/],
    ['a Kong without the plugin', 'bundled,parley-auth', 'bundled', /KONG_PLUGINS/],
    ['a plugin that Lua does not find', '/parley/?.lua', '/parley/kong/?.lua', /KONG_LUA_PACKAGE_PATH/],
    ['an administration open to others', '127.0.0.1:8001', '0.0.0.0:8001', /administration/],
    ['a port that leads past Kong’s proxy', "'127.0.0.1:8000:8000'", "'127.0.0.1:8000:8443'", /port 8000/],
    ['a proxy that is not Kong', 'PROXIES: 172.30.10.3', 'PROXIES: 172.30.10.0/24', /believes somebody else/],
    ['a Kong that starts before a service', /^ *auth: \{ condition.*$/m, '', /kong: does not wait for auth/],
  ])('may not have %s', (_, from, to, fault) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(faultsOf(changed).join('\n')).toMatch(fault);
  });

  it('fails when kong.yml leads to a service that is not there, or to another port', () => {
    const routes = kongFile.parse(
      parse(read('kong/kong.yml').replace('auth.service', 'login.service').replace('4005', '4006')),
    );
    const faults = kongFaults(readComposeFile(text), { ...kong, routes }, own);
    expect(faults).toEqual([
      'kong: no service is called login.service.consul',
      'kong: analytics.service.consul does not listen on 4006',
    ]);
  });

  it('takes from the environment what .env.example explains, and nothing else', () => {
    const taken = new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name));
    const explained = [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect([...taken].sort()).toEqual(explained.sort());
  });
});

describe('the secrets of docker-compose.yml', () => {
  it('are made once', () => {
    expect(firstSecrets).toMatch(/ply_\w{49}/);
    expect(makeSecrets().stdout).toBe(firstSecrets);
  });
});
