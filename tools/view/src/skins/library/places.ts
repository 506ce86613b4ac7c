// Which place on the shelves each frame has. Without a limit a place is a frame that holds a page at some time, by their numbers;
// the frames that never do are only counted. With `frames=N` the shelves have N places for the frames that hold pages, and a frame
// stands at one place from its allocation until it is freed. If not more than N frames ever hold a page, the places are in the
// order of their numbers; else a frame comes to the empty place that is nearest to where its number belongs. The whole recording
// decides, so a step always looks the same.

import type { History } from '../../history';
import { poolOf } from '../../pool';

export interface Places {
	count: number;
	more: number; // frames without a place
	/** => the place of FRAME after the event INDEX; -1: none */
	of(frame: number, index: number): number;
}

interface Stay { from: number; place: number }

const known = new WeakMap<History, { places: Places; last: number }>();

export const holdsPages = (state: string) => state === 'anon' || state === 'file';

/** Hands out places to frames while they hold pages. */
class Attendant {
	readonly stays = new Map<number, Stay[]>();
	private readonly standing = new Map<number, number>(); // frame -> place
	private readonly taken: boolean[];
	private readonly wish: Map<number, number>; // frame -> where its number belongs

	constructor(pool: readonly number[], limit: number) {
		this.taken = Array.from({ length: limit }, () => false);
		this.wish = new Map(pool.map((frame, i) => [frame, Math.floor(i * Math.min(limit / pool.length, 1))]));
	}

	get highest() {
		return this.taken.length;
	}

	come(frame: number, index: number) {
		if (this.standing.has(frame))
			return;
		const wish = this.wish.get(frame)!;
		const free = [...this.taken.keys()].filter((place) => !this.taken[place]);
		const place = free.sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish) || a - b)[0] ?? this.taken.length;
		this.taken[place] = true;
		this.standing.set(frame, place);
		if (!this.stays.has(frame))
			this.stays.set(frame, []);
		this.stays.get(frame)!.push({ from: index, place });
	}

	leave(frame: number, index: number) {
		const place = this.standing.get(frame);
		if (place === undefined)
			return;
		this.taken[place] = false;
		this.stays.get(frame)!.push({ from: index, place: -1 });
		this.standing.delete(frame);
	}

	/** After a snapshot: frames that it did not name are free. */
	keepOnly(named: ReadonlySet<number>, index: number) {
		for (const frame of [...this.standing.keys()])
			if (!named.has(frame))
				this.leave(frame, index);
	}
}

function follow(history: History): Attendant {
	const attendant = new Attendant(poolOf(history), history.machine.limit);
	let named: Set<number> | null = null;
	history.events.forEach((event, index) => {
		if (event.name === 'snapshot') {
			if (named)
				attendant.keepOnly(named, index);
			named = event.values.part === 'begin' ? new Set() : null;
		} else if (event.name === 'framealloc' && holdsPages(event.values.state)) {
			named?.add(event.values.frame);
			attendant.come(event.values.frame, index);
		} else if (event.name === 'framefree') {
			attendant.leave(event.values.frame, index);
		}
	});
	return attendant;
}

/** => the places as far as HISTORY goes; one that grows may bring more */
export function placesOf(history: History): Places {
	let places = known.get(history)?.last === history.last ? known.get(history)!.places : undefined;
	if (places)
		return places;
	const { frames, limit } = history.machine;
	if (!limit) {
		const pool = poolOf(history), place = new Map(pool.map((frame, i) => [frame, i] as const));
		places = { count: pool.length, more: Math.max(frames - pool.length, 0), of: (frame) => place.get(frame) ?? -1 };
	} else {
		const { stays, highest } = follow(history);
		places = { count: highest, more: 0, of: (frame, index) => stays.get(frame)?.findLast((s) => s.from <= index)?.place ?? -1 };
	}
	known.set(history, { places, last: history.last });
	return places;
}
