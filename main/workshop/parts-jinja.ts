/** Owns writing a template of pieces as Jinja, for programs that read no other; never the other way round. */
import type { TemplateParts } from '../../preload/contract/template-parts.js';

/** @returns a template that writes the same prompts, with white space between its tags that is none of them */
export function partsAsJinja(parts: TemplateParts): string {
  const { defaultSystem, system, noSystem = '', userPrefix, nextUserPrefix, trim } = parts;
  const trimmed = trim === true ? ' | trim' : '';
  const [before, after] = system.split('{system}');
  const head =
    after === undefined
      ? [`{{- ${text(noSystem)} -}}`]
      : [
          `{%- set ns = namespace(system='') -%}`,
          `{%- for m in messages if m['role'] == 'system' -%}`,
          `{%- set ns.system = ns.system + ('' if ns.system == '' else '\\n\\n') + m['content'] -%}`,
          `{%- endfor -%}`,
          `{%- if ns.system == '' -%}{%- set ns.system = ${text(defaultSystem)} -%}{%- endif -%}`,
          `{%- if ns.system == '' -%}{{- ${text(noSystem)} -}}`,
          `{%- else -%}{{- ${text(before!)} + (ns.system${trimmed}) + ${text(after)} -}}{%- endif -%}`,
        ];
  const user =
    nextUserPrefix === undefined
      ? text(userPrefix)
      : `(${text(userPrefix)} if loop.first else ${text(nextUserPrefix)})`;
  return [
    ...head,
    `{%- for m in messages if m['role'] != 'system' -%}`,
    `{%- if m['role'] == 'user' -%}`,
    `{{- ${user} + (m['content']${trimmed}) + ${text(parts.userSuffix)} -}}`,
    `{%- else -%}`,
    `{{- ${text(parts.assistantPrefix + parts.assistantJoin)} + (m['content']${trimmed}) + ${text(parts.assistantSuffix)} -}}`,
    `{%- endif -%}`,
    `{%- endfor -%}`,
    `{%- if add_generation_prompt -%}{{- ${text(parts.assistantPrefix)} -}}{%- endif -%}`,
    '',
  ].join('\n');
}

/** A string of Jinja; the date is the program's that renders it. */
function text(value: string): string {
  const pieces = value.split('{date}').map((piece) => JSON.stringify(piece));
  return pieces.length === 1 ? pieces[0]! : `(${pieces.join(` + strftime_now('%d %b %Y') + `)})`;
}
