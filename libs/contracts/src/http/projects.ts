import { z } from 'zod';
import { storedText } from '../storable.js';
import { modelName } from '../tokens.js';
import { concurrencyPolicy } from './concurrency.js';
import { contextPolicy } from './context-policy.js';
import { givenName } from './given-name.js';
import { pageOf } from './page.js';

const perMinute = z.int().min(1).max(1_000_000_000).optional();

/** What each session of a project may ask for; without a number there is no limit but the caller’s own. */
export const projectLimits = z
  .strictObject({
    requests_per_minute: perMinute.describe('Turns'),
    tokens_per_minute: perMinute.describe('Of all classes; a turn is let in while there is one left'),
  })
  .meta({ id: 'ProjectLimits' });
export type ProjectLimits = z.infer<typeof projectLimits>;

/** Longer than a name, as a prompt is; of the bytes of a conversation they take none. */
const instructions = storedText(100_000);

export const project = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    model: z.string().nullable().describe('Answers where neither a completion nor its session names one'),
    instructions: z.string().nullable().describe('Given to models before the session’s own'),
    limits: projectLimits,
    concurrency: concurrencyPolicy.nullable().describe('Of its sessions that have none; null is `reject`'),
    context: contextPolicy.nullable().describe('Of its sessions that have none'),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof project>;
export const projectPage = pageOf(project).meta({ id: 'ProjectPage' });
export type ProjectPage = z.infer<typeof projectPage>;
export const createProjectRequest = z
  .strictObject({
    name: givenName,
    model: modelName.optional(),
    instructions: instructions.optional(),
    limits: projectLimits.optional(),
    concurrency: concurrencyPolicy.optional(),
    context: contextPolicy.optional(),
  })
  .meta({ id: 'CreateProjectRequest' });
export type CreateProjectRequest = z.infer<typeof createProjectRequest>;

/** Absent fields stay; null takes away. */
export const updateProjectRequest = z
  .strictObject({
    name: givenName.optional(),
    model: modelName.nullable().optional(),
    instructions: instructions.nullable().optional(),
    limits: projectLimits.optional().describe('All of them; an empty object takes them away'),
    concurrency: concurrencyPolicy.nullable().optional(),
    context: contextPolicy.nullable().optional(),
  })
  .meta({ id: 'UpdateProjectRequest' });
export type UpdateProjectRequest = z.infer<typeof updateProjectRequest>;
