import type { Platform } from '../../tools/stack/platform.ts';

/** How many instances of a service Consul sends callers to. */
export async function passing({ env }: Platform, service: string): Promise<number> {
  const url = `${env['PARLEY_CONSUL_URL'] ?? ''}/v1/health/service/${service}?passing=1`;
  return ((await (await fetch(url)).json()) as unknown[]).length;
}
