import fc from 'fast-check';
import { marked, marker, merged, optional, some } from './words.js';

const { id: name, args: json, base64, url } = marked;

const inputText = marker.map((text) => ({ type: 'input_text', text }));
const inputImage = fc
  .oneof(
    base64.map((data) => `data:image/png;base64,${data}`),
    url,
  )
  .map((image_url) => ({ type: 'input_image', detail: 'auto', image_url }));
const inputFile = fc
  .tuple(base64, name)
  .map(([data, filename]) => ({ type: 'input_file', filename, file_data: `data:application/pdf;base64,${data}` }));

const said = fc.oneof(marker, some(fc.oneof(inputText, inputImage, inputFile)));
const told = fc.oneof(marker, some(inputText));

const message = fc.oneof(
  said.map((content) => [{ type: 'message', role: 'user', content }]),
  fc.tuple(fc.constantFrom('system', 'developer'), told).map(([role, content]) => [{ role, content }]),
  marker.map((content) => [{ role: 'assistant', content }]),
  some(marker).map((texts) => [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: texts.map((text) => ({ type: 'output_text', text, annotations: [] })),
    },
  ]),
  marker.map((refusal) => [
    { type: 'message', id: 'msg_2', role: 'assistant', content: [{ type: 'refusal', refusal }] },
  ]),
);

/** Calls of one turn and their results, in the order of the calls. */
const calls = some(fc.tuple(marker, name, json, told)).map((made) => [
  ...made.map(([call_id, called, text]) => ({ type: 'function_call', call_id, name: called, arguments: text })),
  ...made.map(([call_id, , , output]) => ({ type: 'function_call_output', call_id, output })),
]);

const tool = merged(
  name.map((called) => ({ type: 'function', name: called })),
  marker.map((title) => ({ parameters: { type: 'object', title } })),
  optional('description', marker),
  optional('strict', fc.boolean()),
);

/** Requests of the Responses dialect that every provider can carry. */
export const responseRequests = (): fc.Arbitrary<object> =>
  merged(
    fc.record({
      model: fc.constant('m'),
      input: fc.oneof(
        marker,
        some(fc.oneof(message, calls)).map((all) => all.flat()),
      ),
    }),
    optional('instructions', marker),
    optional('tools', some(tool)),
    optional('max_output_tokens', fc.integer({ min: 1, max: 9_999 })),
    optional('reasoning', fc.constantFrom({ effort: 'low' }, { effort: 'high', summary: 'auto' })),
    optional(
      'text',
      marker.map((title) => ({ format: { type: 'json_schema', name: 'n', schema: { type: 'object', title } } })),
    ),
    optional('tool_choice', fc.constantFrom('auto', 'none', 'required')),
    optional('metadata', fc.constant({ a: 'b' })),
    optional('safety_identifier', marker),
    optional('store', fc.constant(false)),
  );
