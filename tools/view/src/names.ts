// How things are called in the page: tasks, pages, regions, addresses.

import { HEAP, type Region, type State } from './state';
import { say, type Lang } from './words';

export const hex = (n: number) => '0x' + n.toString(16);
export const address = (va: number) => '0x' + va.toString(16).padStart(8, '0');
/** A virtual page is called by its number in hex: the address without its last three digits. */
export const pageName = (va: number) => (va >>> 12).toString(16);

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
