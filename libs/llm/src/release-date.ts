/** Anthropic dates its releases `-20260101`, OpenAI `-2026-01-01`. */
const dated = /-(\d{8}|\d{4}-\d{2}-\d{2})$/;

/** The model that this is a dated release of; itself where it is none. */
export const undated = (model: string): string => model.replace(dated, '');
