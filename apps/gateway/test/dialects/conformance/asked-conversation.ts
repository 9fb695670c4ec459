import { hi, user, type Asked, type Form, type Group } from './feature.ts';
import { page } from './sources.ts';

const ok = { role: 'assistant', content: 'ok' } as const;
const chat = (...messages: readonly Form[]): Form => ({ messages });
const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } as const;
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } as const;

const imageUrl = (fields: Form): Form => ({ type: 'image_url', image_url: fields });
const image = (source: Form, more: Form = {}): Form => ({ type: 'image', source, ...more });
const file = (fields: Form): Form => ({ type: 'file', file: fields });
const document = (source: Form, more: Form = {}): Form => ({ type: 'document', source, ...more });
const text = (words: string, more: Form = {}): Form => ({ type: 'text', text: words, ...more });

export const instructions: Group<Asked> = {
  title: 'Instructions and turns',
  rows: [
    {
      feature: 'turns of text, whatever its characters',
      forms: {
        chat: chat(hi, ok, { role: 'user', content: '“é” 🦜 \ud800' }),
        messages: chat(hi, ok, { role: 'user', content: '“é” 🦜 \ud800' }),
      },
    },
    {
      feature: 'system instruction',
      forms: {
        chat: chat({ role: 'system', content: 'Be kind.' }, hi),
        messages: { system: 'Be kind.' },
      },
    },
    {
      feature: 'several system instructions',
      forms: {
        chat: chat({ role: 'system', content: [text('Be kind.'), text('Be brief.')] }, hi),
        messages: { system: [text('Be kind.'), text('Be brief.')] },
      },
    },
    {
      feature: 'developer instruction',
      forms: { chat: chat({ role: 'developer', content: 'Be kind.' }, hi) },
      told: {
        anthropic: { form: { system: 'Be kind.' }, as: 'as `system`' },
        other: { form: chat({ role: 'system', content: 'Be kind.' }, hi), as: 'as `system`' },
      },
    },
    {
      feature: 'instruction among the turns',
      forms: {
        chat: chat(hi, ok, { role: 'system', content: 'Be brief.' }, hi),
        messages: chat(hi, ok, { role: 'system', content: 'Be brief.' }, hi),
      },
    },
    {
      feature: 'name of a participant',
      forms: {
        chat: chat(
          { role: 'system', content: 'Be kind.', name: 'Ann' },
          { role: 'developer', content: 'Be brief.', name: 'Bob' },
          { ...hi, name: 'Cem' },
          { ...ok, name: 'Dai' },
          hi,
        ),
      },
      told: {
        other: {
          form: chat(
            { role: 'system', content: 'Be kind.', name: 'Ann' },
            { role: 'system', content: 'Be brief.', name: 'Bob' },
            { ...hi, name: 'Cem' },
            { ...ok, name: 'Dai' },
            hi,
          ),
          as: '',
        },
      },
    },
    {
      feature: 'refusal as a part of a message, given back',
      forms: {
        chat: chat(hi, { role: 'assistant', content: [text('Well.'), { type: 'refusal', refusal: 'No.' }] }, hi),
      },
      told: {
        anthropic: { form: chat(hi, { role: 'assistant', content: [text('Well.'), text('No.')] }, hi), as: 'as text' },
      },
    },
    {
      feature: 'refusal, given back',
      forms: {
        chat: chat(hi, { role: 'assistant', content: null, refusal: 'No.' }, hi),
      },
      told: {
        anthropic: { form: chat(hi, { role: 'assistant', content: 'No.' }, hi), as: 'as text' },
      },
    },
  ],
};

export const media: Group<Asked> = {
  title: 'Images, documents and sound',
  rows: [
    {
      feature: 'image as bytes',
      forms: {
        chat: chat(user(imageUrl({ url: `data:image/png;base64,${png.data}` }))),
        messages: chat(user(image(png))),
      },
    },
    {
      feature: 'image by URL',
      forms: {
        chat: chat(user(imageUrl({ url: 'https://example.org/a.png' }))),
        messages: chat(user(image({ type: 'url', url: 'https://example.org/a.png' }))),
      },
    },
    { feature: 'image that was uploaded', forms: { messages: chat(user(image({ type: 'file', file_id: 'file_1' }))) } },
    {
      feature: 'how closely an image is looked at',
      forms: { chat: chat(user(imageUrl({ url: 'https://x/a.png', detail: 'high' }))) },
    },
    {
      feature: 'what is done to an image that is too large',
      forms: { messages: chat(user(image(png, { transformations: { oversized_image: 'error' } }))) },
    },
    {
      feature: 'PDF as bytes, with its name',
      forms: {
        chat: chat(user(file({ file_data: `data:application/pdf;base64,${pdf.data}`, filename: 'a.pdf' }))),
        messages: chat(user(document(pdf, { title: 'a.pdf' }))),
      },
    },
    {
      feature: 'document that was uploaded',
      forms: {
        chat: chat(user(file({ file_id: 'file_1' }))),
        messages: chat(user(document({ type: 'file', file_id: 'file_1' }))),
      },
    },
    { feature: 'document by URL', forms: { messages: chat(user(document({ type: 'url', url: 'https://x/a.pdf' }))) } },
    {
      feature: 'document of plain text, with its title',
      forms: {
        messages: chat(user(document({ type: 'text', media_type: 'text/plain', data: 'plain' }, { title: 'A' }))),
      },
      told: {
        openai: { form: chat({ role: 'user', content: 'A\n\nplain' }), as: 'as text' },
        other: { form: chat({ role: 'user', content: 'A\n\nplain' }), as: 'as text' },
      },
    },
    {
      feature: 'document of several parts',
      forms: { messages: chat(user(document({ type: 'content', content: [text('a'), image(png)] }))) },
      told: {
        openai: {
          form: chat(user(text('a'), imageUrl({ url: `data:image/png;base64,${png.data}` }))),
          as: 'as its parts',
        },
        other: {
          form: chat(user(text('a'), imageUrl({ url: `data:image/png;base64,${png.data}` }))),
          as: 'as its parts',
        },
      },
    },
    { feature: 'context of a document', forms: { messages: chat(user(document(pdf, { context: 'from 2026' }))) } },
    {
      feature: 'search result',
      forms: { messages: chat(user({ type: 'search_result', source: 's', title: 't', content: [text('x')] })) },
    },
    {
      feature: 'sound',
      forms: { chat: chat(user({ type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } })) },
    },
    {
      feature: 'spoken answer, given back',
      forms: { chat: chat(hi, { role: 'assistant', content: null, audio: { id: 'a' } }, hi) },
    },
    {
      feature: 'file for a container',
      forms: { messages: chat(user({ type: 'container_upload', file_id: 'file_1' })) },
    },
  ],
};

const over = { start_index: 0, end_index: 2, title: 'X', url: 'https://x' };

export const citations: Group<Asked> = {
  title: 'Sources',
  rows: [
    { feature: 'sources wanted', forms: { messages: chat(user(document(pdf, { citations: { enabled: true } }))) } },
    {
      feature: 'Anthropic’s citation, given back',
      forms: {
        chat: chat(hi, { ...ok, annotations: [{ type: 'url_citation', url_citation: over, citation: page }] }, hi),
        messages: chat(hi, { role: 'assistant', content: [text('ok', { citations: [page] })] }, hi),
      },
    },
    {
      feature: 'OpenAI’s citation, given back',
      forms: { chat: chat(hi, { ...ok, annotations: [{ type: 'url_citation', url_citation: over }] }, hi) },
    },
  ],
};
