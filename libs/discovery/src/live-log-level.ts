import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Log, logLevels } from '@parley/service-kit';
import { z } from 'zod';
import { LiveConfig } from './live-config.js';

/** Applies `log_level` of the live configuration, in every service; without it the configured level holds. */
@Injectable()
export class LiveLogLevel implements OnModuleInit {
  constructor(
    private readonly live: LiveConfig,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const configured = this.log.level;
    this.live.watch(z.object({ log_level: z.enum(logLevels).optional() }), ({ log_level }) => {
      this.log.level = log_level ?? configured;
    });
  }
}
