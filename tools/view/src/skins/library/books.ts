// The books of a state: one for each page that is in a frame or in a swap slot, and where it is.

import type { History } from '../../history';
import { linksOf, type Links, type Place } from '../../links';
import { shortName } from '../../names';
import type { View } from '../../skin';
import { SHARED } from '../../space';
import type { State } from '../../state';
import { holdsPages, placesOf } from './places';

/** What sort of book: the reader's own; one that readers share; one that they share until one of them writes; a copy made
 * because one did; one on loan from a file. */
export type Sort = 'own' | 'shared' | 'cow' | 'copy' | 'loan';

export interface Book {
	id: string; // the same wherever the page is
	frame: number; // 0: none
	slot: number; // 0: none
	place: number; // on the shelves; -1: none
	name: string;
	readers: number[]; // labels of the spaces that have it
	va: number; // where the first of them has it
	sort: Sort;
	written: boolean; // it must be carried away, not just taken off the shelf
	busy: boolean; // it is on its way
	chosen: boolean; // it is to leave
	changed: boolean;
}

/** Pages that a store to a shared page or to a file's page has made: page -> the event from which on it is one. */
const copies = new WeakMap<History, Map<number, number>>();

function copiesOf(history: History): Map<number, number> {
	let found = copies.get(history);
	if (found)
		return found;
	found = new Map();
	const latest = new Map<string, number>(); // place in a space -> the page that became private there
	history.events.forEach((event, index) => {
		if (event.name === 'private')
			latest.set(`${event.label}:${event.values.va}`, event.values.page);
		else if (event.name === 'pagefree')
			found!.delete(event.values.page);
		else if (event.name === 'fault' && (event.values.row === 'copy' || event.values.row === 'promote') && event.values.result === 'ok')
			found!.set(latest.get(`${event.label}:${event.values.va}`) ?? 0, index);
	});
	copies.set(history, found);
	return found;
}

const shared = new WeakMap<History, Set<number>>();

/** => the objects that are shared memory and not files */
export function sharedOf(history: History): Set<number> {
	let found = shared.get(history);
	if (!found) {
		found = new Set();
		for (const event of history.events)
			if (event.name === 'object' && event.values.kind === 'shm')
				found.add(event.values.obj);
		shared.set(history, found);
	}
	return found;
}

/** Puts the reader who is followed first. */
function ordered(places: readonly Place[], task: number): Place[] {
	return [...places].sort((a, b) => Number(b.label === task) - Number(a.label === task) || a.label - b.label);
}

function regionAt(state: State, { label, va }: Place) {
	return state.spaces.get(label)?.regions.find((r) => r.start <= va && va < r.end);
}

function sortOf(view: View, page: number, owners: readonly Place[], loan: boolean): Sort {
	const common = owners.length > 0 && owners.every((o) => (regionAt(view.state, o)?.flags ?? 0) & SHARED);
	if (common && (owners.length > 1 || !loan))
		return 'shared';
	if (loan)
		return 'loan';
	if (new Set(owners.map((o) => o.label)).size > 1)
		return 'cow';
	return (copiesOf(view.history).get(page) ?? Infinity) <= view.index ? 'copy' : 'own';
}

function anonymous(view: View, links: Links, id: number): Book {
	const { state, change, index } = view, page = state.pages.get(id)!, { frame, slot } = page;
	const owners = ordered(links.owners.get(id) ?? (links.shared.has(id) ? links.mappers.get(frame) : undefined) ?? [], view.task);
	const common = links.shared.get(id);
	return {
		id: `p${id}`, frame, slot, place: frame ? placesOf(view.history).of(frame, index) : -1,
		name: owners[0] ? shortName(owners[0].va) : common ? `+${common.index.toString(16)}` : '?',
		readers: [...new Set(owners.map((o) => o.label))], va: owners[0]?.va ?? 0,
		sort: common ? 'shared' : sortOf(view, id, owners, false), written: !slot || !!state.seen.get(frame)?.[1],
		busy: slot > 0 && state.moving.has(slot), chosen: state.victims.has(frame), changed: change.pages.has(id) || touched(view, owners),
	};
}

/** Is the event about this page of an object, though it changes nothing about where the page is? */
const isNamed = ({ event }: View, { obj, index }: { obj: number; index: number }) =>
	'obj' in event.values && 'index' in event.values && event.values.obj === obj && event.values.index === index;

function touched(view: View, owners: readonly Place[]): boolean {
	return owners.some((o) => view.change.entries.has(`${o.label}:${o.va}`));
}

function loaned(view: View, links: Links, frame: number): Book | null {
	const file = links.files.get(frame);
	if (!file)
		return null;
	const owners = ordered(links.mappers.get(frame) ?? [], view.task);
	return {
		id: `f${file.obj}:${file.index}`, frame, slot: 0, place: placesOf(view.history).of(frame, view.index),
		name: owners[0] ? shortName(owners[0].va) : `+${file.index.toString(16)}`, readers: [...new Set(owners.map((o) => o.label))],
		va: owners[0]?.va ?? 0, sort: sortOf(view, 0, owners, true), written: !!view.state.seen.get(frame)?.[1], busy: false,
		chosen: view.state.victims.has(frame), changed: view.change.objects.has(`${file.obj}:${file.index}`) || isNamed(view, file) || touched(view, owners),
	};
}

/** => all books, those in the same order as long as they exist */
export function booksOf(view: View): Book[] {
	const links = linksOf(view.state);
	const books = [...view.state.pages.keys()].map((id) => anonymous(view, links, id));
	for (const [frame, [, state]] of view.state.frames)
		if (holdsPages(state) && !view.state.holder.has(frame)) {
			const book = loaned(view, links, frame);
			if (book)
				books.push(book);
		}
	return books.sort((a, b) => (a.id < b.id ? -1 : 1));
}
