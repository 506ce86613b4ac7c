// What the librarian does in a step, from what the step has changed.

import type { History } from '../../history';
import type { View } from '../../skin';
import type { TraceEvent } from '../../trace';
import type { Book } from './books';
import type { Room } from './room';

export type Pose = 'wait' | 'carry' | 'down' | 'up' | 'window' | 'reach' | 'trolley';

export interface Doing {
	pose: Pose;
	book: Book | null; // in the librarian's hands
}

/** Books whose place has changed, by where they went. */
export interface Moves {
	down: Book[]; // from the shelves to the basement
	up: Book[];
	arrived: Book[]; // from the delivery window
	returned: Book[]; // to it: books of a file that are no longer on the shelves
	fresh: Book[]; // blank books and copies
	dropped: Book[]; // taken off the shelves: the basement has the same
}

/** => what has moved from BEFORE's books to AFTER's, at EVENT */
export function movesBetween(before: readonly Book[], after: readonly Book[], event: TraceEvent): Moves {
	const moves: Moves = { down: [], up: [], arrived: [], returned: [], fresh: [], dropped: [] };
	const carried = (b: Book) => b.written || (event.name === 'evict' && event.values.frame === b.frame && event.values.how === 'written');
	const old = new Map(before.map((b) => [b.id, b])), now = new Set(after.map((b) => b.id));
	for (const book of after) {
		const was = old.get(book.id), loan = book.id[0] === 'f';
		if (!was && book.frame)
			(loan ? moves.arrived : moves.fresh).push(book);
		else if (was?.frame && !book.frame)
			(carried(was) ? moves.down : moves.dropped).push({ ...book, frame: was.frame, place: was.place });
		else if (was && !was.frame && book.frame)
			moves.up.push(book);
	}
	for (const book of before)
		if (!now.has(book.id) && book.id[0] === 'f')
			(carried(book) ? moves.returned : moves.dropped).push(book);
	return moves;
}

const known = new WeakMap<History, [from: number, to: number][]>();

/** => when whole desks are cleared or laid: from the beginning until all is done */
function clearings(history: History): [from: number, to: number][] {
	let found = known.get(history);
	if (!found) {
		const open = new Map<number, number>();
		found = [];
		for (const [index, { name, label }] of history.events.entries())
			if (name === 'procout' || name === 'procin') {
				open.set(label, index);
			} else if (name === 'procdone') {
				found.push([open.get(label) ?? index, index]);
				open.delete(label);
			}
		known.set(history, found);
	}
	return found;
}

export function doingOf(view: View, moves: Moves): Doing {
	const { event } = view, of = (pose: Pose, books: readonly Book[]): Doing => ({ pose, book: books[0] ?? null });
	if (clearings(view.history).some(([from, to]) => from <= view.index && view.index <= to))
		return of('trolley', [...moves.down, ...moves.up]);
	if (event.name === 'fileread' || event.name === 'filewrite' || event.name === 'writeback' || event.name === 'filepage')
		return of('window', moves.arrived);
	if (moves.up.length)
		return of('up', moves.up);
	if (moves.down.length)
		return of('down', moves.down);
	if (moves.returned.length || moves.arrived.length)
		return of('window', [...moves.arrived, ...moves.returned]);
	if (moves.fresh.length)
		return of('carry', moves.fresh);
	if (moves.dropped.length || event.name === 'look' || event.name === 'victim')
		return of('reach', moves.dropped);
	return of('wait', []);
}

export interface Stand { x: number; y: number; flip: boolean; scale: number }

/** => where the librarian stands for POSE, and which way the figure looks */
export function standFor(pose: Pose, room: Room): Stand {
	const { floor, ground, stair } = room, scale = (floor - 60) / 255;
	const onStair = (t: number) => ({ x: stair.top + (stair.bottom - stair.top) * t, y: floor + (ground - floor) * t });
	switch (pose) {
	case 'down':
		return { ...onStair(0.5), flip: false, scale };
	case 'up':
		return { ...onStair(0.5), flip: true, scale };
	case 'window':
		return { x: room.delivery.x + room.delivery.w + 36, y: ground, flip: true, scale };
	case 'trolley':
		return { x: 470, y: floor, flip: false, scale };
	case 'carry':
	case 'reach':
		return { x: room.opening.to + 8, y: floor, flip: false, scale };
	default:
		return { x: room.counter.x + room.counter.w / 2, y: floor, flip: false, scale };
	}
}
