/** What this dialect calls the fields that providers name as chat completions or Anthropic’s messages do. */
export const names: Record<string, string> = {
  citations: 'input.annotations',
  'content.custom': 'input.custom_tool_call',
  'content.file': 'input_file.file_data',
  'document.source.url': 'input_file.file_url',
  'image.source.file_id': 'input_image.file_id',
  'image_url.detail': 'input_image.detail',
  logprobs: 'message.output_text.logprobs',
  'messages.annotations': 'input.annotations',
  reasoning: 'input.reasoning',
  reasoning_content: 'input.reasoning',
  'response_format.json_object': 'text.format',
  'response_format.json_schema.description': 'text.format.description',
  thinking: 'reasoning.summary',
  verbosity: 'text.verbosity',
};
