// The tasks that a reader can follow, and which one to begin with.

import type { History } from './history';
import { BUILDING } from './names';
import type { State } from './state';
import { thingOfEvent } from './things';
import type { TraceEvent } from './trace';

export interface Task { label: number; name: string }

/** => the tasks of STATE, in the order of their numbers */
export function tasksAt(state: State): Task[] {
	return [...state.spaces.keys()].filter((label) => label < BUILDING).sort((a, b) => a - b)
		.map((label) => ({ label, name: state.names.get(label) ?? '' }));
}

/** => the label with the most faults in the recording: that is where something is to be seen */
export function firstTask(history: History): number {
	const faults = new Map<number, number>();
	for (const event of history.events)
		if (event.name === 'fault')
			faults.set(event.label % BUILDING, (faults.get(event.label % BUILDING) ?? 0) + 1);
	const most = [...faults].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
	return most?.[0] ?? tasksAt(history.at(history.first))[0]?.label ?? 0;
}

/** => the task that EVENT, or the page it is about, belongs to, if it is there in STATE; 0: none */
export function taskOf(event: TraceEvent, state: State): number {
	const thing = thingOfEvent({ event, state });
	const label = event.name === 'fork' ? event.values.parent : thing?.kind === 'page' ? thing.label : event.label;
	return label < BUILDING && state.spaces.has(label) ? label : 0;
}

/** => the task to follow at the event INDEX: its own, else that with the most faults */
export const taskAt = (history: History, index: number): number => taskOf(history.events[index]!, history.at(index)) || firstTask(history);

/** => the task that was started last: while a machine runs, that is the one to watch */
export const newestTask = (state: State): number | undefined => tasksAt(state).at(-1)?.label;
