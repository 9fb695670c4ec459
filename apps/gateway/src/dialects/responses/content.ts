import type { Block } from '@parley/contracts';
import { cacheMarks, fromChatPart } from '../openai/messages.js';
import { given, isGiven } from '../openai/nulls.js';
import { fromAnnotations } from './annotations.js';
import type { MessagePart, PartOf } from './content.schema.js';
import type { Uncarried } from './uncarried.js';

function image(part: PartOf<'input_image'>, path: string, uncarried: Uncarried): Block {
  const detail = given(part.detail);
  const marked = { prompt_cache_breakpoint: given(part.prompt_cache_breakpoint) };
  if (typeof part.image_url === 'string') {
    return fromChatPart({ type: 'image_url', image_url: { url: part.image_url, detail }, ...marked });
  }
  if (typeof part.file_id !== 'string') return uncarried.refuse(path, 'an image has an image_url or a file_id');
  const source = { kind: 'file' as const, file_id: part.file_id };
  return { type: 'image', source, ...(detail && { detail }), ...cacheMarks(marked) };
}

function file(part: PartOf<'input_file'>, path: string, uncarried: Uncarried): Block {
  if (isGiven(part.detail) && part.detail !== 'auto') uncarried.drop('input_file.detail');
  const marked = { prompt_cache_breakpoint: given(part.prompt_cache_breakpoint) };
  const filename = given(part.filename);
  if (typeof part.file_url === 'string') {
    const source = { kind: 'url' as const, url: part.file_url };
    const title = filename !== undefined && { title: filename };
    return { type: 'document', source, ...title, ...cacheMarks(marked) };
  }
  const [file_data, file_id] = [given(part.file_data), given(part.file_id)];
  if (file_data === undefined && file_id === undefined) {
    return uncarried.refuse(path, 'a file has file_data, a file_url or a file_id');
  }
  return fromChatPart({ type: 'file', file: { file_data, file_id, filename }, ...marked });
}

/** What the model had said. */
function said({ text, annotations }: PartOf<'output_text'>, uncarried: Uncarried): Block {
  const { known, lost } = fromAnnotations(annotations ?? []);
  if (lost) uncarried.drop('input.annotations');
  return { type: 'text', text, ...(known.length > 0 && { vendor: { openai: { annotations: known } } }) };
}

/** One part of a message or of a tool’s result. */
function fromPart(part: MessagePart, path: string, uncarried: Uncarried): Block {
  switch (part.type) {
    case 'input_text': {
      const prompt_cache_breakpoint = given(part.prompt_cache_breakpoint);
      return fromChatPart({ type: 'text', text: part.text, prompt_cache_breakpoint });
    }
    case 'output_text':
      return said(part, uncarried);
    case 'refusal':
      return fromChatPart(part);
    case 'input_image':
      return image(part, path, uncarried);
    case 'input_file':
      return file(part, path, uncarried);
  }
}

/** Content, where a bare string is short for one text. */
export const fromContent = (content: string | readonly MessagePart[], path: string, uncarried: Uncarried): Block[] =>
  typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : content.map((part, index) => fromPart(part, `${path}.${index}`, uncarried));
