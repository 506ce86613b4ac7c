// The lens: a small part of a map, shown large. It lies where the reader points, or at what the step is about.

import type { Thing, View } from '../../skin';
import { cellsOf, LENS, MAP_FROM, type Box, type Layout } from './layout';
import type { Cell } from './regions';

export type MapKind = 'frame' | 'slot' | 'page';
/** A cell of a map, by its number in it. */
export interface Spot { kind: MapKind; index: number }
/** ITEMS of the map lie under the lens, which covers ON; each is shown in its COLUMN and ROW. */
export interface Lens { spot: Spot; on: Box; items: { index: number; column: number; row: number }[] }

/** => the cells of the pages that are drawn, of all regions */
export const pageCells = (places: Layout): Cell[] => places.regions.flatMap((r) => r.cells);

export const isMap = (places: Layout, kind: MapKind) => (kind === 'frame' ? places.frameBoxes.length : kind === 'slot' ? places.slotBoxes.length
	: cellsOf(places.regions)) > MAP_FROM;

const boxesOf = (places: Layout, kind: MapKind): readonly Box[] => (kind === 'frame' ? places.frameBoxes : kind === 'slot' ? places.slotBoxes
	: pageCells(places));

/** => the thing at SPOT; null: nothing is there any more */
export function thingAt(view: View, places: Layout, { kind, index }: Spot): Thing | null {
	if (kind === 'page') {
		const cell = pageCells(places)[index];
		return cell ? { kind, label: view.task, va: cell.at.va } : null;
	}
	const frame = places.frameBoxes[index]?.frame, slot = places.slotBoxes[index]?.slot;
	return kind === 'frame' ? (frame === undefined ? null : { kind, frame }) : slot === undefined ? null : { kind, slot };
}

/** => the place in a map of THING, or of the page that THING is, or of what the step has changed; the policy's hand; the beginning */
function usual(view: View, places: Layout, thing: Thing | null): Spot {
	const { state, change } = view;
	const page = thing?.kind === 'page' ? state.spaces.get(thing.label)?.private.get(thing.va) : undefined;
	const entry = thing?.kind === 'page' ? state.spaces.get(thing.label)?.entries.get(thing.va)?.[0] : undefined;
	const frame = (f: number | null | undefined) => places.frameBoxes.findIndex((b) => b.frame === f);
	const slot = (s: number | undefined) => places.slotBoxes.findIndex((b) => b.slot === s);
	const found: Spot[] = [
		{ kind: 'frame', index: frame(thing?.kind === 'frame' ? thing.frame : entry ?? state.pages.get(page ?? 0)?.frame) },
		{ kind: 'slot', index: slot(thing?.kind === 'slot' ? thing.slot : state.pages.get(page ?? 0)?.slot) },
		{ kind: 'frame', index: places.frameBoxes.findIndex((b) => change.frames.has(b.frame)) },
		{ kind: 'page', index: thing?.kind === 'page' && thing.label === view.task ? pageCells(places).findIndex((c) => c.at.va === thing.va) : -1 },
		{ kind: 'frame', index: frame(state.hand) },
		...(['frame', 'slot', 'page'] as const).map((kind) => ({ kind, index: 0 })),
	];
	return found.find((s) => s.index >= 0 && isMap(places, s.kind))!;
}

/** => the lens at SPOT, or where it usually lies; null: there is no map */
export function lensAt(view: View, places: Layout, spot: Spot | null, thing: Thing | null): Lens | null {
	if (!places.lens)
		return null;
	const at = spot && isMap(places, spot.kind) && thingAt(view, places, spot) ? spot : usual(view, places, thing);
	const boxes = boxesOf(places, at.kind), centre = boxes[at.index]!;
	const apart = boxes.filter((b) => b.y === centre.y && b.x !== centre.x).map((b) => Math.abs(b.x - centre.x));
	const step = Math.min(...apart, 4 * centre.w);
	const { columns, rows } = LENS, near = 0.01;
	const row = (y: number) => boxes.some((b) => Math.abs(b.y - y) < near);
	const top = row(centre.y + step) || !row(centre.y - step) ? centre.y : centre.y - step;
	const area = at.kind === 'page' ? places.pages : places.frames;
	const left = Math.min(Math.max(centre.x - 2 * step, area.x), Math.max(area.x + area.w - columns * step, area.x));
	const items = boxes.flatMap((b, index) => {
		const column = Math.round((b.x - left) / step), line = Math.round((b.y - top) / step);
		const inside = column >= 0 && column < columns && line >= 0 && line < rows && Math.abs(b.y - top - line * step) < near;
		return inside ? [{ index, column, row: line }] : [];
	});
	return { spot: at, items, on: { x: left, y: top, w: columns * step - 1, h: rows * step - 1 } };
}
