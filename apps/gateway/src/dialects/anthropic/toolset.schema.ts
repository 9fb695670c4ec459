import { z } from 'zod';
import { cacheControl } from './cache.schema.js';

const member = z.strictObject({ defer_loading: z.boolean().nullish(), enabled: z.boolean().nullish() }).nullish();

/** A set of tools that Anthropic defines, each of which can be left out. */
const toolset = <Type extends string, Name extends string>(type: Type, names: readonly Name[]) =>
  z.strictObject({
    type: z.literal(type),
    cache_control: cacheControl,
    configs: z
      .strictObject(Object.fromEntries(names.map((name) => [name, member])) as Record<Name, typeof member>)
      .nullish(),
  });

const pointing = [
  'double_click',
  'hold_key',
  'key',
  'left_click',
  'left_click_drag',
  'left_mouse_down',
  'left_mouse_up',
  'middle_click',
  'mouse_move',
  'right_click',
  'screenshot',
  'scroll',
  'triple_click',
  'type',
  'wait',
  'zoom',
] as const;

export const toolsets = [
  toolset('browser_toolset_20260801', [
    ...pointing,
    'close_tab',
    'file_upload',
    'find',
    'form_input',
    'get_page_text',
    'hover',
    'javascript_exec',
    'list_tabs',
    'navigate',
    'new_tab',
    'read_console',
    'read_network',
    'read_page',
    'scroll_to',
    'switch_tab',
  ]),
  toolset('computer_toolset_20260801', [...pointing, 'cursor_position']),
] as const;
