import type { z } from 'zod';
import { mountsOf, type ComposeFile, type ComposeService } from './compose-file.ts';

/** One of our services, as its own sources describe it. */
export interface OwnService {
  readonly config: z.ZodObject;
  readonly dockerfile: string;
  /** Names of the secrets that deploy/docker/secrets.mjs makes for it. */
  readonly secrets: readonly string[];
}

/** What OpenTelemetry reads by itself, before there is a configuration. */
const tracing = /^OTEL_/;
const secretsFolder = '/run/secrets/';

/** Where the settings of our services in a Compose file and the services themselves disagree. */
export function serviceFaults(file: ComposeFile, own: Readonly<Record<string, OwnService>>): string[] {
  return Object.entries(own).flatMap(([name, source]) => {
    const service = file.services[name];
    if (service === undefined) return [`${name}: is missing`];
    return [
      ...Object.entries(service.environment).flatMap(([variable, value]) => variableFaults(variable, value, source)),
      ...missing(service, source),
      ...imageFaults(name, service, source),
      ...healthFaults(service),
      ...secretFaults(name, service, source),
      ...neighbourFaults(service, file),
    ].map((fault) => `${name}: ${fault}`);
  });
}

function variableFaults(variable: string, value: string, { config }: OwnService): string[] {
  if (tracing.test(variable)) return [];
  if (variable === 'PARLEY_EDGE_PORT') return ['PARLEY_EDGE_PORT is set, behind Kong'];
  const rule = config.shape[variable] as z.ZodType | undefined;
  if (rule === undefined) return isFromFile(variable, config) ? [] : [`knows no ${variable}`];
  const given = valueOf(value);
  return given === '' || rule.safeParse(given).success ? [] : [`would refuse ${variable}`];
}

const isFromFile = (variable: string, { shape }: z.ZodObject): boolean =>
  variable.endsWith('_FILE') && variable.slice(0, -'_FILE'.length) in shape;

/** The value that Compose gives where nothing is set: `${NAME:-default}` is its default. */
const valueOf = (value: string): string =>
  value.replaceAll(/\$\{\w+(?::-([^}]*))?\}/g, (_, given?: string) => given ?? '');

function missing({ environment }: ComposeService, { config }: OwnService): string[] {
  const { error } = config.safeParse({});
  return (error?.issues ?? [])
    .map(({ path }) => String(path[0]))
    .filter((variable) => !(variable in environment) && !(`${variable}_FILE` in environment))
    .map((variable) => `lacks ${variable}`);
}

function imageFaults(
  name: string,
  { build, entrypoint, command }: ComposeService,
  { dockerfile }: OwnService,
): string[] {
  const runs = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1];
  return [
    ...(build?.context === '.' && build.dockerfile === `apps/${name}/Dockerfile` ? [] : ['is built from elsewhere']),
    ...(JSON.stringify(command) === JSON.stringify(JSON.parse(runs ?? 'null'))
      ? []
      : ['has another command than its image']),
    ...(entrypoint?.[1] === '/parley/start.sh' ? [] : ['is not started by start.sh']),
  ];
}

function healthFaults({ healthcheck }: ComposeService): string[] {
  return healthcheck?.test.join(' ').includes('/health/ready') === true ? [] : ['is not gated by /health/ready'];
}

function secretFaults(name: string, service: ComposeService, { secrets }: OwnService): string[] {
  const mounts = mountsOf(service);
  const files = Object.entries(service.environment).filter(
    ([variable, path]) => variable.endsWith('_FILE') && !mounts.has(path),
  );
  return [
    ...(mounts.get('/run/secrets') === `${name}-secrets` ? [] : ['does not have its own secrets']),
    ...files
      .filter(([, path]) => !path.startsWith(secretsFolder) || !secrets.includes(path.slice(secretsFolder.length)))
      .map(([variable]) => `${variable} names a file that nobody makes`),
  ];
}

/** Whoever an address names has to be there first. */
function neighbourFaults({ environment, depends_on }: ComposeService, { services }: ComposeFile): string[] {
  return Object.entries(environment).flatMap(([variable, value]) => {
    const host = /^\w+:\/\/([\w.-]+)/.exec(value)?.[1];
    if (host === undefined) return [];
    if (!(host in services)) return [`${variable} names no service: ${host}`];
    return host in depends_on ? [] : [`does not wait for ${host}`];
  });
}
