import { expect, it } from '@jest/globals';
import { environmentOf, type Surroundings } from './environment.ts';
import { specOf } from './fleet.ts';

const urls = { owner: 'postgres://owner@db/x', app: 'postgres://app@db/x', system: 'postgres://system@db/x' };
const around: Surroundings = {
  inherited: {
    PATH: '/bin',
    ANTHROPIC_API_KEY: 'sk-user',
    npm_lifecycle_event: 'start',
    NODE_V8_COVERAGE: '/tmp/c',
    HOST: 'laptop',
    VLLM_KEY: 'sk-vllm',
  },
  addresses: { redis: 'redis://r', rabbitmq: 'amqp://q', consul: 'http://127.0.0.1:8510' },
  databases: { auth: urls, gateway: urls, sessions: urls, experts: urls, analytics: urls, 'mcp-hub': urls },
  credentials: { email: 'owner@example.com', password: 'pw', apiKey: 'ply_k', encryptionKey: 'enc' },
  providers: { ANTHROPIC_API_KEY: 'sk-user', VLLM_KEY: 'sk-vllm' },
  mcpServers: { MCP_SERVERS_FILE: '/home/servers.json' },
  services: { auth: 4001, gateway: 4000 },
};

it('gives provider keys to the gateway alone, and the first owner to auth alone', () => {
  const gateway = environmentOf(specOf('gateway'), around, 4000, 8000);
  const auth = environmentOf(specOf('auth'), around, 4001);
  const analytics = environmentOf(specOf('analytics'), around, 4005);

  expect(gateway).toMatchObject({ ANTHROPIC_API_KEY: 'sk-user', VLLM_KEY: 'sk-vllm', PARLEY_EDGE_PORT: '8000' });
  expect(auth).toMatchObject({ PARLEY_BOOTSTRAP_API_KEY: 'ply_k', AUTH_ENCRYPTION_KEY: 'enc' });
  expect({ ...auth, ...analytics }).not.toHaveProperty('ANTHROPIC_API_KEY');
  expect({ ...auth, ...analytics }).not.toHaveProperty('VLLM_KEY');
  expect(Object.keys({ ...gateway, ...analytics }).filter((name) => name.includes('BOOTSTRAP'))).toEqual([]);
});

it('lets anybody register, unless the shell says otherwise', () => {
  const registration = (inherited: Surroundings['inherited']) =>
    environmentOf(specOf('auth'), { ...around, inherited }, 4001)['PARLEY_REGISTRATION'];

  expect([registration({}), registration({ PARLEY_REGISTRATION: 'closed' })]).toEqual(['open', 'closed']);
});

it('binds to loopback whatever HOST the shell has, and passes coverage on but nothing of npm', () => {
  const env = environmentOf(specOf('analytics'), around, 4005);

  expect(env).toMatchObject({ HOST: '127.0.0.1', PORT: '4005', NODE_V8_COVERAGE: '/tmp/c' });
  expect(env).not.toHaveProperty('npm_lifecycle_event');
});

it('gives fixed addresses where there is no Consul', () => {
  const { consul: _, ...addresses } = around.addresses;

  const env = environmentOf(specOf('gateway'), { ...around, addresses }, 4000);

  expect(env['PARLEY_ADDRESSES']).toBe('auth=http://127.0.0.1:4001,gateway=http://127.0.0.1:4000');
  expect(env).not.toHaveProperty('CONSUL_URL');
});
