import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { KeyRotation } from './key-rotation.js';
import { KeySchedule } from './key-schedule.js';
import { SealedBox } from './sealed-box.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { TokenLifetimes } from './token-lifetimes.js';

const dayMs = 86_400_000;

/** The stored signing keys and their rotation, for the service and for the command alike. */
@Module({})
export class SigningKeysModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: SigningKeysModule,
      providers: [
        { provide: SealedBox, useValue: new SealedBox(config.AUTH_ENCRYPTION_KEY) },
        { provide: KeySchedule, useValue: scheduleOf(config) },
        SigningKeysRepository,
        KeyRotation,
      ],
      exports: [SealedBox, SigningKeysRepository, KeyRotation],
    };
  }
}

function scheduleOf(config: Config): KeySchedule {
  const leadMs = config.SIGNING_KEY_LEAD_S * 1_000;
  // The lead once more: for an instance that was away from the database, and signed on with the key that it knew.
  const overlapMs = new TokenLifetimes(config).longestTokenS * 1_000 + leadMs;
  return new KeySchedule(config.SIGNING_KEY_ROTATION_DAYS * dayMs, leadMs, overlapMs);
}
