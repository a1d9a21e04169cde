/** Owns which texts a user keeps in the workshop, and in which forms they are written; free of zod, so that the page stays small. */

/** What a reply is held to, and how a conversation becomes a prompt. */
export const shelves = ['grammar', 'template'] as const;
export type Shelf = (typeof shelves)[number];

/** `parts`: a template as a record of pieces; `jinja`: one as Hugging Face's chat templates are. */
export const workshopForms = ['gbnf', 'json-schema', 'parts', 'jinja'] as const;
export type WorkshopForm = (typeof workshopForms)[number];

export const shelfOf: { readonly [F in WorkshopForm]: Shelf } = {
  gbnf: 'grammar',
  'json-schema': 'grammar',
  parts: 'template',
  jinja: 'template',
};
