// One sentence for one event, in words: which key of the table, and with which values.

import { address, BUILDING, frameOwner, hex, objectName, regionName, rights, taskName } from './names';
import { linksOf } from './links';
import { ownEvents } from './steps';
import { parseProgramLine, type TraceEvent } from './trace';
import type { View } from './skin';
import type { State } from './state';
import { known, say, type Lang, type Values } from './words';

/** => the values of the placeholders for EVENT: its own fields, and names for what they mean. SUFFIX: as for sentence() */
function valuesFor(view: View, lang: Lang, suffix: string): Values {
	const { event, state } = view, fields = event.values as Record<string, number | string>;
	const values: Values = { ...fields };
	for (const name of ['va', 'start', 'end', 'old', 'ip', 'at', 'from'])
		if (typeof fields[name] === 'number')
			values[name] = address(fields[name]);
	values.task = taskName(state.names.has(event.label % BUILDING) ? state : view.before, event.label, lang);
	if (typeof fields.va === 'number') {
		const va = fields.va, space = state.spaces.get(event.label);
		const region = space?.regions.find((r) => r.start <= va && va < r.end);
		if (typeof fields.page === 'number')
			values.page = pageName(state, fields.page, lang, suffix);
		values.page ??= hex(va);
		values.frame ??= space?.entries.get(va)?.[0] ?? '?';
		values.object = values.region = region ? regionName(state, region, lang) : say('region.none', lang);
	} else if (typeof fields.page === 'number') {
		const place = placeOf(view, fields.page);
		values.page = place ? say('page.of', lang, { page: hex(place.va), task: taskName(state, place.label, lang) }) : '?';
	}
	if (typeof fields.obj === 'number') {
		values.object = objectName(state, fields.obj, lang);
		values.region = fields.obj ? values.object : say('region.anonymous', lang);
	}
	if (typeof fields.prot === 'number')
		values.prot = rights(fields.prot);
	if (typeof fields.parent === 'number')
		values.parent = taskName(state, fields.parent, lang);
	for (const [name, value] of Object.entries(fields))
		if (known(`${event.name}.${name}.${value}`))
			values[name] = worded(`${event.name}.${name}.${value}`, lang, suffix, {});
	return values;
}

/** => an address of an anonymous page, or one that it had before the step */
const placeOf = ({ state, before }: View, page: number) => (linksOf(state).owners.get(page) ?? linksOf(before).owners.get(page))?.[0];

/** => what an anonymous page is called that has no address yet: where it is. The kernel's own number for it says nothing. */
function pageName(state: State, page: number, lang: Lang, suffix: string): string {
	const { frame, slot } = state.pages.get(page) ?? { frame: 0, slot: 0 };
	return worded(frame ? 'page.in.frame' : slot ? 'page.in.slot' : 'page.new', lang, suffix, { frame, slot });
}

/** => the key for EVENT: the most exact one that the table has */
function keyFor(view: View): string {
	const { event } = view, fields = event.values as Record<string, number | string>;
	if (event.name === 'fault') {
		const { result, row, access, major } = event.values;
		return result === 'ok' ? `fault.${row}.${access}.${major ? 'major' : 'minor'}` : `fault.${result}.${access}`;
	}
	if (typeof fields.page === 'number' && !placeOf(view, fields.page) && known(`event.${event.name}.unnamed`))
		return `event.${event.name}.unnamed`;
	const words = Object.values(fields).map((value) => (typeof value === 'string' ? value : value ? 'on' : 'off'));
	return words.map((word) => `event.${event.name}.${word}`).find(known) ?? `event.${event.name}`;
}

const TOLD = 3; // victims; more are only counted

