// What follows from a state and is asked for often: who maps a frame, whose page a page is, what is at an address. Computed once
// for each state that is looked at.

import { SHARED, objectKey, type Region } from './space';
import type { State } from './state';

export interface Place { readonly label: number; readonly va: number }
export interface ObjectPlace { readonly obj: number; readonly index: number }

export interface Links {
	mappers: Map<number, Place[]>; // frame -> entries that lead to it
	owners: Map<number, Place[]>; // anonymous page -> private places
	shared: Map<number, ObjectPlace>; // anonymous page -> its place in a shared memory object
	files: Map<number, ObjectPlace>; // frame -> the page of a file in it
}

const known = new WeakMap<State, Links>();

function push<K, V>(map: Map<K, V[]>, key: K, value: V) {
	const list = map.get(key);
	if (list)
		list.push(value);
	else
		map.set(key, [value]);
}

export function linksOf(state: State): Links {
	let links = known.get(state);
	if (links)
		return links;
	links = { mappers: new Map(), owners: new Map(), shared: new Map(), files: new Map() };
	for (const [label, space] of state.spaces) {
		for (const [va, [frame]] of space.entries)
			push(links.mappers, frame, { label, va });
		for (const [va, page] of space.private)
			push(links.owners, page, { label, va });
	}
	for (const [key, [kind, number]] of state.objects) {
		const [obj, index] = key.split(':').map(Number) as [number, number];
		(kind === 'page' ? links.shared : links.files).set(number, { obj, index });
	}
	known.set(state, links);
	return links;
}

/** => addresses in REGION of pages that have an entry, contents of their own, or contents of the object, in their order */
export function usedIn(state: State, label: number, region: Region): number[] {
	const space = state.spaces.get(label)!, used = new Set<number>(), { start, end, obj } = region;
	for (const map of [space.entries, space.private])
		for (const va of map.keys())
			if (start <= va && va < end)
				used.add(va);
	if (obj)
		for (let va = start; va < end; va += 4096)
			if (state.objects.has(objectKey(obj, region.index + ((va - start) >>> 12))))
				used.add(va);
	return [...used].sort((a, b) => a - b);
}

/** The state of a virtual page; each has its own shape. */
export type Look =
	| 'untouched' // nothing yet: the first access will fault
	| 'memory' // in a frame, its own
	| 'shared' // in a frame that several spaces or an object share
	| 'cow' // shared until somebody writes
	| 'slot' // only on the swap disk
	| 'file'; // a file's page in a frame

export interface PageAt {
	va: number;
	look: Look;
	frame: number; // 0: none
	slot: number; // 0: none; with a frame too while the copy in the slot is still good
	page: number; // the anonymous page; 0: none
	object: ObjectPlace | null; // the page of an object that the region shows here
	mapped: boolean; // the page table has an entry for it
	writable: boolean;
	busy: boolean; // it is being read or written
	sharers: number; // places that show the same page
}

/** => what is at VA in the space LABEL, within REGION */
export function pageAt(state: State, label: number, region: Region, va: number): PageAt {
	const space = state.spaces.get(label)!, links = linksOf(state);
	const entry = space.entries.get(va);
	const object = region.obj ? { obj: region.obj, index: region.index + ((va - region.start) >>> 12) } : null;
	let page = space.private.get(va) ?? 0, frame = entry?.[0] ?? 0;
	const fromObject = !page && object ? state.objects.get(objectKey(object.obj, object.index)) : undefined;
	if (fromObject?.[0] === 'page')
		page = fromObject[1];
	else if (fromObject)
		frame ||= fromObject[1];
	const place = state.pages.get(page);
	frame ||= place?.frame ?? 0;
	const slot = place?.slot ?? 0;
	const sharers = Math.max(links.owners.get(page)?.length ?? 0, links.mappers.get(frame)?.length ?? 0);
	const result: PageAt = { va, look: 'untouched', frame, slot, page, object, mapped: !!entry, writable: !!entry?.[1],
		busy: slot > 0 && state.moving.has(slot), sharers };
	result.look = lookOf(result, region, !!fromObject);
	return result;
}

function lookOf(at: PageAt, region: Region, ofObject: boolean): Look {
	if (!at.frame && at.slot)
		return 'slot';
	if (!at.frame)
		return 'untouched';
	if (at.page && !ofObject)
		return at.sharers > 1 ? 'cow' : 'memory';
	if (ofObject && !at.page)
		return 'file';
	return region.flags & SHARED || at.sharers > 1 ? 'shared' : 'memory';
}
