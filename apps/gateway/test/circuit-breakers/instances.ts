import { Global, Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { RedisModule, redisConfig } from '@parley/cache';
import { discoveryConfig, DiscoveryModule } from '@parley/discovery';
import { IdentityModule } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { ModelRouter } from '@parley/llm';
import { CircuitBreaker } from '@parley/resilience';
import { HttpJwksSource, serviceClientConfig, ServiceClientModule } from '@parley/service-client';
import { CircuitBreakers, defineConfig, parseConfig, startService, type Service } from '@parley/service-kit';
import { testAuth, testRedis, type TestAuth, type TestRedis } from '@parley/testing';
import { CircuitBreakersModule } from '../../src/circuit-breakers/circuit-breakers.module.js';

const schema = defineConfig({ ...redisConfig, ...discoveryConfig, ...serviceClientConfig });

@Module({})
class InstanceModule {
  static of(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return { module: InstanceModule, imports };
  }
}

/** No model was asked here: those of a router are added to the registry of an instance as they are to any. */
@Global()
@Module({ providers: [{ provide: ModelRouter, useValue: { guards: [] } }], exports: [ModelRouter] })
class NoModels {}

/** An instance as every service is made of, and nothing else. */
export interface TestInstance {
  readonly service: Service;
  /** As it goes by its address. */
  readonly id: string;
  /** Adds a breaker that one failure has opened. */
  opened(name: string, namedByCaller?: boolean): Promise<CircuitBreaker>;
}

/** Instances of several services, and what they have in common. */
export class Instances {
  readonly addresses: string[] = [];
  private readonly started: Service[] = [];

  private constructor(
    readonly auth: TestAuth,
    private readonly redis: TestRedis,
  ) {}

  static async prepare(): Promise<Instances> {
    return new Instances(await testAuth(), await testRedis());
  }

  /** The next ones know of it. */
  async start(service: string): Promise<TestInstance> {
    const running = await this.run(service);
    this.addresses.push(`${service}=${running.service.url}`);
    return running;
  }

  /** A gateway that answers for all of `addresses`; itself it is not among them. */
  gateway(): Promise<TestInstance> {
    return this.run('gateway', [LimitsModule.forRoot({}), NoModels, CircuitBreakersModule]);
  }

  async stop(): Promise<void> {
    for (const service of this.started.reverse()) await service.stop();
    await Promise.all([this.auth.close(), this.redis.close()]);
  }

  private async run(name: string, more: ModuleMetadata['imports'] = []): Promise<TestInstance> {
    const config = parseConfig(schema, {
      LOG_LEVEL: 'silent',
      PARLEY_DRAIN_ANNOUNCE_MS: '0',
      PARLEY_ADDRESSES: [...this.addresses, `auth=${this.auth.url}`].join(','),
      REDIS_URL: this.redis.url,
    });
    const module = InstanceModule.of([
      RedisModule.forRoot(config),
      DiscoveryModule.forRoot({ service: name, config }),
      ServiceClientModule.forRoot({ config }),
      IdentityModule.forRoot({ jwksSource: HttpJwksSource }),
      ...more,
    ]);
    const service = await startService({ service: name, module, config });
    this.started.push(service);
    const registry = service.app.get(CircuitBreakers);
    const opened = async (breaker: string, namedByCaller = false): Promise<CircuitBreaker> => {
      const added = new CircuitBreaker({ name: breaker, minimumCalls: 1 });
      registry.register(() => [{ breaker: added, namedByCaller }]);
      await added.execute(() => Promise.reject(new Error('broken'))).catch(() => undefined);
      return added;
    };
    return { service, id: `${name}@${new URL(service.url).host}`, opened };
  }
}
