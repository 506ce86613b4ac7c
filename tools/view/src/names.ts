// How things are called in the page: tasks, pages, regions, addresses.

import { linksOf } from './links';
import { HEAP, type Region, type State } from './state';
import { say, type Lang } from './words';

export const hex = (n: number) => '0x' + n.toString(16);
export const address = (va: number) => '0x' + va.toString(16).padStart(8, '0');
/** In a small box, a virtual page is called by the end of its number: the last digits of its address but three. */
export const shortName = (va: number) => ((va >>> 12) & 0xfff).toString(16).padStart(3, '0');
/** The last part of a path. */
export const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

export const BUILDING = 100000; // added to a task's number while exec builds its new memory
const GROWS_DOWN = 2;

export function taskName(state: State, label: number, lang: Lang): string {
	const name = state.names.get(label % BUILDING);
	return name ? say('task.named', lang, { name, label }) : say('task.unnamed', lang, { label });
}

export function objectName(state: State, obj: number, lang: Lang): string {
	return state.objectNames.get(obj) ?? say('object.unnamed', lang);
}

export function regionName(state: State, region: Region, lang: Lang): string {
	if (region.obj)
		return state.objectNames.get(region.obj) ?? say('object.unnamed', lang);
	if (region.flags & HEAP)
		return say('page.heap', lang);
	return say(region.flags & GROWS_DOWN ? 'page.stack' : 'page.anonymous', lang);
}

/** => PROT as in /proc/PID/maps: `rw-` */
export const rights = (prot: number) => (prot & 1 ? 'r' : '-') + (prot & 2 ? 'w' : '-') + (prot & 4 ? 'x' : '-');

/** => what is in FRAME, in words */
export function frameOwner(state: State, frame: number, lang: Lang): string {
	const links = linksOf(state), page = state.holder.get(frame);
	const place = (page ? links.owners.get(page) : links.mappers.get(frame)) ?? [];
	const file = links.files.get(frame) ?? (page ? links.shared.get(page) : undefined);
	if (file)
		return say('page.object', lang, { index: file.index, object: objectName(state, file.obj, lang) });
	if (!place[0])
		return say(`framealloc.state.${state.frames.get(frame)?.[1] ?? 'free'}`, lang);
	const values = { page: hex(place[0].va), task: taskName(state, place[0].label, lang), others: place.length - 1 };
	return say(place.length > 1 ? 'page.shared' : 'page.private', lang, values);
}
