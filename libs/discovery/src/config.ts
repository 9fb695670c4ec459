import { z } from 'zod';

const address = z.url({ protocol: /^http$/ });

/** `auth=http://10.0.0.5:4001,auth=http://10.0.0.6:4001`: a service may have several addresses. */
const addressList = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  )
  .pipe(
    z.array(
      z
        .string()
        .regex(/^[a-z-]+=/, 'must read name=http://host:port, separated by commas')
        .transform((entry) => {
          const equals = entry.indexOf('=');
          return { service: entry.slice(0, equals), url: entry.slice(equals + 1) };
        })
        .pipe(z.object({ service: z.string(), url: address })),
    ),
  );

/** Where instances find one another. Spread it into a service's own schema. */
export const discoveryConfig = {
  /** The Consul agent; without it the addresses below are all there is. */
  CONSUL_URL: z.url({ protocol: /^http$/ }).optional(),
  /** Fixed addresses, used where there is no CONSUL_URL (Kubernetes, tests). */
  PARLEY_ADDRESSES: addressList.default([]),
  /** The host under which others reach this instance; it is what Consul hands out and checks. */
  PARLEY_ADVERTISE_HOST: z.string().min(1).default('127.0.0.1'),
};

export type DiscoveryConfig = z.infer<z.ZodObject<typeof discoveryConfig>>;
export type StaticAddress = DiscoveryConfig['PARLEY_ADDRESSES'][number];
