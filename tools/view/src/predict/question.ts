// What a question is, and what a rule is that draws questions from a recording. Questions are never written for a recording: a
// rule looks at an event and at what later events say, so the right answer is what the kernel really did.
//
// To add a rule: one file in rules/ that exports a Rule, and its name in RULES of rules/index.ts; its words are `predict.NAME...`
// in words.json. A rule is pure: the same recording and index always give the same question.

import type { History } from '../history';
import type { TraceEvent } from '../trace';
import type { Lang } from '../words';

export type Text = (lang: Lang) => string;

export interface Question {
	rule: string; // the rule's name
	at: number; // index of the event after which it is asked: the state that the reader sees
	until: number; // index of the event that shows the answer
	task: number; // label of the task that it is about; 0: none
	skin?: string; // the skin in which the answer can be seen, if only one shows it
	given?: Text; // what the reader needs for the answer, if the picture does not show it
	boxes?: readonly number[]; // addresses of heap blocks, one for each choice: the skin puts the choice's number on the box
	text: Text;
	choices: Text[]; // two to nine
	right: number[]; // the choices that are right
	several: boolean; // all right ones must be chosen, instead of one of them
	why: Text; // one sentence, for after the answer
}

export interface Rule {
	name: string;
	/** May a question be asked about the event INDEX? Looks at events only, so that whole recordings can be searched. */
	asks(events: readonly TraceEvent[], index: number): boolean;
	/** => a name that questions with the same answer share: the answers take turns too */
	kind?(events: readonly TraceEvent[], index: number): string;
	once?: string; // the kind whose answer teaches nothing the second time
	/** => the question about the event INDEX, for which asks() was true; null: there is none after all */
	question(history: History, index: number): Question | null;
}

/** => what tells the question from others of the same recording */
export const nameOf = (question: Question) => `${question.rule}@${question.at}`;

/** => is the answer right? GIVEN: the choices that were made */
export function isRight(question: Question, given: readonly number[]): boolean {
	if (!question.several)
		return given.length === 1 && question.right.includes(given[0]!);
	return given.length === question.right.length && question.right.every((choice) => given.includes(choice));
}
