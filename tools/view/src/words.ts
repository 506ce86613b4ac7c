// The words of the page in both languages, from the table that tools/trace/story and GDB use too.

import words from '../words.json';

export type Lang = 'en' | 'ja';
export type Values = Record<string, string | number>;

const TABLE: Record<string, Record<Lang, string>> = words;

export const known = (key: string) => Object.hasOwn(TABLE, key);

/**
 * => the sentence KEY, its placeholders {name} replaced by VALUES; the key itself if there is none, so that a lack is seen.
 * With n = 1, KEY.one if that exists. The backticks round names are for the terminal.
 */
export function say(key: string, lang: Lang, values: Values = {}): string {
	const text = (TABLE[values.n === 1 && known(key + '.one') ? key + '.one' : key]?.[lang] ?? key).replaceAll('`', '');
	const told = text.replace(/\{(\w+)\}/g, (hole, name: string) => (name in values ? String(values[name]) : hole));
	return lang === 'ja' ? told.replaceAll('） ', '）') : told;
}
