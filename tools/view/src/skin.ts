// What a skin is: a picture of one state. It is a Svelte component that fills the stage and takes these properties; it sees the
// state and what the step has changed, never the list of events.
//
// To add one: write skins/NAME.svelte with `let { view, size, lang, calm, chosen, choose }: SkinProps = $props();` and add it to
// SKINS in skins/index.ts; the words of its tab are `skin.NAME` in words.json. Digits 1 to 9 choose the tabs in their order.
//
// - Layout depends on the state, the whole recording (view.history) and `size` alone, so the same step always looks the same.
// - What changed in this step is marked; what moved, moves once within 250 ms, and not at all if `calm`.
// - Text has the contrast of app.css' colours; whatever can be clicked is a button or has role, name and tabindex.
// - With `text`, show lists instead of the picture: the same facts, for screen readers and for reading.

import type { Component } from 'svelte';
import type { Change } from './compare';
import type { History } from './history';
import type { Carried } from './source';
import type { State } from './state';
import type { TraceEvent } from './trace';
import type { Lang } from './words';

/** Something that can be chosen for the inspector, in any skin. */
export type Thing =
	| { kind: 'page'; label: number; va: number }
	| { kind: 'frame'; frame: number }
	| { kind: 'slot'; slot: number }
	| { kind: 'object'; obj: number; index: number };

export interface Second { title: string; trace: string; history: History }

/** One moment of a recording. */
export interface View {
	state: State; // after the event
	before: State; // before the step that the event belongs to
	change: Change; // what the step has changed; what other threads did meanwhile is left out
	event: TraceEvent; // the event that has just happened
	from: number; // the index of the first event of its step
	index: number; // of the event in the recording
	task: number; // label of the task that is followed
	history: History;
	data: Carried; // the recording with its source lines
}

export interface SkinProps {
	view: View;
	size: { width: number; height: number }; // of the stage, in CSS pixels
	lang: Lang;
	calm: boolean; // no motion: the reader prefers none, or jumps
	text: boolean; // show lists instead of the picture
	chosen: Thing | null;
	choose: (thing: Thing | null) => void;
	asked?: readonly number[]; // addresses of heap blocks that a question is about, in the order of its choices
	secret: boolean; // a question is open: what says its answer in words or marks is not shown
	go: (index: number) => void; // to another event
	other: Second | null; // a second recording to compare with
	alone: () => void; // take it away
}

export interface Skin {
	id: string;
	component: Component<SkinProps>;
	/** => the events at which the keys for faults stop while TASK is followed; empty or absent: at faults */
	stops?: (history: History, task: number) => number[];
}

export const sameThing = (a: Thing | null, b: Thing | null) => JSON.stringify(a) === JSON.stringify(b);
