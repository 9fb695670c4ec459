export { testDatabase, type TestDatabase } from './database.js';
export { testRedis, type TestRedis } from './redis.js';
export { testAmqp, type TestAmqp } from './amqp.js';
export { testConsul, type TestConsul } from './consul.js';
export { testCertificate } from './certificate.js';
export { severable, type Severable } from './severable.js';
export { eventually } from './eventually.js';
export { testOfflineModel, type TestOfflineModel } from './offline-model.js';
export { otlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';
