// Where the virtual pages stand, region by region. Stretches that nobody has touched are folded.

import { pageAt, usedIn, type PageAt } from '../../links';
import type { View } from '../../skin';
import type { Region } from '../../space';
import type { Box } from './layout';

export interface Cell extends Box { at: PageAt }
export interface Fold extends Box { count: number; start: number }
export interface RegionBox { region: Region; x: number; y: number; cells: Cell[]; folds: Fold[]; zoomed: boolean }

/** A run of pages that are drawn one by one, or, with FOLD, of so many that are not. */
interface Stretch { at: PageAt[]; fold: number; start: number }

const FOLD_FROM = 7; // untouched pages in a row that are folded
const MOST = 4096; // untouched pages of a zoomed region that are drawn
const CELLS = [40, 36, 32, 28, 25, 22, 18, 14, 11, 8, 6, 4, 3, 2];
const HEAD = 24;

function stretches(view: View, region: Region, open: boolean): Stretch[] {
	const result: Stretch[] = [], { state, task, change } = view;
	const fold = open && (region.end - region.start) / 4096 <= MOST ? Infinity : FOLD_FROM;
	const used = new Set(usedIn(state, task, region));
	for (const key of [...change.entries, ...change.privates]) {
		const [label, va] = key.split(':').map(Number) as [number, number];
		if (label === task && region.start <= va && va < region.end)
			used.add(va);
	}
	let next = region.start, shown: PageAt[] = [];
	const flush = () => {
		if (shown.length)
			result.push({ at: shown, fold: 0, start: shown[0]!.va });
		shown = [];
	};
	const quiet = (until: number) => {
		if ((until - next) / 4096 >= fold) {
			flush();
			result.push({ at: [], fold: (until - next) / 4096, start: next });
		} else {
			for (let va = next; va < until; va += 4096)
				shown.push(pageAt(state, task, region, va));
		}
	};
	for (const va of [...used].sort((a, b) => a - b)) {
		quiet(va);
		shown.push(pageAt(state, task, region, va));
		next = va + 4096;
	}
	quiet(region.end);
	flush();
	return result;
}

interface Part { region: Region; zoomed: boolean; stretches: Stretch[] }

function place(parts: readonly Part[], area: Box, unit: number, cell: number): { boxes: RegionBox[]; height: number } {
	const boxes: RegionBox[] = [], gap = cell >= 14 ? 4 : cell >= 8 ? 2 : cell > 3 ? 1 : 0;
	let y = area.y;
	for (const { region, zoomed, stretches } of parts) {
		const box: RegionBox = { region, x: area.x, y, cells: [], folds: [], zoomed };
		y += HEAD * unit - 4;
		let x = area.x;
		const wrap = (w: number) => {
			if (x > area.x && x + w > area.x + area.w) {
				x = area.x;
				y += cell + gap;
			}
		};
		for (const part of stretches) {
			for (const at of part.at) {
				wrap(cell);
				box.cells.push({ at, x, y, w: cell, h: cell });
				x += cell + gap;
			}
			if (part.fold) {
				const w = Math.max((30 + 7 * String(part.fold).length) * unit, cell);
				wrap(w);
				box.folds.push({ x, y, w, h: Math.max(cell, 12), count: part.fold, start: part.start });
				x += w + gap;
			}
		}
		y += box.cells.length || box.folds.length ? Math.max(cell, 12) + 10 * unit : 2 * unit;
		boxes.push(box);
	}
	return { boxes, height: y - area.y };
}

/** => the regions with the largest cells that fit into AREA. ZOOM: where the region begins that alone shows its pages; 0: all do */
export function fitRegions(view: View, area: Box, unit: number, zoom: number): RegionBox[] {
	const parts = (view.state.spaces.get(view.task)?.joined() ?? []).map((region): Part => {
		const zoomed = region.start === zoom;
		return { region, zoomed, stretches: zoom && !zoomed ? [] : stretches(view, region, zoomed) };
	});
	let placed = { boxes: [] as RegionBox[], height: 0 };
	for (const cell of CELLS) {
		placed = place(parts, area, unit, Math.round(cell * (cell > 14 ? unit : 1)));
		if (placed.height <= area.h)
			break;
	}
	return placed.boxes;
}
