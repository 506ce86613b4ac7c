// Where everything stands in the skin Pages. Pure geometry: the state, the recording and the size of the stage in, boxes out.

import { linksOf, pageAt, type PageAt } from '../../links';
import { poolOf, slotsOf } from '../../pool';
import type { View } from '../../skin';
import type { Region } from '../../space';
import { thingOfEvent } from '../../things';

export interface Box { x: number; y: number; w: number; h: number }
export interface Cell extends Box { at: PageAt }
export interface Fold extends Box { count: number; start: number }
export interface RegionBox { region: Region; x: number; y: number; cells: Cell[]; folds: Fold[]; zoomed: boolean }
export interface Row extends Box { at: PageAt | null; hidden: number; table: number } // hidden: entries that it stands for
export interface TableBox extends Box { number: number; directory: Box }
export interface FrameBox extends Box { frame: number }
export interface SlotBox extends Box { slot: number }

export interface Layout {
	unit: number; // the size of text and small things grows with the stage
	pages: Box;
	tables: Box;
	frames: Box;
	disk: Box;
	inspector: Box;
	regions: RegionBox[];
	rows: Row[];
	tableBoxes: TableBox[];
	frameBoxes: FrameBox[];
	slotBoxes: SlotBox[];
}

export const MAP_FROM = 200; // frames or slots: more are drawn as a map
const FOLD_FROM = 7; // untouched pages in a row that are folded
const CELLS = [30, 26, 22, 18, 14, 11, 8, 6, 4];
const HEAD = 24;

function columns(width: number, height: number) {
	const unit = Math.min(Math.max(Math.min(height / 558, width / 1280), 1), 1.5);
	const inspector = Math.round(Math.min(264 * unit, width * 0.22));
	const usable = width - inspector - 24 - 24 * unit;
	const [a, b, c] = [usable * 0.245, usable * 0.275, usable * 0.375];
	const gutter = (usable - a - b - c) / 2;
	const y = 34 * unit, h = height - y - 10;
	const pages = { x: 24, y, w: a, h };
	const tables = { x: pages.x + a + gutter * 0.7, y, w: b, h };
	const right = { x: tables.x + b + gutter * 1.3, y, w: c, h };
	return { unit, pages, tables, right, inspector: { x: width - inspector, y: 0, w: inspector, h: height } };
}

/** => stretches of pages that are drawn one by one, and of those that are folded */
function stretches(view: View, region: Region, open: boolean): { at: PageAt[]; fold: number; start: number }[] {
	const result: { at: PageAt[]; fold: number; start: number }[] = [];
	let shown: PageAt[] = [], quiet: PageAt[] = [];
	const flush = () => {
		if (shown.length)
			result.push({ at: shown, fold: 0, start: shown[0]!.va });
		shown = [];
	};
	const settle = () => {
		if (quiet.length >= FOLD_FROM && !open) {
			flush();
			result.push({ at: [], fold: quiet.length, start: quiet[0]!.va });
		} else {
			shown.push(...quiet);
		}
		quiet = [];
	};
	for (let va = region.start; va < region.end; va += 4096) {
		const at = pageAt(view.state, view.task, region, va);
		const changed = view.change.entries.has(`${view.task}:${va}`) || view.change.privates.has(`${view.task}:${va}`);
		if (at.look === 'untouched' && !changed)
			quiet.push(at);
		else {
			settle();
			shown.push(at);
		}
	}
	settle();
	flush();
	return result;
}

