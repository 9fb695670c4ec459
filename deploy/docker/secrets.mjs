/**
 * `node secrets.mjs <folder>`: makes the passwords and keys of docker-compose.yml, in a folder for each reader; what is
 * there stays. Prints what the first owner and the first client need.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mintDemoKey } from '../../tools/stack/demo-key.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: node secrets.mjs <folder>');
  process.exit(2);
}

/** 32 letters and digits, which need no quoting in an address. */
const randomWord = () => randomBytes(16).toString('hex');

/** Whole or not at all, so that a stop in between leaves no half of a secret. All may read it: who has the volume. */
function write(name, value) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, value, { mode: 0o444 });
  renameSync(`${path}.new`, path);
}

/** The secret of that name, made when it is first asked for. */
function keep(name, make = randomWord) {
  const path = join(folder, name);
  if (!existsSync(path)) write(name, make());
  return readFileSync(path, 'utf8');
}

keep('postgres/admin_password');
const brokerPassword = keep('rabbitmq/password');
for (const service of ['gateway', 'auth', 'sessions', 'experts', 'mcp-hub', 'analytics']) {
  const database = `parley_${service.replaceAll('-', '_')}`;
  const address = (role) =>
    `postgres://${database}_${role}:${keep(`postgres/${database}_${role}`)}@postgres:5432/${database}`;
  write(`${service}/database_url`, address('app'));
  write(`${service}/database_system_url`, address('system'));
  write(`${service}/database_owner_url`, address('owner'));
  write(`${service}/amqp_url`, `amqp://parley:${brokerPassword}@rabbitmq:5672`);
}
keep('auth/encryption_key', () => randomBytes(32).toString('base64'));

console.log(`
  URL       http://127.0.0.1:8000 (/docs is the reference)
  API key   ${keep('auth/api_key', mintDemoKey)}
  owner     ${process.env.PARLEY_BOOTSTRAP_EMAIL ?? ''}, password ${keep('auth/owner_password')}
  RabbitMQ  amqp://parley:${brokerPassword}@127.0.0.1:5672
`);
