import { Injectable } from '@nestjs/common';
import {
  isAppError,
  listHeldBreakers,
  resetHeldBreakers,
  type HeldBreakers,
  type NotAnswering,
  type ServiceName,
} from '@parley/contracts';
import { Directory, type Instance } from '@parley/discovery';
import { ServiceClient } from '@parley/service-client';
import { Log } from '@parley/service-kit';
import { services } from '../platform/services.js';
import type { Gathered, Heard } from './gathered.js';

/** An instance that takes longer over what it has in memory counts as not answering. */
const timeoutMs = 2_000;

/** The circuit breakers of single instances, asked for with the caller's own token. */
@Injectable()
export class InstanceBreakers {
  constructor(
    private readonly directory: Directory,
    private readonly client: ServiceClient,
    private readonly log: Log,
  ) {}

  /** Of every instance of every service, this one included. A service without any is not answering either. */
  async all(token: string): Promise<Gathered> {
    const registered = await Promise.all(services.map((service) => this.directory.registered(service)));
    const without = services.filter((_, at) => registered[at]?.length === 0);
    const { heard, notAnswering } = await this.ask(registered.flat(), (service, instance) =>
      this.client.call(listHeldBreakers(service), { instance, token, timeoutMs }),
    );
    const unknown = without.map((service) => ({ service, instance: null, code: 'service.unavailable' }));
    return { heard, notAnswering: [...notAnswering, ...unknown] };
  }

  /** Each answers with those that it has reset. */
  reset(instances: readonly Instance[], name: string, token: string): Promise<Gathered> {
    const params = { name };
    return this.ask(instances, (service, instance) =>
      this.client.call(resetHeldBreakers(service), { instance, params, token, timeoutMs, idempotent: true }),
    );
  }

  private async ask(
    instances: readonly Instance[],
    call: (service: ServiceName, instance: Instance) => Promise<HeldBreakers>,
  ): Promise<Gathered> {
    const heard: Heard[] = [];
    const notAnswering: NotAnswering = [];
    const one = async (at: Instance): Promise<void> => {
      const { service, id } = at;
      try {
        heard.push({ at, held: (await call(service as ServiceName, at)).data });
      } catch (error) {
        this.log.warn({ err: error, service, instance: id }, 'an instance does not tell of its circuit breakers');
        notAnswering.push({ service, instance: id, code: isAppError(error) ? error.code : 'service.internal' });
      }
    };
    await Promise.all(instances.map(one));
    return { heard, notAnswering };
  }
}
