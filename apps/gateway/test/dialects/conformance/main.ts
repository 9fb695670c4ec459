/** Prints docs/guides/conformance.md; needs the build. */
import { recordingServer } from '../recording-server.ts';
import { documentOf } from './document.ts';
import { matrixOf } from './matrix.ts';
import { surfaces } from './surfaces.ts';

const server = await recordingServer();
process.stdout.write(documentOf(await matrixOf(surfaces, server)));
await server.close();
