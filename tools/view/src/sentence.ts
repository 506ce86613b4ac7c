// One sentence for one event, in words: which key of the table, and with which values.

import { address, objectName, pageName, regionName, rights, taskName } from './names';
import { parseProgramLine } from './trace';
import type { View } from './skin';
import { known, say, type Lang, type Values } from './words';

/** => the values of the placeholders for EVENT: its own fields, and names for what they mean */
function valuesFor(view: View, lang: Lang): Values {
	const { event, state } = view, fields = event.values as Record<string, number | string>;
	const values: Values = { ...fields };
	for (const name of ['va', 'start', 'end', 'old', 'ip', 'at', 'from'])
		if (typeof fields[name] === 'number')
			values[name] = address(fields[name]);
	values.task = taskName(state, event.label, lang);
	if (typeof fields.va === 'number') {
		const va = fields.va, space = state.spaces.get(event.label);
		const region = space?.regions.find((r) => r.start <= va && va < r.end);
		values.page ??= pageName(va);
		values.frame ??= space?.entries.get(va)?.[0] ?? '?';
		values.object = values.region = region ? regionName(state, region, lang) : say('region.none', lang);
	} else if (typeof fields.page === 'number') {
		values.page = address(fields.page);
	}
	if (typeof fields.obj === 'number') {
		values.object = objectName(state, fields.obj, lang);
		values.region = fields.obj ? values.object : say('region.anonymous', lang);
	}
	if (typeof fields.prot === 'number')
		values.prot = rights(fields.prot);
	if (typeof fields.parent === 'number')
		values.parent = taskName(state, fields.parent, lang);
	if (typeof fields.state === 'string')
		values.state = say(`state.${fields.state}`, lang);
	return values;
}

/** => the key for EVENT: the most exact one that the table has */
function keyFor(view: View): string {
	const { event } = view, fields = event.values as Record<string, number | string>;
	if (event.name === 'fault') {
		const { result, row, access, major } = event.values;
		return result === 'ok' ? `fault.${row}.${access}.${major ? 'major' : 'minor'}` : `fault.${result}.${access}`;
	}
	const words = Object.values(fields).filter((v) => typeof v === 'string').map((v) => `event.${event.name}.${v}`);
	const numbers = ['wired', 'writable', 'order', 'error'].filter((f) => f in fields)
		.map((f) => `event.${event.name}.${fields[f] ? 'on' : 'off'}`);
	return [...words, ...numbers].find(known) ?? `event.${event.name}`;
}

/** => what has just happened. SUFFIX: `.library` for the words of the library, where there are any. */
export function sentence(view: View, lang: Lang, suffix = ''): string {
	const { event } = view;
	if (event.name === 'user') {
		const line = parseProgramLine(event.values.line);
		if (line)
			return say('line.' + line.name.replace(' ', '.'), lang, hexed(line.values as unknown as Record<string, number>));
	}
	const key = keyFor(view);
	return say(known(key + suffix) ? key + suffix : key, lang, valuesFor(view, lang));
}

function hexed(fields: Record<string, number>): Values {
	return Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, k === 'at' || k === 'from' ? address(v) : v]));
}
