import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { ServiceName } from '@parley/contracts';
import { LocalCache } from '@parley/cache';
import { ServiceClient } from '@parley/service-client';
import { Log } from '@parley/service-kit';
import { documentOf, services } from '../platform/services.js';
import { mergeDocuments, type ServiceDocument } from './merge.js';

/** A service rolled out just now shows its new routes after this long. */
const ttlMs = 30_000;

/** The reference of the whole platform, from what each running service says of itself. */
@Injectable()
export class DocsService {
  private readonly cache = new LocalCache<string>({ name: 'openapi', maxEntries: 1, ttlMs });
  /** So that a service which is away for a moment stays in the reference. */
  private readonly lastGood = new Map<ServiceName, ServiceDocument>();

  constructor(
    private readonly client: ServiceClient,
    private readonly log: Log,
  ) {}

  /** Its JSON text, made once per renewal: it is large, and read by everybody who opens the reference. */
  document(): Promise<string> {
    return this.cache.getOrLoad('merged', async () => {
      await Promise.all(services.map((service) => this.read(service)));
      const known = services.flatMap((service) => this.lastGood.get(service) ?? []);
      return JSON.stringify(mergeDocuments({ title: 'Parley', version: 'v1', description: this.missing() }, known));
    });
  }

  private async read(service: ServiceName): Promise<void> {
    try {
      const document = await this.client.call(documentOf(service));
      this.lastGood.set(service, { service, document: document as unknown as OpenAPIObject });
    } catch (error) {
      this.log.warn({ err: error, service }, 'a service did not describe its API');
    }
  }

  private missing(): string {
    const away = services.filter((service) => !this.lastGood.has(service));
    return away.length === 0 ? '' : `Not answering, and so not described here: ${away.join(', ')}.`;
  }
}
