// The memory manager's state as reconstructed from the events of a trace: the twin of tools/trace/state.py, which says what each
// part means; a test compares the two on random recordings.
//
// The values in the maps are never changed, only replaced, so a copy of the state copies its maps and lists and nothing below.

import { HAPPENS } from './happens';
import { EVENTS } from './schema';
import { Space } from './space';
import type { TraceEvent } from './trace';

export interface Page {
	readonly frame: number; // 0: only in its slot
	readonly slot: number; // 0: in none
}

export type Block = readonly [order: number, state: string];
/** What a page of an object is: an anonymous page, or a frame with a file's page. */
export type ObjectPage = readonly [kind: 'page' | 'frame', number: number];

/** A fault that has begun. */
export interface Trap { readonly thread: number | null; readonly va: number; readonly error: number; readonly ip: number }

export class State {
	wrong: string[] = []; // what was impossible
	event: TraceEvent | null = null;
	classes: ReadonlySet<string> = new Set();
	policy = '';
	running: { readonly thread: number; readonly label: number } | null = null;
	threads = new Map<number, string>(); // thread -> its name
	known = new Set<number>(); // threads that have done something
	waiting = new Map<number | null, readonly [what: string, frame: number]>(); // by thread
	traps = new Map<number, Trap>(); // label -> its fault that has not ended
	victims = new Map<number, string>(); // frame -> why: chosen, but not gone yet
	hand: number | null = null; // the frame that the policy has looked at last
	seen = new Map<number, readonly [accessed: number, dirty: number]>(); // frame -> its bits, as they were after that
	moving = new Set<number>(); // slots that are being read or written
	snapshot = false;

	// What a snapshot describes.
	spaces = new Map<number, Space>();
	frames = new Map<number, Block>(); // by the first frame of a block
	pages = new Map<number, Page>();
	slots = new Map<number, number>(); // slot -> page; 0: none any more
	objects = new Map<string, ObjectPage>(); // by objectKey
	holder = new Map<number, number>(); // frame -> anonymous page in it
	mapped = new Map<number, number>(); // frame -> number of entries
	names = new Map<number, string>(); // label -> name of the task
	objectNames = new Map<number, string>();
	away = new Set<number>(); // labels of spaces that are swapped out as a whole
	counters = new Map<string, number>();
	old = new Set<number>(); // frames that may have been chosen before the trace began

	begin(classes: string[]) {
		Object.assign(this, new State(), { wrong: this.wrong, event: this.event, classes: new Set(classes) });
	}

	forgetDescribed() {
		const { spaces, frames, pages, slots, objects, holder, mapped, names, objectNames, away, counters, old } = new State();
		Object.assign(this, { spaces, frames, pages, slots, objects, holder, mapped, names, objectNames, away, counters, old });
	}

	copy(): State {
		const other = Object.assign(new State(), this) as Record<string, unknown> & State;
		for (const [part, value] of Object.entries(this))
			if (value instanceof Map)
				other[part] = new Map(value);
			else if (value instanceof Set)
				other[part] = new Set(value);
		other.wrong = [...this.wrong];
		for (const [label, space] of this.spaces)
			other.spaces.set(label, space.copy());
		return other;
	}

	apply(event: TraceEvent) {
		this.event = event;
		const handler = HAPPENS[event.name] as ((s: State, label: number, v: object) => void) | undefined;
		handler?.(this, event.label, event.values);
		if (this.snapshot)
			return;
		for (const [counter, conditions] of EVENTS[event.name]!.counts) {
			const value = this.counters.get(counter), fields = event.values as Record<string, unknown>;
			if (value !== undefined && Object.entries(conditions).every(([f, word]) => fields[f] === word))
				this.counters.set(counter, value + 1);
		}
		if (this.running && event.name !== 'run')
			this.known.add(this.running.thread);
	}

	/** TEXT counts only if the events of all CLASSES are in the trace. */
	complain(classes: string, text: string) {
		if (classes.split(' ').every((c) => this.classes.has(c)))
			this.wrong.push(`@${this.event!.seq} ${this.event!.name}: ${text}`);
	}

	space(label: number): Space {
		let space = this.spaces.get(label);
		if (!space) {
			this.complain('space', `there is no space ${label}`);
			space = new Space();
			this.spaces.set(label, space);
		}
		return space;
	}

	/** => the thread that has caused this event */
	thread(): number | null {
		if (!this.running)
			this.complain('state', 'no run says which thread it is');
		return this.running?.thread ?? null;
	}

	/** FRAME is not on its way out any more. */
	settle(frame: number) {
		this.victims.delete(frame);
		this.old.delete(frame);
	}

	/** FRAME is looked at or chosen, so it must hold a page. */
	holdsPage(frame: number) {
		if (!['anon', 'file'].includes(this.frames.get(frame)?.[1] ?? ''))
			this.complain('frame', `frame ${frame} has no page that could leave`);
	}
}
