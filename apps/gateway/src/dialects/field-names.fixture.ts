/** What tells an object from others of its union. */
type Tag<T> = 'type' extends keyof T ? Literal<T['type']> : 'role' extends keyof T ? Literal<T['role']> : '';
type Literal<Value> = Value extends string ? (string extends Value ? '' : Value) : never;

/**
 * The name of every field of a type, at whatever depth, as `tag.field`. Objects with names of the caller's own, as
 * schemas and metadata are, have none.
 */
export type FieldNames<T> = T extends string
  ? never
  : T extends readonly (infer Item)[]
    ? FieldNames<Item>
    : T extends object
      ? string extends keyof T
        ? never
        : { [Field in keyof T & string]-?: `${Tag<T>}.${Field}` | FieldNames<T[Field]> }[keyof T & string]
      : never;
