export { networkOf, plainAddress } from './client-network.js';
export { ConcurrencyLimiter, type Enter, type Place } from './concurrency-limiter.js';
export { limitsConfig, type LimitsConfig } from './config.js';
export type { Decision } from './decision.js';
export { formatDuration } from './duration.js';
export { holderOf } from './holder.js';
export { LimitsModule } from './limits.module.js';
export { RateLimited } from './rate-limit.guard.js';
export { RateLimiter, type Take } from './rate-limiter.js';
