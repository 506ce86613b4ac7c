// The state at each event of a recording. A copy of the state is kept at every EVERY-th event, so any state is at most EVERY
// events away from a known one.
//
// A recording begins with `hello` and a snapshot; further ones follow when classes are switched and at power-off. While a
// snapshot is read, the followed state stays; then the snapshot takes its place, and what it contradicts is a problem.

import { contradictions } from './compare';
import { firstWith } from './search';
import { State } from './state';
import type { TraceEvent } from './trace';

export const EVERY = 1000;

/** Where the recording does not tell everything, or tells what cannot be. */
export interface Problem {
	index: number; // of the event that shows it
	kind: 'lost' | 'wrong';
	from: number; // lost: the first and the last number that is missing
	to: number;
	text: string; // wrong: what cannot be
}

export interface Machine {
	frames: number; // that exist, reserved ones included
	slots: number;
	limit: number; // `frames=`, or 0
	policy: string;
	classes: string[];
	mhz: number; // ticks of the processor's counter in a microsecond; 0: unknown
}

class Follower {
	state = new State();
	before: State | null = null; // what it was when the snapshot began that is being read
	private whole = false; // a snapshot has been read, and nothing was lost since
	private ended = false; // the last event ended a snapshot: the trace may have been off since

	copy(): Follower {
		const other = Object.assign(new Follower(), this);
		other.state = this.state.copy();
		return other;
	}

	/** LOST: events are missing before it. => what is wrong with the event */
	take(event: TraceEvent, lost: boolean): string[] {
		this.whole &&= !lost;
		const part = event.name === 'snapshot' ? event.values.part : '';
		if (event.name === 'hello' && this.ended)
			this.whole = false;
		else if (event.name === 'hello' || part === 'begin')
			this.before ??= this.state.copy(); // also of a hello, which a snapshot follows
		this.ended = part === 'end';
		this.state.apply(event);
		const wrong = this.state.wrong;
		this.state.wrong = [];
		if (!this.ended)
			return wrong;
		if (this.whole && this.before)
			wrong.push(...contradictions(this.before, this.state));
		[this.whole, this.before] = [true, null];
		return wrong;
	}
}

export class History {
	readonly machine: Machine = { frames: 0, slots: 0, limit: 0, policy: '', classes: [], mhz: 0 };
	readonly problems: Problem[] = [];
	readonly events: TraceEvent[] = [];
	applied = 0; // events that were applied again to reach states that were asked for
	private readonly kept: Follower[] = []; // before the event EVERY * i
	private recent: { index: number; state: State }[] = []; // the last states given out, newest first

	private readonly follower = new Follower();
	private readonly snapshots: [from: number, to: number][] = []; // indices, without the first
	private snapshotEnd = -1; // index of the end of the first snapshot

	constructor(events: readonly TraceEvent[] = [], private readonly every = EVERY) {
		for (const event of events)
			this.append(event);
	}

	/** => the first event after the first snapshot: where a viewer begins */
	get first(): number {
		return Math.max(this.snapshotEnd, 0);
	}

	get last(): number {
		return this.events.length - 1;
	}

	/** => INDEX, or if it lies in a later snapshot than the first, the next event or the last one outside; the end, if there is no next */
	outside(index: number, forward: boolean): number {
		const snapshot = this.snapshots.find(([from, to]) => from <= index && index <= to);
		if (!snapshot)
			return index;
		const [from, to] = snapshot;
		return forward && to < this.last ? to + 1 : from - 1;
	}

	/** => the last event before the snapshot that closes the recording */
	get end(): number {
		return this.outside(this.last, false);
	}

	/** => the last event that a viewer shows: END, unless the closing snapshot has found something wrong */
	get reach(): number {
		return (this.problems.at(-1)?.index ?? 0) > this.end ? this.last : this.end;
	}

	append(event: TraceEvent) {
		const index = this.events.length;
		if (index % this.every === 0)
			this.kept.push(this.follower.copy());
		const lost = this.note(event, index, this.events.at(-1)?.seq ?? 0);
		this.events.push(event);
		for (const text of this.follower.take(event, lost))
			this.problems.push({ index, kind: 'wrong', from: 0, to: 0, text });
		if (this.snapshotEnd >= 0 && event.name === 'snapshot' && event.values.part === 'begin')
			this.snapshots.push([index, Infinity]);
		else if (event.name === 'snapshot' && this.snapshots.length)
			this.snapshots.at(-1)![1] = index;
		if (this.snapshotEnd < 0 && event.name === 'snapshot' && event.values.part === 'end')
			this.snapshotEnd = index;
	}

	/** Notes a loss before the event, and the machine that `hello` describes. => is there a loss? */
	private note(event: TraceEvent, index: number, seq: number): boolean {
		const lost = event.seq !== seq + 1;
		if (lost)
			this.problems.push({ index, kind: 'lost', from: seq + 1, to: event.name === 'dropped' ? event.seq : event.seq - 1, text: '' });
		if (event.name === 'hello') {
			const { frames, slots, limit, policy, classes, mhz } = event.values;
			Object.assign(this.machine, { frames, slots, limit, policy, classes: classes.split(','), mhz });
		}
		return lost;
	}

	/** => the state after the event INDEX; whoever asks does not change it */
	at(index: number): State {
		const known = this.recent.find((r) => r.index === index);
		if (known)
			return known.state;
		const block = Math.floor(index / this.every);
		const follower = this.kept[block]!.copy();
		for (let i = block * this.every; i <= index; i++) {
			follower.take(this.events[i]!, false);
			this.applied++;
		}
		const state = follower.before ?? follower.state;
		this.recent = [{ index, state }, ...this.recent].slice(0, 4);
		return state;
	}

	/** => the index of the event SEQ, or of the last one before it */
	indexOf(seq: number): number {
		return Math.max(firstWith(this.events.length, (n) => this.events[n]!.seq > seq) - 1, 0);
	}
}
