/** A page that Anthropic cites. */
export const page = {
  type: 'web_search_result_location',
  url: 'https://x',
  title: 'X',
  cited_text: 'c',
  encrypted_index: 'e',
};

/** A place in a document that it cites. */
export const place = {
  type: 'char_location',
  document_index: 0,
  document_title: 'D',
  cited_text: 'c',
  file_id: null,
  start_char_index: 0,
  end_char_index: 1,
};
