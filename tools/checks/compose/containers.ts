import type { ComposeFile } from './compose-file.ts';

/** What any Compose file can get wrong about its containers; `exists` answers for paths of the repository. */
export function containerFaults({ services }: ComposeFile, exists: (path: string) => boolean): string[] {
  return Object.entries(services).flatMap(([name, { volumes, build, depends_on }]) => {
    const paths = volumes.map((volume) => volume.split(':')[0] ?? '').filter((source) => source.startsWith('.'));
    if (build !== undefined) paths.push(`${build.context}/${build.dockerfile}`);
    return [
      ...paths.filter((path) => !exists(path)).map((path) => `${name}: no such path: ${path}`),
      ...Object.entries(depends_on).flatMap(([other, { condition }]) =>
        conditionFaults(services, other, condition).map((fault) => `${name}: ${fault}`),
      ),
    ];
  });
}

/** A service that stays is waited for until it is healthy, one that ends until it has ended well. */
function conditionFaults(services: ComposeFile['services'], other: string, condition: string): string[] {
  const service = services[other];
  if (service === undefined) return [`waits for nobody: ${other}`];
  const wanted = service.healthcheck === undefined ? 'service_completed_successfully' : 'service_healthy';
  return condition === wanted ? [] : [`must wait for ${other} by ${wanted}`];
}
