// The desk of the reader who is followed, and the desks behind it. What lies on a desk are the pages of an address space, region
// by region: an open book if the page can be used at once, a slip if the librarian must fetch it, a mark where nothing is yet.

import { pageAt, usedIn, type PageAt } from '../../links';
import { BUILDING } from '../../names';
import type { View } from '../../skin';
import type { Region } from '../../space';
import type { State } from '../../state';
import type { Box } from './grid';

export interface Spot { x: number; y: number; size: number; at: PageAt | null; count: number; region: Region; va: number }
/** A part of the desk under one name: a region, or it and neighbouring ones of the same object. */
export interface Strip { region: Region; x: number; y: number; spots: Spot[] }
export interface Desk { label: number; x: number; y: number; w: number; h: number; depth: number; lying: number; away: number }

interface Item { at: PageAt | null; count: number; va: number }
interface Lying { item: Item; region: Region }

const ALONE = 3, SIZES = [52, 48, 44, 40, 37, 34, 31, 28, 25, 22, 19, 16, 14], HEADING = 17, NAME = 74, GAP = 16;

/** => what lies in REGION: each page that there is something to say about, and stretches of the others */
export function itemsOf(view: View, region: Region): Item[] {
	const { state, task } = view, items: Item[] = [];
	let next = region.start;
	const settle = (until: number) => {
		const count = (until - next) / 4096;
		if (count > ALONE)
			items.push({ at: null, count, va: next });
		for (let va = next; count <= ALONE && va < until; va += 4096)
			items.push({ at: pageAt(state, task, region, va), count: 1, va });
	};
	for (const va of usedIn(state, task, region)) {
		const at = pageAt(state, task, region, va);
		if (at.look === 'untouched')
			continue;
		settle(va);
		items.push({ at, count: 1, va });
		next = va + 4096;
	}
	settle(region.end);
	return items;
}

const MIXED = 16; // with larger piles the order of the pages is given up

/** => ITEMS in piles of up to EACH pages in the same state */
function piled(items: readonly Item[], each: number): Item[] {
	const piles: Item[] = [], sort = ({ at }: Item) => (!at || at.look === 'untouched' ? 3 : !at.frame ? 2 : at.mapped ? 0 : 1);
	for (const item of each > MIXED ? [...items].sort((a, b) => sort(a) - sort(b)) : items) {
		const last = piles.at(-1), blank = !item.at || item.at.look === 'untouched';
		const same = last && (blank ? !last.at : last.at && last.count < each && sort(last) === sort(item));
		if (same)
			last.count += item.count;
		else
			piles.push(blank ? { at: null, count: item.count, va: item.va } : { ...item });
	}
	return piles;
}

/** => regions that lie next to each other and belong to the same object, together */
function parts(regions: readonly Region[]): Region[][] {
	const groups: Region[][] = [];
	for (const region of regions) {
		const last = groups.at(-1)?.at(-1);
		if (last && region.obj && last.obj === region.obj && last.end === region.start)
			groups.at(-1)!.push(region);
		else
			groups.push([region]);
	}
	return groups;
}

/** A trapezoid: rows far away are shorter, and what lies in them is smaller. */
class Slope {
	constructor(readonly top: Box, readonly bottom: Box) {}

	at(y: number) {
		const t = (y - this.top.y) / (this.bottom.y - this.top.y), { top, bottom } = this;
		const left = top.x + (bottom.x - top.x) * t, right = top.x + top.w + (bottom.x + bottom.w - top.x - top.w) * t;
		return { left: left + 16, right: right - 12, scale: 0.74 + 0.26 * t };
	}
}

const widthOf = (item: Item, step: number) => (item.at ? step : Math.max(step * 1.1, 40));

/** Lays the parts in rows from the far edge to the near one, several in a row if they fit. => null: they do not fit */
function lay(groups: readonly Lying[][], slope: Slope, size: number): Strip[] | null {
	const strips: Strip[] = [];
	let y = slope.top.y + 4 + HEADING, { left, right, scale } = slope.at(y), step = size * scale * 1.14, x = left;
	const nextRow = (heading: number) => {
		y += step * 0.98 + heading;
		({ left, right, scale } = slope.at(y));
		step = size * scale * 1.14;
		x = left;
	};
	for (const items of groups) {
		const width = Math.max(items.reduce((sum, { item }) => sum + widthOf(item, step), 0), NAME);
		if (x > left && x + width > right)
			nextRow(HEADING);
		const strip: Strip = { region: items[0]!.region, x, y: y - 4, spots: [] }, start = x;
		let wrapped = false;
		for (const { item, region } of items) {
			const w = widthOf(item, step);
			if (x + w > right && x > left) {
				nextRow(3);
				wrapped = true;
			}
			strip.spots.push({ x, y, size: size * scale, at: item.at, count: item.count, region, va: item.va });
			x += w;
		}
		x = wrapped ? right : Math.max(x, start + NAME) + GAP;
		strips.push(strip);
	}
	return y + step <= slope.bottom.y ? strips : null;
}

/** => the parts of the desk whose far edge is TOP and near edge BOTTOM, with the largest books that fit */
export function stripsOf(view: View, top: Box, bottom: Box): Strip[] {
	const groups = parts(view.state.spaces.get(view.task)?.joined() ?? []), slope = new Slope(top, bottom);
	const lying = groups.map((regions) => regions.map((region) => ({ region, items: itemsOf(view, region) })));
	const heaped = (each: number) => lying.map((parts) => parts.flatMap(({ region, items }) => (each > 1 ? piled(items, each) : items).map((item) => ({ item, region }))));
	for (let each = 1; each <= 4096; each *= 4) {
		const piles = heaped(each);
		for (const size of SIZES) {
			const strips = lay(piles, slope, size);
			if (strips)
				return strips;
		}
	}
	return lay(heaped(4096).slice(0, 8), slope, SIZES.at(-1)!) ?? [];
}

/** => the spaces behind the one that is followed, those with the nearest numbers first */
export function othersOf(state: State, task: number): number[] {
	return [...state.spaces.keys()].filter((l) => l !== task).sort((a, b) => Number(a >= BUILDING) - Number(b >= BUILDING) || b - a);
}

/** => desks that stand behind, in ROOM, from near to far, each smaller and paler */
export function desksBehind(state: State, task: number, room: Box): { desks: Desk[]; more: number } {
	const labels = othersOf(state, task), perRow = 3, rows = 3;
	const desks = labels.slice(0, perRow * rows).map((label, i) => {
		const depth = Math.floor(i / perRow), scale = 0.62 ** depth, inRow = Math.min(perRow, labels.length - depth * perRow);
		const w = room.w * 0.27 * scale, gap = room.w * 0.33 * scale;
		const space = state.spaces.get(label)!;
		const x = room.x + room.w / 2 + ((i % perRow) - (inRow - 1) / 2) * gap - w / 2;
		const lying = space.entries.size;
		return { label, x, y: room.y + room.h * scale, w, h: room.h * 0.5 * scale, depth, lying,
			away: [...space.private.values()].filter((p) => !state.pages.get(p)?.frame).length };
	});
	return { desks, more: Math.max(0, labels.length - perRow * rows) };
}
