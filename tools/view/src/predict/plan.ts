// When to ask what. The recording is cut into windows of STEPS faults and evictions; each window has one question at most, of the
// rule that had the fewest so far among those that find something to ask there. So the kinds of questions take turns, and within a
// kind the answers; what is asked depends on the recording alone, not on the way through it. The questions themselves are made when
// they are needed.

import type { History } from '../history';
import type { TraceEvent } from '../trace';
import { nameOf, type Question, type Rule } from './question';

export const STEPS = 10;
const COUNTED = 200; // windows whose questions are all made to count them
const TRIES = 12; // candidates that a window may try, of which most give a question at once

interface Candidate { rule: Rule; index: number }
interface Window { end: number; found: Candidate[] } // end: index of its last event

export class Plan {
	private readonly windows: Window[];
	private readonly made = new Map<number, Question | null>(); // by window

	/** LAST asks about the whole recording, at its end. */
	constructor(private readonly history: History, rules: readonly Rule[], last: Rule) {
		const times = new Map<Rule, number>(rules.map((rule) => [rule, 0]));
		const given = new Map<string, number>();
		this.windows = windowsOf(history, rules).map(({ end, found }) => ({ end, found: inTurn(history.events, found, rules, times, given) }));
		this.windows.push({ end: history.last, found: [{ rule: last, index: history.last }] });
	}

	/** => the first question that is asked at FROM or behind and whose name is not in DONE; null: there is none before TO */
	next(from: number, to: number, done: ReadonlySet<string>): Question | null {
		for (let i = 0; i < this.windows.length; i++) {
			if (this.windows[i]!.end < from)
				continue;
			if (i && this.windows[i - 1]!.end > to)
				break;
			const question = this.question(i);
			if (question && question.at >= from && !done.has(nameOf(question)))
				return question;
		}
		return null;
	}

	/** => which question QUESTION is among all that are asked at FROM or behind; null: it is before them, or they are too many to be counted */
	place(question: Question, from: number): { n: number; all: number } | null {
		if (this.windows.length > COUNTED)
			return null;
		const all = this.windows.flatMap((_, i) => this.question(i) ?? []).filter((q) => q.at >= from).map(nameOf);
		const at = all.indexOf(nameOf(question));
		return at < 0 ? null : { n: at + 1, all: all.length };
	}

	private question(window: number): Question | null {
		if (!this.made.has(window)) {
			let question: Question | null = null;
			for (const { rule, index } of this.windows[window]!.found.slice(0, TRIES))
				question ??= rule.question(this.history, index);
			this.made.set(window, question);
		}
		return this.made.get(window)!;
	}
}

/** => for each window, what its events give rise to */
function windowsOf(history: History, rules: readonly Rule[]): Window[] {
	const windows: Window[] = [{ end: history.last, found: [] }];
	let steps = 0;
	for (let index = history.first + 1; index <= history.last; index++) {
		const event = history.events[index]!, window = windows.at(-1)!;
		for (const rule of rules)
			if (rule.asks(history.events, index))
				window.found.push({ rule, index });
		if ((event.name === 'fault' || event.name === 'evict') && ++steps % STEPS === 0) {
			window.end = index;
			windows.push({ end: history.last, found: [] });
		}
	}
	return windows;
}

/**
 * => FOUND with those of the rule first that had its turn the fewest TIMES, and of these those whose kind of answer was GIVEN the
 * fewest times. The kind that a rule asks about once is left out then
 */
function inTurn(events: readonly TraceEvent[], found: Candidate[], rules: readonly Rule[], times: Map<Rule, number>, given: Map<string, number>): Candidate[] {
	const named = found.map((candidate) => ({ ...candidate, kind: `${candidate.rule.name} ${candidate.rule.kind?.(events, candidate.index)}` }));
	const count = (kind: string) => given.get(kind) ?? 0, rank = (rule: Rule) => times.get(rule)! * rules.length + rules.indexOf(rule);
	const order = named.filter(({ rule, kind }) => !count(kind) || !rule.once || kind !== `${rule.name} ${rule.once}`)
		.sort((a, b) => rank(a.rule) - rank(b.rule) || count(a.kind) - count(b.kind) || a.index - b.index);
	if (order[0]) {
		times.set(order[0].rule, times.get(order[0].rule)! + 1);
		given.set(order[0].kind, count(order[0].kind) + 1);
	}
	return order;
}