/** => the sentences about the pages that lost their frames for this fault, and meanwhile by the page-out daemon; empty: none did */
function victims(view: View, lang: Lang, suffix: string): string {
	const { before } = view, own = new Set<TraceEvent>(ownEvents(view)), evicted = new Map<number, string>();
	const mine = new Set<number>(), daemons = new Set([...before.victims.keys()].filter((f) => before.victims.get(f) === 'daemon'));
	let meanwhile = 0;
	for (const event of view.history.events.slice(view.from, view.index)) {
		if (event.name === 'victim' && (own.has(event) || event.values.why === 'daemon')) {
			(own.has(event) ? mine : daemons).add(event.values.frame);
		} else if (event.name === 'evict' && event.values.how !== 'failed') {
			const { frame, kind, how } = event.values;
			evicted.set(frame, how === 'written' && kind === 'file' ? 'file' : how);
			meanwhile += +daemons.delete(frame);
		}
	}
	const list = [...mine].slice(0, TOLD).map((frame) => worded(`story.victim.short.${evicted.get(frame) ?? 'stays'}`, lang, suffix,
		{ frame, owner: frameOwner(before, frame, lang, suffix), slot: view.state.pages.get(before.holder.get(frame) ?? 0)?.slot ?? '?' }));
	if (mine.size > TOLD)
		list.push(say('story.more', lang, { n: mine.size - TOLD }));
	const told = [list.length && worded('story.victims', lang, suffix, { victims: list.join(say('list.items', lang)) }),
		meanwhile && worded(`story.meanwhile.${meanwhile > 1 ? 'pages' : 'page'}`, lang, suffix, { n: meanwhile })];
	return told.filter(Boolean).map((text) => (lang === 'en' ? ' ' : '') + text).join('');
}

/** As say(), in the words of SUFFIX where there are any. */
const worded = (key: string, lang: Lang, suffix: string, values: Values) => say(known(key + suffix) ? key + suffix : key, lang, values);

/** => what has just happened. SUFFIX: `.library` for the words of the library, where there are any. */
export function sentence(view: View, lang: Lang, suffix = ''): string {
	const { event } = view;
	if (event.name === 'user') {
		const line = parseProgramLine(event.values.line);
		if (line)
			return say('line.' + line.name.replace(' ', '.'), lang, hexed(line.values as unknown as Record<string, number>));
	}
	if (event.name === 'snapshot' && view.index === view.history.first) {
		const { frames, slots } = view.history.machine, { policy } = view.state;
		return say('event.snapshot.first', lang, { frames: frames.toLocaleString('en'), slots: slots.toLocaleString('en'), policy });
	}
	const told = eviction(view, lang, suffix) ?? worded(keyFor(view), lang, suffix, valuesFor(view, lang, suffix));
	return event.name === 'fault' ? told + victims(view, lang, suffix) : told;
}

/** => the sentence about an eviction whose page is known */
function eviction({ event, before, state }: View, lang: Lang, suffix: string): string | null {
	if (event.name !== 'evict' || event.values.how === 'failed')
		return null;
	const { frame, kind, how } = event.values, page = before.holder.get(frame), slot = state.pages.get(page ?? 0)?.slot ?? 0;
	if (kind === 'anon' ? !slot : !linksOf(before).files.has(frame))
		return null;
	return worded(`event.evict.${kind}.${how}`, lang, suffix, { frame, slot, owner: frameOwner(before, frame, lang, suffix) });
}

function hexed(fields: Record<string, number>): Values {
	return Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, k === 'at' || k === 'from' ? address(v) : v]));
}

/** => a few words about an event in the life of a thing */
export function shortSentence(event: TraceEvent, state: State, lang: Lang): string {
	const fields = event.values as Record<string, number | string>;
	const values: Values = { ...fields, task: taskName(state, event.label, lang) };
	if (event.name === 'framealloc')
		values.state = say(`framealloc.state.${event.values.state}`, lang);
	const exact = [fields.major ? fields.row + '.major' : '', fields.row, fields.why, fields.verdict, fields.how, fields.state, fields.major ? 'major' : 'minor']
		.map((word) => `life.${event.name}.${word}`).find(known);
	const key = exact ?? `life.${event.name}`;
	return known(key) ? say(key, lang, values) : event.name;
}
