import { PATTERN_EXTRAS_METADATA } from '@nestjs/microservices/constants.js';

/**
 * Marks an `@EventPattern` handler that every instance of the service must run, such as the invalidation of a cache.
 * Its events are not kept for an instance that is down, and it needs no inbox: it must bear repetition.
 */
export const Broadcast = (): MethodDecorator => (_target, _key, descriptor) => {
  const handler = descriptor.value as object;
  const extras = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, handler) as object | undefined;
  Reflect.defineMetadata(PATTERN_EXTRAS_METADATA, { ...extras, broadcast: true }, handler);
};
