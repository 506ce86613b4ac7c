// Where everything stands in the skin Pages. Pure geometry: the state, the recording and the size of the stage in, boxes out.

import type { PageAt } from '../../links';
import { poolWithTables, slotsOf } from '../../pool';
import type { View } from '../../skin';
import { thingOfEvent } from '../../things';
import { fitRegions, type RegionBox } from './regions';

export interface Box { x: number; y: number; w: number; h: number }
/** A line of the page table; without AT it stands for HIDDEN entries, of the tables HAS. */
export interface Row extends Box { at: PageAt | null; hidden: number; has: Set<number> }
export interface TableBox extends Box { number: number }
export interface DirectoryEntry extends Box { number: number; to: number } // to: where its table, or the row that hides it, begins
export interface FrameBox extends Box { frame: number }
export interface SlotBox extends Box { slot: number }

export interface Layout {
	unit: number; // the size of text and small things grows with the stage
	pages: Box;
	tables: Box;
	frames: Box;
	lens: Box | null; // where a part of a map is shown large; null: there is no map
	disk: Box;
	inspector: Box;
	regions: RegionBox[];
	rows: Row[];
	tableBoxes: TableBox[];
	directory: DirectoryEntry[];
	frameBoxes: FrameBox[];
	slotBoxes: SlotBox[];
}

export const MAP_FROM = 200; // pages, frames or slots: more are drawn as a map
export const LENS = { columns: 5, rows: 2 };
export const WIDE = 46; // a frame that is narrower has room for its number and a small page only
const NARROW = 1000; // below this width, the inspector gives its room to the picture

