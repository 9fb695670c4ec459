import { afterAll, beforeAll } from '@jest/globals';
import type { TargetName } from './conformance/feature.ts';
import { targetsAt, type Target } from './conformance/targets.ts';
import { recordingServer, type RecordingServer } from './recording-server.ts';

/** The providers of the matrix, all of them one server that records what it is asked; they are there while the file's tests run. */
export interface RecordedTargets {
  readonly server: RecordingServer;
  target(name: TargetName): Target;
}

export function recordedTargets(): RecordedTargets {
  let server: RecordingServer;
  let targets: readonly Target[];

  beforeAll(async () => {
    server = await recordingServer();
    targets = targetsAt(server.url);
  });

  afterAll(async () => {
    await Promise.all(targets.map(({ provider }) => provider.close()));
    await server.close();
  });

  return {
    get server() {
      return server;
    },
    target: (name) => targets.find((target) => target.name === name) as Target,
  };
}
