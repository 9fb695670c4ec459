import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { thingsOptions } from '../../test/things/service.js';
import { Clock, HealthRegistry, HttpServers, KitModule, Log, Metrics, ServiceInfo, Shutdown } from '../index.js';
import { prepareService } from './start-service.js';

@Injectable()
class Part {
  constructor(
    readonly info: ServiceInfo,
    readonly clock: Clock,
    readonly log: Log,
    readonly metrics: Metrics,
    readonly health: HealthRegistry,
  ) {}
}

describe('the kit', () => {
  it('is there for a library’s test without a service', async () => {
    const kit = Test.createTestingModule({ imports: [KitModule.forRoot()], providers: [Part] });
    const module = await kit.compile();
    const { info, clock, log, metrics, health } = module.get(Part);
    expect(info.service).toBe('test');
    expect(clock.now()).toBeGreaterThan(0);
    expect(() => log.error('unheard')).not.toThrow();
    expect(await metrics.expose()).toContain('active_connections{service="test"} 0');
    expect(await health.report()).toMatchObject({ parts: {} });
    expect([module.get(Shutdown), module.get(HttpServers)]).toHaveLength(2);
  });
});

describe('a service', () => {
  it('leaves /health to a module that has its own', async () => {
    @Controller('health')
    class PlatformHealth {
      @Get()
      report() {
        return { platform: true };
      }
    }
    @Module({ controllers: [PlatformHealth] })
    class OwnHealth {}
    const { fastify, app } = await prepareService({ ...thingsOptions().options, module: OwnHealth });
    expect((await fastify.inject('/health')).json()).toEqual({ platform: true });
    expect((await fastify.inject('/health/live')).json()).toEqual({ status: 'ok' });
    await app.close();
  });

  it('does not start with two routes of which one would never be reached', async () => {
    @Controller('twice')
    class Twice {
      @Get(':id')
      one() {
        return {};
      }
      @Get(':name')
      other() {
        return {};
      }
    }
    @Module({ controllers: [Twice] })
    class Shadowed {}
    await expect(prepareService({ ...thingsOptions().options, module: Shadowed })).rejects.toThrow('twice');
  });

  it('closes what it has opened where it cannot start', async () => {
    let closed = false;
    @Module({})
    class Unready {
      onApplicationBootstrap() {
        throw new Error('no database');
      }
      onModuleDestroy() {
        closed = true;
      }
    }
    await expect(prepareService({ ...thingsOptions().options, module: Unready })).rejects.toThrow('no database');
    expect(closed).toBe(true);
  });
});