function columns(width: number, height: number) {
	const unit = Math.min(Math.max(Math.min(height / 558, width / 1280), 1), 1.5);
	const inspector = width < NARROW ? 0 : Math.round(Math.min(264 * unit, width * 0.22));
	const usable = width - inspector - 24 - 24 * unit;
	const [a, b, c] = (inspector ? [0.245, 0.275, 0.375] : [0.215, 0.34, 0.35]).map((part) => part * usable) as [number, number, number];
	const gutter = (usable - a - b - c) / 2;
	const y = 34 * unit, h = height - y - 10;
	const pages = { x: 24, y, w: a, h };
	const tables = { x: pages.x + a + gutter * 0.7, y, w: b, h };
	const right = { x: tables.x + b + gutter * 1.3, y, w: c, h };
	return { unit, pages, tables, right, inspector: { x: width - inspector, y: 0, w: inspector, h: height } };
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

type Line = Pick<Row, 'at' | 'hidden' | 'has'>;

/** => which of the entries get rows: all if ROOM allows, else those near what changed or what the event is about, the rest folded;
 * then entries that are not mapped only if it is about them */
function chooseRows(view: View, all: PageAt[], room: number): Line[] {
	const line = (at: PageAt): Line => ({ at, hidden: 0, has: new Set([at.va >>> 22]) });
	if (all.length <= room)
		return all.map(line);
	const keep = new Set<number>(), thing = thingOfEvent(view);
	const close = (at: PageAt) => changedRow(view, at) || (thing?.kind === 'page' && thing.label === view.task && thing.va === at.va);
	all = all.filter((at) => at.mapped || close(at));
	const wanted = all.flatMap((at, i) => (close(at) ? [i] : []));
	if (!wanted.length)
		wanted.push(Math.max(all.findIndex((at) => at.page), 0));
	for (let reach = 0; (!reach || keep.size < room - wanted.length - 2) && reach < all.length; reach++)
		for (const i of wanted)
			for (const near of [i - reach, i + reach])
				if (near >= 0 && near < all.length && keep.size < room - 2)
					keep.add(near);
	const rows: Line[] = [];
	all.forEach((at, i) => {
		const last = rows.at(-1);
		if (keep.has(i)) {
			rows.push(line(at));
		} else if (last && !last.at) {
			last.hidden++;
			last.has.add(at.va >>> 22);
		} else {
			rows.push({ ...line(at), at: null, hidden: 1 });
		}
	});
	return rows.slice(0, room);
}

function placeTables(view: View, area: Box, unit: number, all: PageAt[]) {
	const numbers = [...new Set(all.map((at) => at.va >>> 22))];
	const directoryWidth = 48 * unit, x = area.x + directoryWidth + 34 * unit, w = area.x + area.w - x;
	const least = 13 * unit, gap = 8 * unit;
	const room = Math.max(Math.floor((area.h - Math.min(numbers.length, 8) * gap) / least), 4);
	const chosen = chooseRows(view, all, room);
	const h = Math.min(22 * unit, (area.h - Math.min(numbers.length, 8) * gap) / Math.max(chosen.length, 1));
	const rows: Row[] = [], boxes: TableBox[] = [];
	let y = area.y, table = -1;
	for (const row of chosen) {
		const number: number = row.at ? row.at.va >>> 22 : row.has.has(table) ? table : [...row.has][0]!;
		if (number !== table) {
			if (table >= 0)
				y += gap;
			boxes.push({ x, y, w, h: 0, number });
			table = number;
		}
		rows.push({ ...row, x, y, w, h });
		y += h;
		boxes.at(-1)!.h = y - boxes.at(-1)!.y;
	}
	const height = Math.min(20 * unit, area.h / Math.max(numbers.length, 1));
	const directory = numbers.map((number, i): DirectoryEntry => ({ x: area.x, y: area.y + i * height, w: directoryWidth, h: height, number,
		to: boxes.find((b) => b.number === number)?.y ?? rows.find((r) => r.has.has(number))?.y ?? area.y }));
	return { rows, boxes, directory };
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
	const pool = poolWithTables(view.history), slots = slotsOf(view.history);
	const regions = fitRegions(view, pages, unit, zoom);
	const { rows, boxes, directory } = placeTables(view, tables, unit, told(regions, view));
	const filesHeight = 40 * unit, room = { ...right, h: slots.length ? right.h * 0.2 : 0 };
	const slotGrid = grid(room, slots.length, 44 * unit, slots.length > MAP_FROM ? 1 : 0.8, slots.length > MAP_FROM ? 1 : 4 * unit);
	const used = slotGrid.length ? slotGrid.at(-1)!.y + slotGrid.at(-1)!.h - room.y : 0;
	const disk = { ...right, y: right.y + right.h - filesHeight - used, h: used };
	const isMap = pool.length > MAP_FROM || slots.length > MAP_FROM || cellsOf(regions) > MAP_FROM;
	const magnified = { ...right, h: LENS.rows * 54 * unit };
	const lens = isMap ? { ...magnified, y: disk.y - 32 * unit - magnified.h } : null;
	const frames = { ...right, h: (lens?.y ?? disk.y) - right.y - 36 * unit };
	const large = grid(frames, pool.length, 84 * unit, 0.82, 6 * unit);
	const frameGrid = pool.length > MAP_FROM ? grid(frames, pool.length, 84 * unit, 1, 1) : (large[0]?.w ?? 0) >= WIDE ? large
		: grid(frames, pool.length, WIDE, 1.15, 3 * unit); // higher than wide: the number stands above the page
	return {
		unit, pages, tables, frames, lens, disk, inspector, regions, rows, tableBoxes: boxes, directory,
		frameBoxes: frameGrid.map((box, i) => ({ ...box, frame: pool[i]! })),
		slotBoxes: slotGrid.map((box, i) => ({ ...box, y: box.y + disk.y - right.y, slot: slots[i]! })),
	};
}

export const cellsOf = (regions: readonly RegionBox[]) => regions.reduce((sum, r) => sum + r.cells.length, 0);

/** => a curve from one point to another that leaves and arrives level */
export function curve(x1: number, y1: number, x2: number, y2: number): string {
	const bend = Math.max((x2 - x1) * 0.45, 12);
	return `M${r(x1)} ${r(y1)}C${r(x1 + bend)} ${r(y1)} ${r(x2 - bend)} ${r(y2)} ${r(x2)} ${r(y2)}`;
}

const r = (n: number) => Math.round(n * 10) / 10;
