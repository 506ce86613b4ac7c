// What stands in a furniture of spines: for each cell, whose books and how full it is.

import type { State } from '../../state';
import { LOAN } from './colours';
import { cellOf, type Box, type Grid } from './grid';
import { holdsPages } from './places';

const OFFICE = '#9b9384', CATALOGUE = '#caa25e';

export interface Spine { box: Box; colour: string; full: number }

interface Cell { full: number; votes: Map<string, number> }

function gather(grid: Grid, put: (add: (place: number, n: number, colour: string) => void) => void): Spine[] {
	const cells = new Map<number, Cell>();
	put((place, n, colour) => {
		for (let i = place; i < place + n && i < grid.count; i++) {
			const at = Math.floor(i / grid.each), cell = cells.get(at) ?? { full: 0, votes: new Map<string, number>() };
			cell.full++;
			cell.votes.set(colour, (cell.votes.get(colour) ?? 0) + 1);
			cells.set(at, cell);
		}
	});
	return [...cells].map(([at, { full, votes }]) => ({ box: cellOf(grid, at * grid.each), full: full / grid.each,
		colour: [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]![0] }));
}

/** => spines of the shelves. COLOURS: of the books, by frame. PLACE: of a frame */
export function shelfSpines(grid: Grid, state: State, colours: ReadonlyMap<number, string>, place: (frame: number) => number): Spine[] {
	return gather(grid, (add) => {
		for (const [frame, [order, kind]] of state.frames) {
			const at = place(frame);
			if (at >= 0)
				add(at, 2 ** order, holdsPages(kind) ? colours.get(frame) ?? LOAN : kind === 'table' ? CATALOGUE : OFFICE);
		}
	});
}

/** => spines of the stacks. COLOURS: of the books, by slot */
export function stackSpines(grid: Grid, colours: ReadonlyMap<number, string>): Spine[] {
	return gather(grid, (add) => {
		for (const [slot, colour] of colours)
			add(slot - 1, 1, colour);
	});
}
