// The fault that a trap begins, as rules ask about it.

import type { History } from '../history';
import { address, regionName, rights, taskName } from '../names';
import type { Region } from '../space';
import type { State } from '../state';
import type { TraceEvent } from '../trace';
import type { Lang, Values } from '../words';

type Event<N> = Extract<TraceEvent, { name: N }>;

const FAR = 3000; // events: no fault takes so many
export const PRESENT = 1, WRITE = 2; // of the processor's error code

export interface Fault {
	trap: Event<'trap'>;
	end: number; // index of the event that ends it
	fault: Event<'fault'>;
	page: number; // address of the page
	state: State; // when the processor has raised it
	after: State; // when it has ended
	region: Region | undefined;
}

/** => the index of the event that ends the fault of the trap INDEX; -1: it does not end, or events are missing */
export function endOf(events: readonly TraceEvent[], index: number): number {
	const { label } = events[index]!;
	for (let i = index + 1; i < Math.min(events.length, index + FAR); i++) {
		const event = events[i]!;
		if (event.seq !== events[i - 1]!.seq + 1 || event.name === 'hello')
			return -1;
		if (event.label === label && (event.name === 'fault' || event.name === 'trap' || event.name === 'exit'))
			return event.name === 'fault' ? i : -1;
	}
	return -1;
}

/** => the event that ends the fault of the trap INDEX; undefined: as above */
export function endingOf(events: readonly TraceEvent[], index: number): Event<'fault'> | undefined {
	return events[endOf(events, index)] as Event<'fault'> | undefined;
}

/** => the fault that the event INDEX begins; null: it begins none that ends */
export function faultAt(history: History, index: number): Fault | null {
	const trap = history.events[index]!, end = endOf(history.events, index), fault = history.events[end];
	if (trap.name !== 'trap' || fault?.name !== 'fault')
		return null;
	const state = history.at(index), page = fault.values.va;
	const region = state.spaces.get(trap.label)?.regions.find((r) => r.start <= page && page < r.end);
	return { trap, end, fault, page, state, after: history.at(end), region };
}

/** => what sentences about the fault need: the task, the page and its region */
export function valuesOf({ trap, page, state, region }: Fault, lang: Lang): Values {
	return { task: taskName(state, trap.label, lang), page: address(page), region: region ? regionName(state, region, lang) : '',
		rights: region ? rights(region.prot) : '' };
}
