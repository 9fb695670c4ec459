import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import Consul from 'consul';
import { z } from 'zod';
import { originOf, type Instance } from '../instance.js';
import type { Indexed } from './blocking-query.js';

/** How long Consul holds a blocking question open; its own limit is 10 min. */
const waitSeconds = 30;
/** Consul adds up to a sixteenth to the wait; what takes longer than that and this is lost. */
const waitTimeoutMs = waitSeconds * 1_000 * (1 + 1 / 16) + 2_000;
/** Bound of every other call. */
const callTimeoutMs = 1_500;

export interface Registration {
  readonly id: string;
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly version: string;
}

const healthAnswer = z.array(
  z.object({
    Node: z.object({ Address: z.string() }),
    Service: z.object({
      ID: z.string(),
      Address: z.string(),
      Port: z.number(),
      Meta: z.record(z.string(), z.string()).nullish(),
    }),
  }),
);
const kvAnswer = z.object({ Value: z.string().nullable() }).optional();

const servicesAnswer = z.record(z.string(), z.unknown());
const leaderAnswer = z.string().min(1, 'Consul has no leader');

/** The calls that discovery makes to the local Consul agent, with what it answers checked. */
export class ConsulAgent {
  private readonly consul: Consul;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.consul = new Consul({ host: hostname, port: Number(port || 80) });
  }

  /** The service's instances that pass their check. */
  passing(service: string, index: number | undefined, signal: AbortSignal): Promise<Indexed<Instance[]>> {
    return this.block(
      signal,
      index,
      (blocking) => this.consul.health.service({ service, passing: true, ...blocking }),
      (body) => toInstances(service, body),
    );
  }

  /** The service's instances, also those that fail their check. */
  async registered(service: string): Promise<Instance[]> {
    return toInstances(service, await this.consul.health.service({ ...callOptions, service }));
  }

  /** The value of a key; undefined where there is none. */
  value(key: string, index: number | undefined, signal: AbortSignal): Promise<Indexed<string | undefined>> {
    return this.block(
      signal,
      index,
      (blocking) => this.consul.kv.get({ key, ...blocking }),
      (body) => kvAnswer.parse(body)?.Value ?? undefined,
    );
  }

  async register({ id, service, host, port, version }: Registration): Promise<void> {
    await this.consul.agent.service.register({
      ...callOptions,
      id,
      name: service,
      address: host,
      port,
      tags: [`version=${version}`],
      meta: { version },
      check: {
        name: `${service} is ready`,
        http: `${originOf(host, port)}/health/ready`,
        interval: '2s',
        timeout: '1s',
        deregistercriticalserviceafter: '1m',
      },
    });
  }

  async isRegistered(id: string): Promise<boolean> {
    const services = servicesAnswer.parse(await this.consul.agent.service.list({ ...callOptions }));
    return id in services;
  }

  async deregister(id: string): Promise<void> {
    await this.consul.agent.service.deregister({ ...callOptions, id });
  }

  /** @throws when the agent does not answer or knows no leader. */
  async check(): Promise<void> {
    leaderAnswer.parse(await this.consul.status.leader({ ...callOptions }));
  }

  private async block<T>(
    signal: AbortSignal,
    index: number | undefined,
    ask: (blocking: object) => Promise<unknown>,
    parse: (body: unknown) => T,
  ): Promise<Indexed<T>> {
    const context = Object.assign(new EventEmitter(), { includeResponse: true });
    const cancel = (): void => void context.emit('cancel');
    signal.addEventListener('abort', cancel);
    try {
      const position =
        index === undefined ? callOptions : { index: String(index), wait: `${waitSeconds}s`, timeout: waitTimeoutMs };
      const answer = await ask({ ...position, ctx: context });
      const [response, body] = answer as [IncomingMessage, unknown];
      return { index: Number(response.headers['x-consul-index']), value: parse(body) };
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

/** The client reads `timeout` (ms), `ctx` and the blocking parameters from every call's options; its types leave them out. */
const callOptions: object = { timeout: callTimeoutMs };

const toInstances = (service: string, body: unknown): Instance[] =>
  healthAnswer.parse(body).map((entry) => toInstance(service, entry));

function toInstance(service: string, { Node, Service }: z.infer<typeof healthAnswer>[number]): Instance {
  const host = Service.Address === '' ? Node.Address : Service.Address;
  const origin = originOf(host, Service.Port);
  return { id: Service.ID, service, host, port: Service.Port, origin, version: Service.Meta?.['version'] ?? null };
}