function placeRegions(view: View, area: Box, unit: number, cell: number, zoom: number): { boxes: RegionBox[]; height: number } {
	const boxes: RegionBox[] = [], gap = cell >= 14 ? 4 : cell >= 8 ? 2 : 1;
	let y = area.y;
	for (const region of view.state.spaces.get(view.task)?.joined() ?? []) {
		const box: RegionBox = { region, x: area.x, y, cells: [], folds: [], zoomed: region.start === zoom };
		y += HEAD * unit - 4;
		let x = area.x;
		const wrap = (w: number) => {
			if (x > area.x && x + w > area.x + area.w) {
				x = area.x;
				y += cell + gap;
			}
		};
		for (const part of zoom && !box.zoomed ? [] : stretches(view, region, box.zoomed)) {
			for (const at of part.at) {
				wrap(cell);
				box.cells.push({ at, x, y, w: cell, h: cell });
				x += cell + gap;
			}
			if (part.fold) {
				const w = Math.max(54 * unit, cell);
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

/** => the regions with the largest cells that fit */
function fitRegions(view: View, area: Box, unit: number, zoom: number): RegionBox[] {
	let placed = { boxes: [] as RegionBox[], height: 0 };
	for (const cell of CELLS) {
		placed = placeRegions(view, area, unit, Math.round(cell * (cell > 14 ? unit : 1)), zoom);
		if (placed.height <= area.h)
			break;
	}
	return placed.boxes;
}

/** Pages that the page table, or the kernel's record of what it left out, says something about. */
function told(regions: RegionBox[], view: View): PageAt[] {
	const space = view.state.spaces.get(view.task);
	if (!space || (!space.entries.size && view.state.away.has(view.task)))
		return [];
	const cells = regions.flatMap((r) => r.cells.map((c) => c.at));
	const shown = cells.length ? cells : [];
	return shown.filter((at) => at.look !== 'untouched' || view.change.entries.has(`${view.task}:${at.va}`));
}

function changedRow(view: View, at: PageAt): boolean {
	const key = `${view.task}:${at.va}`;
	return view.change.entries.has(key) || view.change.privates.has(key) || (at.page > 0 && view.change.pages.has(at.page));
}

/** => which of the entries get rows: all if ROOM allows, else those near what changed or what the event is about, the rest folded;
 * then entries that are not mapped only if it is about them */
function chooseRows(view: View, all: PageAt[], room: number): { at: PageAt | null; hidden: number }[] {
	if (all.length <= room)
		return all.map((at) => ({ at, hidden: 0 }));
	const keep = new Set<number>(), thing = thingOfEvent(view);
	const close = (at: PageAt) => changedRow(view, at) || (thing?.kind === 'page' && thing.label === view.task && thing.va === at.va);
	all = all.filter((at) => at.mapped || close(at));
	const wanted = all.flatMap((at, i) => (close(at) ? [i] : []));
	if (!wanted.length)
		wanted.push(Math.max(all.findIndex((at) => at.page), 0));
	for (let reach = 0; keep.size < room - wanted.length - 2 && reach < all.length; reach++)
		for (const i of wanted)
			for (const near of [i - reach, i + reach])
				if (near >= 0 && near < all.length && keep.size < room - 2)
					keep.add(near);
	const rows: { at: PageAt | null; hidden: number }[] = [];
	all.forEach((at, i) => {
		const last = rows.at(-1);
		if (keep.has(i))
			rows.push({ at, hidden: 0 });
		else if (last && !last.at)
			last.hidden++;
		else
			rows.push({ at: null, hidden: 1 });
	});
	return rows.slice(0, room);
}

function placeTables(view: View, area: Box, unit: number, all: PageAt[]): { rows: Row[]; boxes: TableBox[] } {
	const numbers = [...new Set(all.map((at) => at.va >>> 22))];
	const directoryWidth = 48 * unit, x = area.x + directoryWidth + 34 * unit, w = area.x + area.w - x;
	const least = 13 * unit, gap = 8 * unit;
	const room = Math.floor((area.h - numbers.length * gap) / least);
	const chosen = chooseRows(view, all, room);
	const h = Math.min(19 * unit, (area.h - numbers.length * gap) / Math.max(chosen.length, 1));
	const rows: Row[] = [], boxes: TableBox[] = [];
	let y = area.y, table = -1;
	for (const row of chosen) {
		const number: number = row.at ? row.at.va >>> 22 : table < 0 ? numbers[0]! : table;
		if (number !== table) {
			if (table >= 0)
				y += gap;
			const place = { x: area.x, y: area.y + boxes.length * 20 * unit, w: directoryWidth, h: 20 * unit };
			boxes.push({ x, y, w, h: 0, number, directory: place });
			table = number;
		}
		rows.push({ ...row, x, y, w, h, table: number });
		y += h;
		boxes.at(-1)!.h = y - boxes.at(-1)!.y;
	}
	return { rows, boxes };
}

/** => COUNT boxes in AREA, as large as possible, at most MOST wide and RATIO times as high */
function grid(area: Box, count: number, most: number, ratio: number, gap: number): Box[] {
	let across = 1, w = 0, h = 0;
	for (across = 1; across <= Math.max(count, 1); across++) {
		w = Math.min(most, (area.w - (across - 1) * gap) / across);
		h = w * ratio;
		if (Math.ceil(count / across) * (h + gap) - gap <= area.h && (w < most || across * (most + gap) > area.w))
			break;
	}
	return Array.from({ length: count }, (_, i) => ({
		x: area.x + (i % across) * (w + gap), y: area.y + Math.floor(i / across) * (h + gap), w, h,
	}));
}

export function layout(view: View, size: { width: number; height: number }, zoom: number): Layout {
	const { unit, pages, tables, right, inspector } = columns(size.width, size.height);
	const pool = poolOf(view.history), slots = slotsOf(view.history);
	const filesHeight = 40 * unit, room = { ...right, h: slots.length ? right.h * 0.2 : 0 };
	const slotGrid = grid(room, slots.length, 44 * unit, slots.length > MAP_FROM ? 1 : 0.8, slots.length > MAP_FROM ? 1 : 4 * unit);
	const used = slotGrid.length ? slotGrid.at(-1)!.y + slotGrid.at(-1)!.h - room.y : 0;
	const disk = { ...right, y: right.y + right.h - filesHeight - used, h: used };
	const frames = { ...right, h: disk.y - right.y - 36 * unit };
	const regions = fitRegions(view, pages, unit, zoom);
	const { rows, boxes } = placeTables(view, tables, unit, told(regions, view));
	const frameGrid = grid(frames, pool.length, 84 * unit, pool.length > MAP_FROM ? 1 : 0.82, pool.length > MAP_FROM ? 1 : 6 * unit);
	return {
		unit, pages, tables, frames, disk, inspector, regions, rows, tableBoxes: boxes,
		frameBoxes: frameGrid.map((box, i) => ({ ...box, frame: pool[i]! })),
		slotBoxes: slotGrid.map((box, i) => ({ ...box, y: box.y + disk.y - right.y, slot: slots[i]! })),
	};
}

/** => a curve from one point to another that leaves and arrives level */
export function curve(x1: number, y1: number, x2: number, y2: number): string {
	const bend = Math.max((x2 - x1) * 0.45, 12);
	return `M${r(x1)} ${r(y1)}C${r(x1 + bend)} ${r(y1)} ${r(x2 - bend)} ${r(y2)} ${r(x2)} ${r(y2)}`;
}

const r = (n: number) => Math.round(n * 10) / 10;

/** => who has something in the frame: the first place in the followed task, or any */
export function ownerOf(view: View, frame: number) {
	const links = linksOf(view.state), page = view.state.holder.get(frame);
	const places = links.mappers.get(frame) ?? (page ? links.owners.get(page) : undefined) ?? [];
	return { place: places.find((p) => p.label === view.task) ?? places[0], count: places.length, file: links.files.get(frame),
		page: page ?? 0 };
}
