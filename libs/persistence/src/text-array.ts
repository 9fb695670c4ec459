/** pg_type.dat: the element type `text`. */
const textOid = 25;
/** Dimensions, has-null flag, element type; then of the one dimension its length and lower bound. */
const headerBytes = 20;

/**
 * A parameter of type `text[]` in PostgreSQL's binary format (array_send of arrayfuncs.c). As text an array has every
 * quote of its elements escaped here and unescaped there, which for JSON is most of what an insert costs the client.
 */
export function textArray(texts: readonly string[]): Buffer {
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const buffer = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + size, headerBytes));
  for (const [place, value] of [1, 0, textOid, texts.length, 1].entries()) buffer.writeInt32BE(value, place * 4);
  let at = headerBytes;
  for (const [index, text] of texts.entries()) {
    at = buffer.writeInt32BE(sizes[index] ?? 0, at);
    at += buffer.write(text, at);
  }
  return buffer;
}
