import type { Expert } from '@parley/contracts';
import type { ExpertDefinition } from './expert-file.js';

/** Who is asked, in the order of the configuration. */
export class Circle {
  constructor(readonly experts: readonly ExpertDefinition[]) {}
}

/** What callers see of an expert: its instructions are the operator's own. */
export const toExpert = ({ id, name, description, model }: ExpertDefinition): Expert => ({
  id,
  name,
  description,
  model,
});
