import { isDeepStrictEqual } from 'node:util';
import type { SwaggerDocumentOptions } from '@nestjs/swagger';
import { z } from 'zod';

type Converter = NonNullable<SwaggerDocumentOptions['standardSchemaConverter']>;
type JsonSchema = Record<string, unknown>;

/** What `converted` names its parts by, as swagger expects it. */
const definitions = '#/$defs/';

/** OpenAPI 3.1 uses JSON Schema 2020-12 as it is. Schemas with an id (`.meta({ id })`) become components of that name. */
export function schemaConverter(): Converter {
  const known = new Map<string, JsonSchema>();
  const remember = (name: string, schema: JsonSchema) => {
    const { id: _, ...component } = schema;
    const other = known.get(name);
    if (other && !isDeepStrictEqual(other, component))
      throw new Error(`Two schemas have the id ${name}; or one has it whose input and output differ`);
    known.set(name, component);
    return [name, component] as const;
  };
  return (schema, { schemaType }) => {
    if (!(schema instanceof z.ZodType)) return undefined;
    const {
      $schema: _,
      $defs = {},
      ...json
    } = z.toJSONSchema(schema, { io: schemaType, override: tidy }) as JsonSchema;
    const parts = Object.entries($defs as Record<string, JsonSchema>).map(([name, part]) => remember(name, part));
    if (typeof json['id'] !== 'string') return { schema: json, components: Object.fromEntries(parts) };
    const [name, component] = remember(json['id'], json);
    return { schema: { $ref: definitions + name }, components: Object.fromEntries([...parts, [name, component]]) };
  };
}

/** Leaves out what a format says already, and the bounds of what JavaScript can count to. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
