// A thing's life: the events of a recording that concern it, found in one pass. A page's contents move between frames, slots and
// objects, and another page can take its place (copy-on-write), so the pass follows what it needs of the state. That is a
// fraction of the whole state, and costs a fraction of it: a life is shown anew at each step. The twin of tools/trace/life.py.

import type { History } from './history';
import type { Thing } from './skin';
import { objectKey } from './space';
import type { TraceEvent } from './trace';

interface Fields {
	va?: number; page?: number; frame?: number; slot?: number; obj?: number; index?: number; n?: number; order?: number;
	start?: number; end?: number; parent?: number; from?: number;
}
const fieldsOf = (event: TraceEvent) => event.values as Fields;
const RANGES = new Set(['region', 'unregion', 'discard', 'protect', 'wire', 'inherit']);
const SPACES = new Set(['fork', 'exec', 'exit', 'procout', 'procin', 'procdone']);

/** What one space has at the address. */
interface Here { readonly page: number; readonly frame: number; readonly mapped: boolean; readonly obj: number; readonly index: number }
const NOTHING: Here = { page: 0, frame: 0, mapped: false, obj: 0, index: 0 };

class Follower {
	private here = new Map<number, Here>(); // label -> what is at the address
	private pages = new Map<number, { frame: number; slot: number }>();
	private holder = new Map<number, number>(); // frame -> page
	private slots = new Map<number, number>(); // slot -> page
	private objects = new Map<string, readonly ['page' | 'frame', number]>();

	constructor(private readonly label: number, private readonly va: number) {}

	/** => does the event, which is yet to be followed, concern the page? */
	concerns(event: TraceEvent): boolean {
		const v = fieldsOf(event), mine = event.label === this.label, here = this.here.get(this.label) ?? NOTHING;
		if (v.va !== undefined)
			return mine && v.va >>> 12 === this.va >>> 12;
		if (RANGES.has(event.name))
			return mine && this.covered(v);
		if (SPACES.has(event.name))
			return (mine || v.parent === this.label) && (here.page > 0 || here.mapped);
		if (v.page !== undefined && event.name !== 'hello')
			return v.page > 0 && v.page === here.page;
		if (v.obj !== undefined && v.index !== undefined)
			return !here.page && v.obj > 0 && v.obj === here.obj && v.index === here.index;
		if (v.slot !== undefined) {
			const slot = this.pages.get(here.page)?.slot;
			return slot !== undefined && v.slot <= slot && slot < v.slot + (v.n ?? 1);
		}
		return !!v.frame && this.frames(here).includes(v.frame);
	}

	private covered(v: Fields): boolean {
		return v.start! <= this.va && this.va < v.end!;
	}

	/** The frames that the page is in. */
	private frames(here: Here): number[] {
		const object = here.page ? undefined : this.objects.get(objectKey(here.obj, here.index));
		return [here.frame, this.pages.get(here.page)?.frame ?? 0, object?.[0] === 'frame' ? object[1] : 0];
	}

	take(event: TraceEvent) {
		this.takeSpace(event);
		this.takePage(event);
	}

	private change(label: number, change: Partial<Here>) {
		this.here.set(label, { ...(this.here.get(label) ?? NOTHING), ...change });
	}

	private takeSpace(event: TraceEvent) {
		const v = fieldsOf(event), label = event.label, here = v.va === this.va;
		if (event.name === 'map' && here)
			this.change(label, { frame: v.frame!, mapped: true });
		else if (event.name === 'unmap' && here)
			this.change(label, { frame: 0, mapped: false });
		else if (event.name === 'private' && here)
			this.change(label, { page: v.page! });
		else if (event.name === 'discard' && this.covered(v))
			this.change(label, { page: 0 });
		else if (event.name === 'region' && this.covered(v))
			this.change(label, { obj: v.obj!, index: v.obj ? v.index! + ((this.va - v.start!) >>> 12) : 0 });
		else if (event.name === 'unregion' && this.covered(v))
			this.change(label, { page: 0, obj: 0, index: 0 });
		else if (event.name === 'fork')
			this.here.set(label, { ...(this.here.get(v.parent!) ?? NOTHING), frame: 0, mapped: false });
		else if (event.name === 'exec')
			this.here.set(label, this.here.get(v.from!) ?? NOTHING);
		if (event.name === 'exit' || event.name === 'exec')
			this.here.delete(event.name === 'exec' ? v.from! : label);
	}

