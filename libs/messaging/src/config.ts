import { z } from 'zod';

/** Environment of a service that meets the broker. Each variable may also come from a file, `NAME_FILE`. */
export const amqpConfig = {
  /** `amqps://` encrypts and verifies the broker's certificate and name. */
  AMQP_URL: z.url({ protocol: /^amqps?$/ }),
  /** PEM of the private CA that signed the broker's certificate; usually given as AMQP_CA_FILE. */
  AMQP_CA: z.string().includes('BEGIN CERTIFICATE').optional(),
};

export type AmqpConfig = z.infer<z.ZodObject<typeof amqpConfig>>;
