// How many places fit how into a piece of furniture: with covers that can be read, as thin spines, or several places to a spine.

export interface Box { x: number; y: number; w: number; h: number }

export interface Grid {
	kind: 'covers' | 'spines';
	each: number; // places that one cell stands for
	columns: number;
	rows: number;
	cell: { w: number; h: number };
	count: number; // places
	cells: number;
	box: Box;
}

/** Of a board with the numbers of its places. */
export const FOOT = 17;
const COVERS = 110, NARROWEST = 5, LOWEST = 15, SPINE = 2.6, SHELF_GAP = 4, COVER = 1.38;

/** => the number of rows with which covers above a FOOT are largest */
function rowsFor(box: Box, count: number, foot: number): number {
	let best = 1, found = 0;
	for (let rows = 1; rows <= 40; rows++) {
		const { h } = coverIn({ x: 0, y: 0, w: box.w / Math.ceil(count / rows), h: box.h / rows }, foot);
		if (h > found)
			[best, found] = [rows, h];
	}
	return best;
}

/** => the furniture for COUNT places in BOX. LARGEST: how high a cell may be */
export function gridIn(box: Box, count: number, largest: number): Grid {
	const covers = count <= COVERS;
	const slender = Math.round(Math.sqrt((box.h * count) / (box.w * SPINE)));
	const rows = covers ? Math.max(rowsFor(box, count, FOOT), Math.ceil(box.h / largest)) : Math.min(slender, Math.floor(box.h / LOWEST));
	const most = covers ? Math.ceil(count / rows) : Math.floor(box.w / NARROWEST);
	const each = covers ? 1 : Math.max(1, Math.ceil(count / (rows * most)));
	const cells = Math.ceil(count / each), columns = Math.max(1, Math.ceil(cells / rows));
	return { kind: covers ? 'covers' : 'spines', each, columns, rows, cell: { w: box.w / columns, h: box.h / rows }, count, cells, box };
}

/** => the box of the cell that PLACE is in */
export function cellOf(grid: Grid, place: number): Box {
	const i = Math.floor(place / grid.each), { w, h } = grid.cell;
	return { x: grid.box.x + (i % grid.columns) * w, y: grid.box.y + Math.floor(i / grid.columns) * h, w, h };
}

/** => where a cover stands in its cell: on the board, below it room for the number */
export function coverIn(cell: Box, foot: number): Box {
	const h = Math.min(cell.h - foot - SHELF_GAP, (cell.w - 6) * COVER), w = h / COVER;
	return { x: cell.x + (cell.w - w) / 2, y: cell.y + cell.h - foot - h, w, h };
}
