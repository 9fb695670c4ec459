import { Module } from '@nestjs/common';
import { ConcurrencyLimiter } from '@parley/limits';
import { StreamPlaces } from './stream-places.js';
import { TokenBudgets } from './token-budgets.js';

/** What the key of a call may use besides requests. */
@Module({ providers: [ConcurrencyLimiter, StreamPlaces, TokenBudgets], exports: [StreamPlaces, TokenBudgets] })
export class KeyBoundsModule {}
