/** Prints docs/events/asyncapi.json. */
import { readFileSync } from 'node:fs';
import { events } from '@parley/contracts';
import { asyncApiDocument } from './asyncapi-document.ts';

const manifest = new URL('../../libs/contracts/package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
process.stdout.write(`${JSON.stringify(asyncApiDocument(events, version), null, 2)}\n`);
