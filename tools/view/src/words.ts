// The words of the page in both languages, from the table that tools/trace/story and GDB use too. They are more than half of the
// page's text, so the page carries them deflated.

import packed from 'virtual:words';

export type Lang = 'en' | 'ja';
export type Values = Record<string, string | number>;

let table: Record<string, Record<Lang, string>> = {};

/** Unpacks the words; to be awaited once, before anything is said. */
export async function loadWords() {
	const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
	table = await new Response(stream).json();
}

export const known = (key: string) => Object.hasOwn(table, key);

/** => the sentence KEY, its placeholders {name} replaced by VALUES; the key itself if there is none, so that a lack is seen */
export function say(key: string, lang: Lang, values: Values = {}): string {
	const text = table[key]?.[lang] ?? key;
	return text.replace(/\{(\w+)\}/g, (hole, name: string) => (name in values ? String(values[name]) : hole));
}
