import { printable } from './terminal-text.ts';

/*
 * What replay prints as Markdown goes into a comment that a bot posts, and much of it was written by strangers: a budget's name can
 * hold a link, a mention or HTML. So no foreign text is ever Markdown: it stands in <code> or <pre>, where GitHub makes neither
 * mentions nor references nor links, with every character that could end that or begin anything else as a numeric entity.
 */

/** A foreign text as code within a line or a table's cell: one line, at most so many characters. */
export function markdownCode(text: string, most = 160): string {
  const characters = [...printable(text)];
  const shown = characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('');
  return `<code>${shown.replace(/[^\p{L}\p{M}\p{N}\s,…→\ufffd-]/gu, entity)}</code>`;
}

/** Lines of plain text as a block, just as they are. */
export function markdownBlock(text: string): string {
  return `<pre>\n${text.replace(/[&<>@`"']/g, entity)}</pre>\n`;
}

/** A part that is folded until somebody opens it. The summary is Markdown of our own. */
export function markdownDetails(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n</details>\n`;
}

/** As many of the parts, from the first on, as so many characters hold, and how many are left over. */
export function takeWithin(parts: readonly string[], most: number): { readonly text: string; readonly leftOver: number } {
  let text = '';
  for (const [index, part] of parts.entries()) {
    if (text.length + part.length > most) return { text, leftOver: parts.length - index };
    text += part;
  }
  return { text, leftOver: 0 };
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
