export { redisConfig, type RedisConfig } from './config.js';
export { LocalCache, type LocalCacheOptions } from './local-cache.js';
export { RedisConnection } from './redis-connection.js';
export { RedisSubscriptions, type ChannelListener } from './redis-subscriptions.js';
export { RedisModule } from './redis.module.js';
export { TieredCache, type Codec, type TieredCacheOptions } from './tiered-cache.js';