	private takePage(event: TraceEvent) {
		const v = fieldsOf(event), page = v.page ?? 0;
		if (event.name === 'snapshot' && event.values.part === 'begin')
			this.forget();
		else if (event.name === 'page')
			this.move(page, v.frame!, 0);
		else if (event.name === 'pagein')
			this.move(page, v.frame!, v.slot!);
		else if (event.name === 'pagefree')
			this.pages.delete(page);
		else if (event.name === 'slotalloc' && this.pages.has(page))
			this.move(page, this.pages.get(page)!.frame, v.slot!);
		else if (event.name === 'slotfree' && this.pages.get(this.slots.get(v.slot!) ?? 0)?.slot === v.slot)
			this.move(this.slots.get(v.slot!)!, this.pages.get(this.slots.get(v.slot!)!)!.frame, 0);
		else if (event.name === 'evict' && this.pages.has(this.holder.get(v.frame!) ?? 0))
			this.pages.get(this.holder.get(v.frame!)!)!.frame = 0;
		else if (event.name === 'shmpage')
			this.objects.set(objectKey(v.obj!, v.index!), ['page', page]);
		else if (event.name === 'filepage')
			this.objects.set(objectKey(v.obj!, v.index!), ['frame', v.frame!]);
		else if (event.name === 'objdrop')
			this.objects.delete(objectKey(v.obj!, v.index!));
		if (event.name === 'evict' || event.name === 'framefree')
			this.holder.delete(v.frame!);
	}

	private move(page: number, frame: number, slot: number) {
		this.pages.set(page, { frame, slot });
		if (frame)
			this.holder.set(frame, page);
		if (slot)
			this.slots.set(slot, page);
	}

	/** A snapshot begins: it describes everything anew. */
	private forget() {
		for (const part of [this.here, this.pages, this.holder, this.slots, this.objects])
			part.clear();
	}
}

function lifeOfPage(events: readonly TraceEvent[], label: number, va: number): number[] {
	const life: number[] = [], follower = new Follower(label, va);
	let snapshot = false;
	events.forEach((event, index) => {
		if (event.name === 'snapshot')
			snapshot = event.values.part === 'begin';
		else if (!snapshot && follower.concerns(event))
			life.push(index);
		follower.take(event);
	});
	return life;
}

const between = (n: number, first: number | undefined, count: number) => first !== undefined && first <= n && n < first + count;

const REMEMBERED = 16; // lives of each history
const lives = new WeakMap<History, Map<string, { life: number[]; last: number }>>();

/** => the indices of the events that concern THING, in their order */
export function lifeOf(history: History, thing: Thing): number[] {
	const known = lives.get(history) ?? new Map<string, { life: number[]; last: number }>(), name = JSON.stringify(thing);
	let found = known.get(name);
	if (found?.last !== history.last)
		found = { life: search(history.events, thing), last: history.last };
	known.delete(name);
	known.set(name, found);
	if (known.size > REMEMBERED)
		known.delete(known.keys().next().value!);
	lives.set(history, known);
	return found.life;
}

function search(events: readonly TraceEvent[], thing: Thing): number[] {
	if (thing.kind === 'page')
		return lifeOfPage(events, thing.label, thing.va);
	const concerns = (v: Fields) => {
		if (thing.kind === 'frame')
			return between(thing.frame, v.frame, 2 ** (v.order ?? 0));
		if (thing.kind === 'slot')
			return between(thing.slot, v.slot, v.n ?? 1);
		return v.obj === thing.obj && v.index === thing.index;
	};
	let snapshot = false;
	return events.flatMap((event, index) => {
		if (event.name === 'snapshot')
			snapshot = event.values.part === 'begin';
		return !snapshot && concerns(fieldsOf(event)) ? [index] : [];
	});
}
