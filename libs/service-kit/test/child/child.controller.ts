import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject, Post, Query, type OnModuleInit } from '@nestjs/common';
import { Log, Shutdown, shutdownPhases, traceHeaders } from '../../src/index.js';

const { loadedModules } = globalThis as unknown as { readonly loadedModules: readonly string[] };

/** What a test of a whole process asks of it. */
@Controller()
export class ChildController implements OnModuleInit {
  private readonly announced = Promise.withResolvers<undefined>();

  constructor(
    @Inject(Log) private readonly log: Log,
    @Inject(Shutdown) private readonly shutdown: Shutdown,
  ) {}

  onModuleInit(): Promise<void> | void {
    if (process.env['HANG_AT_START'] === '1') {
      this.log.info('hanging');
      return new Promise(() => setInterval(() => undefined, 60_000));
    }
    for (const phase of shutdownPhases) this.shutdown.register(phase, () => this.log.info(`phase ${phase}`));
    if (process.env['HOLD_ANNOUNCEMENT'] === '1') this.shutdown.register('announce', () => this.announced.promise);
  }

  @Post('announced')
  announce() {
    this.announced.resolve(undefined);
    return {};
  }

  @Get('until-draining')
  async untilDraining() {
    this.log.info('holding');
    while (!this.shutdown.draining) await sleep(5);
    return { draining: true };
  }

  @Get('forever')
  forever(): Promise<never> {
    this.log.info('holding');
    return new Promise(() => undefined);
  }

  @Get('crash')
  crash() {
    setImmediate(() => {
      throw new Error('out of nowhere');
    });
    return {};
  }

  @Get('sdk-modules')
  sdkModules() {
    return loadedModules.filter((url) => /@opentelemetry\/(?!api\/)|import-in-the-middle/.test(url));
  }

  @Get('calls')
  async calls(@Query() query: Record<'http' | 'postgres' | 'redis' | 'amqp', string>) {
    const { callEverything } = await import('./calls.js');
    await callEverything(query, traceHeaders());
    return {};
  }
}
