export { testDatabase, type TestDatabase } from './database.js';
export { testRedis, type TestRedis } from './redis.js';
export { testAmqp, type TestAmqp } from './amqp.js';
export { testConsul, type TestConsul } from './consul.js';
export { severable, type Severable } from './severable.js';
export { eventually } from './eventually.js';
