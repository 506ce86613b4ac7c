// How things are called in the page: tasks, pages, regions, addresses.

import { linksOf } from './links';
import { HEAP, type Region } from './space';
import type { State } from './state';
import { known, say, type Lang } from './words';

export const hex = (n: number) => '0x' + n.toString(16);
export const address = (va: number) => '0x' + va.toString(16).padStart(8, '0');
/** In a small box, a virtual page is called by the end of its number: the last digits of its address but three. */
export const shortName = (va: number) => ((va >>> 12) & 0xfff).toString(16).padStart(3, '0');
/** The last part of a path. */
export const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

export const BUILDING = 100000; // added to a task's number while exec builds its new memory
const GROWS_DOWN = 2;

export function taskName(state: State, label: number, lang: Lang): string {
	const number = label % BUILDING, name = state.names.get(number);
	const task = name ? say('task.named', lang, { name, label: number }) : say('task.unnamed', lang, { label: number });
	return label < BUILDING ? task : say('task.building', lang, { task });
}

/** => the same for a small label */
export const spaceLabel = (state: State, label: number, lang: Lang) => (label < BUILDING ? state.names.get(label) || String(label) : say('task.building.short', lang));

const NAMELESS = 'shared memory'; // the kernel's word for an object without a name
const DISK = /^[hv]d[a-z]$/; // its object has a file system's tables and directories

/** => what the object is called in a sentence, as tools/trace/telling.py has it */
export function objectName(state: State, obj: number, lang: Lang, suffix = ''): string {
	const name = state.objectNames.get(obj);
	const key = 'object.' + (!name ? 'unnamed' : name === NAMELESS ? 'shared' : DISK.test(name) ? 'disk' : 'file');
	return say(known(key + suffix) ? key + suffix : key, lang, name ? { name } : {});
}

/** => the same for a label: a path, or what the object is */
export function objectPath(state: State, obj: number, lang: Lang): string {
	const name = state.objectNames.get(obj);
	if (!name || DISK.test(name))
		return say(name ? 'object.label.disk' : 'object.label.unnamed', lang);
	return name === NAMELESS ? say('object.shared', lang) : name;
}

/** => the same for a small label: of a path the last part */
export function objectLabel(state: State, obj: number, lang: Lang): string {
	return DISK.test(state.objectNames.get(obj) ?? '') ? say('object.label.disk.short', lang) : baseName(objectPath(state, obj, lang));
}

export function regionName(state: State, region: Region, lang: Lang): string {
	if (region.obj)
		return objectName(state, region.obj, lang);
	if (region.flags & HEAP)
		return say('page.heap', lang);
	return say(region.flags & GROWS_DOWN ? 'page.stack' : 'page.anonymous', lang);
}

/** => the same for a label */
export const regionLabel = (state: State, region: Region, lang: Lang) => (region.obj ? objectPath(state, region.obj, lang) : regionName(state, region, lang));

/** => PROT as in /proc/PID/maps: `rw-` */
export const rights = (prot: number) => (prot & 1 ? 'r' : '-') + (prot & 2 ? 'w' : '-') + (prot & 4 ? 'x' : '-');

/** => what is in FRAME, in words; SUFFIX: `.library` for the words of the library */
export function frameOwner(state: State, frame: number, lang: Lang, suffix = ''): string {
	const links = linksOf(state), page = state.holder.get(frame);
	const place = (page ? links.owners.get(page) : links.mappers.get(frame)) ?? [];
	const file = links.files.get(frame) ?? (page ? links.shared.get(page) : undefined);
	if (file)
		return say('page.object' + suffix, lang, { index: file.index, object: objectName(state, file.obj, lang, suffix) });
	if (!place[0])
		return say(`framealloc.state.${state.frames.get(frame)?.[1] ?? 'free'}`, lang);
	const values = { page: hex(place[0].va), task: taskName(state, place[0].label, lang), others: place.length - 1 };
	return say((place.length > 1 ? 'page.shared' : 'page.private') + suffix, lang, values);
}
