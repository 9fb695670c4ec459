import { describe, expect, it } from '@jest/globals';
import type { TextBlock } from '@parley/contracts';
import { annotationsOver, citedTexts, openaiAnnotations, toAnnotation } from './annotations.js';

const page = {
  type: 'web_search_result_location',
  url: 'https://x',
  title: 'X',
  cited_text: 'c',
  encrypted_index: 'e',
};
const place = { type: 'char_location', document_index: 0, document_title: 'D', cited_text: 'c', file_id: null };
const range = (start_index: number, end_index: number) => ({ start_index, end_index });

const annotated = (text: string, ...annotations: object[]): TextBlock => ({
  type: 'text',
  text,
  vendor: { openai: { annotations } },
});

describe('an annotation', () => {
  it('has the URL of its source, and none where that is a document', () => {
    expect(toAnnotation(page, range(1, 2))).toEqual({
      type: 'url_citation',
      url_citation: { start_index: 1, end_index: 2, title: 'X', url: 'https://x' },
      citation: page,
    });
    expect(toAnnotation(place, range(1, 2))).toMatchObject({
      url_citation: { start_index: 1, end_index: 2, title: 'D', url: '' },
      citation: place,
    });
    expect(toAnnotation({ source: 'https://y', title: null }, range(0, 1))).toMatchObject({
      url_citation: { url: 'https://y', title: '' },
    });
    expect(toAnnotation({ source: 'shelf 3', title: 'S' }, range(0, 1))).toMatchObject({
      url_citation: { title: 'S', url: '' },
    });
  });

  it('is over the part of all the text that it is about', () => {
    const cited = { type: 'text' as const, text: 'is', vendor: { anthropic: { citations: [page] } } };
    const content = [{ type: 'text' as const, text: '🦜 ' }, { type: 'reasoning' as const, text: 'hm' }, cited];
    expect(annotationsOver(content)).toEqual([toAnnotation(page, range(2, 4))]);
  });

  it('becomes the citation of its part of the text again, whatever characters are before it', () => {
    const block = annotated('🦜 is grey', toAnnotation(page, range(2, 4)), toAnnotation(place, range(2, 4)));
    expect(citedTexts({ ...block, cache: {} })).toEqual({
      lost: false,
      texts: [
        { type: 'text', text: '🦜 ' },
        { type: 'text', text: 'is', vendor: { anthropic: { citations: [page, place] } } },
        { type: 'text', text: ' grey', cache: {} },
      ],
    });
  });

  it.each<[string, object]>([
    ['outside of the text', toAnnotation(page, range(5, 99))],
    ['of another provider', { type: 'url_citation', url_citation: { ...range(0, 1), title: '', url: 'https://x' } }],
  ])('%s is lost to Anthropic, and the text is not', (_which, annotation) => {
    expect(citedTexts(annotated('words', annotation))).toEqual({
      lost: true,
      texts: [{ type: 'text', text: 'words' }],
    });
  });

  it('is known to OpenAI where it has a URL', () => {
    const url_citation = { ...range(0, 1), title: 'X', url: 'https://x' };
    const known = { type: 'url_citation', url_citation };
    expect(openaiAnnotations(annotated('words', known))).toEqual({ known: [known], lost: false });
    expect(openaiAnnotations(annotated('words', { ...known, citation: page }))).toEqual({ known: [known], lost: true });
    expect(openaiAnnotations(annotated('words', toAnnotation(place, range(0, 1))))).toEqual({ known: [], lost: true });
  });
});
