// A moment in the library, worked out: every book with where it is drawn.

import type { History } from '../../history';
import { linksOf } from '../../links';
import { highestSlot } from '../../pool';
import type { Thing, View } from '../../skin';
import { booksOf, type Book } from './books';
import { colourOf } from './colours';
import { cellOf, coverIn, FOOT, gridIn, type Box, type Grid } from './grid';
import { holdsPages, placesOf } from './places';
import { doingOf, movesBetween, type Doing, type Moves } from './pose';
import { thingOfEvent } from '../../things';
import type { Room } from './room';

export interface Shown { book: Book; box: Box; colours: string[]; ghost: boolean; lens: boolean }
export interface Trail { from: Box; to: Box; way: 'down' | 'up' | 'in' | 'out'; id: string }

export interface Scene {
	shelves: Grid;
	stacks: Grid;
	books: Book[];
	shown: Shown[]; // covers
	numbers: Map<number, string>; // place -> number of the frame at it
	slots: Map<number, string>; // place in the basement -> its number
	hand: number; // the place at which the policy has looked last; -1: none
	held: Set<number>; // places with a frame, but no book yet
	moves: Moves;
	doing: Doing;
	trails: Trail[];
}

const LARGEST = 104, LENS = { w: 42, h: 58 }, LENSES = 6, TRAILS = 4;

const before = new WeakMap<View, Book[]>();

function booksBefore(view: View): Book[] {
	let books = before.get(view);
	if (!books) {
		books = booksOf({ ...view, state: view.before, index: Math.max(view.from - 1, view.history.first) });
		before.set(view, books);
	}
	return books;
}

const inside = (box: Box, w: number, h: number, area: Box): Box => ({
	x: Math.min(Math.max(box.x + box.w / 2 - w / 2, area.x + 2), area.x + area.w - w - 2),
	y: Math.min(Math.max(box.y + box.h / 2 - h / 2, area.y), area.y + area.h - h), w, h,
});

/** => where BOOK's cover is drawn at PLACE; null: only as a spine */
function boxAt(grid: Grid, place: number, lens: boolean): Box | null {
	if (place < 0 || place >= grid.count)
		return null;
	const cell = cellOf(grid, place);
	if (grid.kind === 'covers')
		return coverIn(cell, FOOT);
	return lens ? inside(cell, LENS.w, LENS.h, grid.box) : null;
}

function show(view: View, books: readonly Book[], shelves: Grid, stacks: Grid): Shown[] {
	const shown: Shown[] = [];
	let lenses = 0;
	for (const book of books) {
		const colours = book.readers.slice(0, 2).map((l) => colourOf(view.history, l));
		if (!colours.length)
			colours.push(colourOf(view.history, undefined));
		const lens = (book.changed || book.chosen) && lenses < LENSES;
		const onShelf = book.frame ? boxAt(shelves, book.place, lens) : null, below = book.slot ? boxAt(stacks, book.slot - 1, lens && !book.frame) : null;
		if (onShelf)
			shown.push({ book, box: onShelf, colours, ghost: false, lens: shelves.kind === 'spines' });
		if (below)
			shown.push({ book, box: below, colours, ghost: book.frame > 0, lens: stacks.kind === 'spines' });
		if ((onShelf && shelves.kind === 'spines') || (below && stacks.kind === 'spines'))
			lenses++;
	}
	return shown;
}

function trailsOf(moves: Moves, shelves: Grid, stacks: Grid, room: Room): Trail[] {
	const window: Box = { x: room.delivery.x + room.delivery.w - 40, y: room.delivery.y + 40, w: 0, h: 0 };
	const shelf = (b: Book) => boxAt(shelves, b.place, true), slot = (b: Book) => boxAt(stacks, b.slot - 1, true);
	const trails: (Trail | null)[] = [];
	const add = (from: Box | null, to: Box | null, way: Trail['way'], id: string) => trails.push(from && to && { from, to, way, id });
	for (const b of moves.down)
		add(shelf(b), slot(b), 'down', b.id);
	for (const b of moves.up)
		add(slot(b), shelf(b), 'up', b.id);
	for (const b of moves.arrived)
		add(window, shelf(b), 'in', b.id);
	for (const b of moves.returned)
		add(shelf(b), window, 'out', b.id);
	return trails.filter((t) => t !== null).slice(0, TRAILS);
}

const ALL = 110, FEW = 48;

/** => the number of places in the basement that are drawn: all if they are few, else up to the last one that is ever used */
function stacked(history: History): number {
	const { slots } = history.machine;
	return Math.max(slots <= ALL ? slots : Math.min(Math.max(highestSlot(history), FEW), slots), 1);
}

export function sceneOf(view: View, room: Room): Scene {
	const { state, history, index } = view, places = placesOf(history);
	const shelves = gridIn(room.shelves, places.count, LARGEST), stacks = gridIn(room.stacks, stacked(history), LARGEST);
	const books = booksOf(view), moves = movesBetween(booksBefore(view), books, view.event), doing = doingOf(view, moves);
	const numbers = new Map<number, string>(), slots = new Map<number, string>(), held = new Set<number>();
	const links = linksOf(state);
	for (const [frame, [, kind]] of state.frames) {
		const place = holdsPages(kind) ? places.of(frame, index) : -1;
		if (place < 0)
			continue;
		numbers.set(place, String(frame));
		if (!state.holder.has(frame) && !links.files.has(frame))
			held.add(place);
	}
	for (let slot = 1; slot <= stacks.count && stacks.kind === 'covers'; slot++)
		slots.set(slot - 1, String(slot));
	const hand = state.hand === null ? -1 : places.of(state.hand, index);
	return { shelves, stacks, books, hand, numbers, slots, held, moves, doing, shown: show(view, books, shelves, stacks), trails: trailsOf(moves, shelves, stacks, room) };
}

/** => the page that the step is about: what is chosen, or what the event names, or what has changed */
export function subjectOf(view: View, chosen: Thing | null): Extract<Thing, { kind: 'page' }> | null {
	if (chosen?.kind === 'page')
		return chosen;
	const { event } = view, start = view.history.events[view.from]!, trap = view.state.traps.get(view.task);
	if (trap)
		return { kind: 'page', label: view.task, va: (trap.va & ~4095) >>> 0 };
	for (const e of [event, start])
		if ('va' in e.values)
			return { kind: 'page', label: e.label, va: (e.values.va & ~4095) >>> 0 };
	const [entry] = view.change.entries, thing = thingOfEvent(view);
	if (!entry)
		return thing?.kind === 'page' ? thing : null;
	const [label, va] = entry.split(':').map(Number) as [number, number];
	return { kind: 'page', label, va };
}
