import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { PersistenceModule } from '@parley/persistence';
import { Clock, KitModule, Shutdown } from '@parley/service-kit';
import type { Config } from '../config.js';
import { KeyRotation } from './key-rotation.js';
import { phaseOf } from './key-schedule.js';
import { SigningKeysModule } from './signing-keys.module.js';
import { SigningKeysRepository, type StoredKey } from './signing-keys.repository.js';

const usage = `Usage: signing-keys list
       signing-keys rotate          the next key, published now and signing after the lead
       signing-keys rotate --now    for a key that has leaked: all tokens that are out are refused
`;

type Print = (text: string) => void;

/** Prints one JSON object a line, never a private key. Returns the exit code: 0, or 2 for a command that it does not know. */
export async function signingKeysCommand(config: Config, argv: readonly string[], print: Print): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { now: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [command, ...rest] = positionals;
  if (rest.length === 0 && command === 'rotate')
    return withKeys(config, print, ({ rotation }) => (values.now ? rotation.replaceNow() : rotation.rotate()));
  if (rest.length === 0 && command === 'list' && !values.now)
    return withKeys(config, print, ({ repository }) => repository.read());
  print(usage);
  return 2;
}

interface Parts {
  readonly repository: SigningKeysRepository;
  readonly rotation: KeyRotation;
}

/** Without the service: a database and the encryption key are enough. It migrates nothing. */
async function withKeys(
  config: Config,
  print: Print,
  run: (parts: Parts) => Promise<StoredKey | readonly StoredKey[]>,
): Promise<number> {
  const database = { ...config, DATABASE_OWNER_URL: undefined };
  const imports = [
    KitModule.forRoot(),
    PersistenceModule.forRoot({ config: database, entities: [], migrations: [] }),
    SigningKeysModule.forRoot(config),
  ];
  const context = await NestFactory.createApplicationContext({ imports }, { logger: false, abortOnError: false });
  const get = <T>(type: abstract new (...args: never[]) => T): T => context.get<T>(type, { strict: false });
  try {
    const keys = [await run({ repository: get(SigningKeysRepository), rotation: get(KeyRotation) })].flat();
    for (const key of keys) print(`${JSON.stringify(lineOf(key, keys, new Date(get(Clock).now())))}\n`);
    return 0;
  } finally {
    await get(Shutdown).run({ announceMs: 0, intakeMs: 0 });
  }
}

const lineOf = (key: StoredKey, keys: readonly StoredKey[], now: Date) => ({
  kid: key.publicJwk.kid,
  phase: phaseOf(key, keys, now),
  activates_at: key.activatesAt.toISOString(),
  retires_at: key.retiresAt?.toISOString() ?? null,
});
