// The state at each event of a recording. A copy of the state is kept at every EVERY-th event, so any state is at most EVERY
// events away from a known one.
//
// A recording begins with `hello` and a snapshot; further ones follow when classes are switched and at power-off. While a
// snapshot is read, the followed state stays; then the snapshot takes its place, and what it contradicts is a problem.

import { contradictions } from './compare';
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
	state = new State(new Set());
	reported: State | null = null; // the snapshot that is being read

	copy(): Follower {
		const other = new Follower();
		other.state = this.state.copy();
		other.reported = this.reported?.copy() ?? null;
		return other;
	}

	/** => what is wrong with the event */
	take(event: TraceEvent): string[] {
		const wrong: string[] = [];
		if (event.name === 'hello') {
			this.state = new State(new Set(event.values.classes.split(',')));
			this.reported = null;
		} else if (event.name === 'snapshot' && event.values.part === 'begin') {
			this.reported = new State(this.state.classes, true);
		} else if (event.name === 'snapshot' && this.reported) {
			if (this.state.event)
				wrong.push(...contradictions(this.state, this.reported));
			this.state = this.reported;
			this.state.snapshot = false;
			this.reported = null;
		} else {
			const state = this.reported ?? this.state;
			state.apply(event);
			wrong.push(...state.wrong);
			state.wrong = [];
		}
		return wrong;
	}
}

export class History {
	readonly machine: Machine = { frames: 0, slots: 0, limit: 0, policy: '', classes: [], mhz: 0 };
	readonly problems: Problem[] = [];
	readonly first: number; // the first event after the first snapshot: where a viewer begins
	readonly last: number;
	applied = 0; // events that were applied again to reach states that were asked for
	private readonly kept: Follower[] = []; // before the event EVERY * i
	private recent: { index: number; state: State }[] = []; // the last states given out, newest first

	constructor(readonly events: TraceEvent[], private readonly every = EVERY) {
		const follower = new Follower();
		let seq = 0;
		let first = -1;
		events.forEach((event, index) => {
			if (index % every === 0)
				this.kept.push(follower.copy());
			this.note(event, index, seq);
			seq = event.seq;
			for (const text of follower.take(event))
				this.problems.push({ index, kind: 'wrong', from: 0, to: 0, text });
			if (first < 0 && event.name === 'snapshot' && event.values.part === 'end')
				first = index;
		});
		this.first = Math.max(first, 0);
		this.last = events.length - 1;
	}

	/** Notes a loss before the event, and the machine that `hello` describes. */
	private note(event: TraceEvent, index: number, seq: number) {
		if (event.seq !== seq + 1)
			this.problems.push({ index, kind: 'lost', from: seq + 1, to: event.name === 'dropped' ? event.seq : event.seq - 1, text: '' });
		if (event.name === 'hello') {
			const { frames, slots, limit, policy, classes } = event.values;
			Object.assign(this.machine, { frames, slots, limit, policy, classes: classes.split(','),
				mhz: (event.values as { mhz?: number }).mhz ?? 0 });
		}
	}

	/** => the state after the event INDEX; whoever asks does not change it */
	at(index: number): State {
		const known = this.recent.find((r) => r.index === index);
		if (known)
			return known.state;
		const block = Math.floor(index / this.every);
		const follower = this.kept[block]!.copy();
		for (let i = block * this.every; i <= index; i++) {
			follower.take(this.events[i]!);
			this.applied++;
		}
		this.recent = [{ index, state: follower.state }, ...this.recent].slice(0, 4);
		return follower.state;
	}

	/** => the index of the event SEQ, or of the last one before it */
	indexOf(seq: number): number {
		let low = 0, high = this.last;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.events[middle]!.seq <= seq)
				low = middle;
			else
				high = middle - 1;
		}
		return low;
	}
}
