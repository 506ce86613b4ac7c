// What differs between two states: what a step has changed, and where a snapshot contradicts the followed state.

import type { View } from './skin';
import { objectKey, type Region } from './space';
import type { State } from './state';
import { ownEvents } from './steps';
import type { TraceEvent } from './trace';

/** What a step has changed. An entry, private page or region is named by `LABEL:ADDRESS`. */
export interface Change {
	entries: Set<string>;
	privates: Set<string>;
	regions: Set<string>;
	frames: Set<number>; // allocated, freed, or with another page
	pages: Set<number>; // moved, created, gone
	slots: Set<number>;
	objects: Set<string>; // pages of objects, by objectKey
	spaces: Set<number>; // created or gone
	away: Set<number>; // swapped out as a whole, or in again
}

/** Adds to FOUND the keys whose values differ. */
function differing<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>, found: (key: K) => void, same = (x: V, y: V) => x === y) {
	for (const [key, value] of a) {
		const other = b.get(key);
		if (other === undefined || (other !== value && !same(value, other)))
			found(key);
	}
	for (const key of b.keys())
		if (!a.has(key))
			found(key);
}

const pairSame = (a: readonly unknown[], b: readonly unknown[]) => a[0] === b[0] && a[1] === b[1];
const regionSame = (a: Region, b: Region) => (Object.keys(a) as (keyof Region)[]).every((k) => a[k] === b[k]);

/** => what differs between BEFORE and AFTER */
export function changeBetween(before: State, after: State): Change {
	const change: Change = { entries: new Set(), privates: new Set(), regions: new Set(), frames: new Set(), pages: new Set(),
		slots: new Set(), objects: new Set(), spaces: new Set(), away: new Set() };
	for (const label of new Set([...before.spaces.keys(), ...after.spaces.keys()])) {
		const a = before.spaces.get(label), b = after.spaces.get(label);
		const named = (set: Set<string>) => (va: number) => set.add(`${label}:${va}`);
		if (!a || !b)
			change.spaces.add(label);
		differing(a?.entries ?? new Map(), b?.entries ?? new Map(), named(change.entries), pairSame);
		differing(a?.private ?? new Map<number, number>(), b?.private ?? new Map(), named(change.privates));
		const byStart = (regions: Region[] | undefined) => new Map((regions ?? []).map((r) => [r.start, r]));
		differing(byStart(a?.joined()), byStart(b?.joined()), named(change.regions), regionSame);
	}
	const out = (state: State) => new Map([...state.away].map((label) => [label, true]));
	differing(out(before), out(after), (label) => change.away.add(label));
	const frame = (n: number) => change.frames.add(n);
	differing(before.frames, after.frames, frame, pairSame);
	differing(before.holder, after.holder, frame);
	differing(before.pages, after.pages, (p) => change.pages.add(p), (a, b) => a.frame === b.frame && a.slot === b.slot);
	differing(before.slots, after.slots, (s) => change.slots.add(s));
	differing(before.objects, after.objects, (o) => change.objects.add(o), pairSame);
	return change;
}

/** => what the step of VIEW has changed. What other threads changed meanwhile is left out: only what the step's events name counts. */
export function stepChange(view: Omit<View, 'change'>): Change {
	const { before, state } = view, change = changeBetween(before, state), own = ownEvents(view);
	differing(before.victims, state.victims, (f) => change.frames.add(f));
	for (const slot of new Set([...before.moving, ...state.moving]))
		if (before.moving.has(slot) !== state.moving.has(slot))
			change.slots.add(slot);
	return own.length === view.index - view.from + 1 ? change : restricted(change, own, before, state);
}

/** => of CHANGE what EVENTS name, and the pages in the frames and slots that they name */
function restricted(change: Change, events: TraceEvent[], before: State, after: State): Change {
	const named = { frames: new Set<unknown>(), pages: new Set<unknown>(), slots: new Set<unknown>(), objects: new Set<unknown>(),
		places: new Set<unknown>(), labels: new Set<unknown>() };
	const victims = events.map((event) => (event.name === 'victim' ? event.values.frame : 0));
	for (const { name, label, values } of events) {
		if (events[0]!.name === 'trap' && (name === 'evict' || name === 'framefree') && !victims.includes(values.frame))
			continue; // an interrupt reports the end of another thread's write
		const { frame, page, slot, va, obj, index } = values as unknown as Record<string, number | undefined>;
		named.labels.add(label);
		named.frames.add(frame);
		named.slots.add(slot);
		named.places.add(`${label}:${(va! & ~4095) >>> 0}`);
		named.objects.add(objectKey(obj!, index!));
		for (const state of [before, after])
			named.pages.add(page).add(state.holder.get(frame!)).add(state.slots.get(slot!));
	}
	const only = <T>(set: Set<T>, allowed: Set<unknown>) => new Set([...set].filter((key) => allowed.has(key)));
	return { entries: only(change.entries, named.places), privates: only(change.privates, named.places),
		regions: new Set([...change.regions].filter((key) => named.labels.has(parseInt(key)))), frames: only(change.frames, named.frames),
		pages: only(change.pages, named.pages), slots: only(change.slots, named.slots), objects: only(change.objects, named.objects),
		spaces: only(change.spaces, named.labels), away: only(change.away, named.labels) };
}

/** => texts: where a SNAPSHOT differs from the FOLLOWED state; parts whose classes are off are left out */
export function contradictions(followed: State, snapshot: State): string[] {
	const change = changeBetween(followed, snapshot);
	const live = (slot: number) => followed.slots.get(slot) || snapshot.slots.get(slot);
	const parts: [string, string, Iterable<unknown>][] = [
		['space', 'space', change.spaces], ['space procswap', 'swapped out as a whole', change.away], ['space', 'region', change.regions], ['space page', 'private page', change.privates],
		['space map', 'entry', change.entries],
		['frame', 'frame', [...change.frames].filter((f) => !samePair(followed.frames.get(f), snapshot.frames.get(f)))],
		['page evict swap slot', 'page', change.pages], ['page', "object's page", change.objects],
		['slot page', 'slot', [...change.slots].filter(live)],
	];
	return parts.filter(([needs]) => needs.split(' ').every((c) => followed.classes.has(c)))
		.flatMap(([, name, keys]) => [...keys].map((key) => `${name} ${key}: the snapshot says something else`));
}

function samePair(a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean {
	return a === b || (!!a && !!b && pairSame(a, b));
}
