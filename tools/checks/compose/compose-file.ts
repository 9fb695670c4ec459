import { parse } from 'yaml';
import { z } from 'zod';

const network = z.object({ ipv4_address: z.string().optional() });

/** As much of a Compose file as the checks look at, in the forms that ours uses; its whole form is dclint's to judge. */
const service = z.object({
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.coerce.string()).default({}),
  /** `source:target[:mode]` */
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.record(z.string(), network).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
export type ComposeService = z.infer<typeof service>;

const composeFile = z.object({ services: z.record(z.string(), service) });
export type ComposeFile = z.infer<typeof composeFile>;

/** @throws ZodError where the file has another form than ours. */
export const readComposeFile = (text: string): ComposeFile => composeFile.parse(parse(text, { merge: true }));

/** The mounts of a service, by where they are in its container. */
export const mountsOf = ({ volumes }: ComposeService): Map<string, string> =>
  new Map(volumes.map((volume) => [volume.split(':')[1] ?? '', volume.split(':')[0] ?? '']));
