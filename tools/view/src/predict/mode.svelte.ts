// The mode in which the page asks: which question is open and what was answered so far. It stops the reader before an answer, and
// goes to it when the reader has answered.

import type { History } from '../history';
import type { Lang } from '../words';
import { answerTo, scoreOf, type Answer } from './answers';
import { Plan } from './plan';
import { nameOf, type Question } from './question';
import { LAST, RULES } from './rules';

export class Prediction {
	on = $state(false);
	question = $state.raw<Question | null>(null); // that is open, or answered and still shown
	answer = $state.raw<Answer | null>(null); // to this question, once it is given
	picked = $state.raw<readonly number[]>([]); // the choices made in it
	answers = $state.raw<readonly Answer[]>([]);
	place = $state.raw<{ n: number; all: number } | null>(null); // of the question among those from where the mode was switched on
	finished = $state(false); // there is nothing more to ask
	readonly score = $derived(scoreOf(this.answers));
	private done = new Set<string>(); // answered or skipped
	private history!: History;
	private plan!: Plan;
	private begun = 0; // where the mode was switched on: questions are numbered from there

	/** SHOW goes to the event INDEX and shows what QUESTION is about. */
	constructor(private readonly show: (index: number, question: Question) => void) {}

	/** Forgets all answers: there is another recording. */
	reset() {
		this.close();
		[this.on, this.answers, this.done] = [false, [], new Set()];
	}

	/** Switches the mode. The first question about HISTORY is the next one from INDEX on. */
	toggle(history: History, index: number) {
		this.on = !this.on;
		this.close();
		if (!this.on)
			return;
		this.history = history;
		this.plan = new Plan(history, RULES, LAST);
		this.begun = index;
		this.next(index);
	}

	/** Goes to the next question from INDEX on. */
	next(index: number) {
		this.close();
		this.open(this.plan.next(index, this.history.last, this.done));
		this.finished = !this.question;
	}

	/** => how far the reader may go from INDEX if it wants to go forward to TO; opens the question that stands in the way */
	limit(index: number, to: number): number {
		if (!this.on)
			return to;
		if (this.question && !this.answer)
			return Math.min(to, Math.max(this.question.at, index));
		const found = this.plan.next(index, to, this.done);
		if (!found || found.at > to)
			return to;
		this.open(found);
		return found.at;
	}

	/** The reader has gone to INDEX: a question whose answer is in sight, or that was answered elsewhere, is over. */
	moved(index: number) {
		if (this.question && (this.answer ? index !== this.question.until : index > this.question.at))
			this.close();
	}

	pick(choice: number, lang: Lang) {
		if (!this.question || this.answer || choice >= this.question.choices.length)
			return;
		if (!this.question.several)
			this.picked = [choice];
		else
			this.picked = this.picked.includes(choice) ? this.picked.filter((c) => c !== choice) : [...this.picked, choice].sort((a, b) => a - b);
		if (!this.question.several)
			this.submit(lang);
	}

	/** The choices that were made are the answer. */
	submit(lang: Lang) {
		const question = this.question;
		if (!question || this.answer || !this.picked.length)
			return;
		this.answer = answerTo(question, this.picked, this.answers.length + 1, this.history, lang);
		this.answers = [...this.answers, this.answer];
		this.done.add(nameOf(question));
		this.show(question.until, question);
	}

	/** Leaves the question without an answer. INDEX: where the reader is. */
	skip(index: number) {
		if (this.question)
			this.done.add(nameOf(this.question));
		this.next(index);
	}

	/** => was KEY for the question? INDEX: where the reader is */
	key(key: KeyboardEvent, index: number, lang: Lang): boolean {
		const onButton = (key.target as HTMLElement).matches?.('button, input, select, [role=button]');
		if (!this.question || key.ctrlKey || key.altKey || key.metaKey)
			return false;
		if (/^[1-9]$/.test(key.key))
			this.pick(Number(key.key) - 1, lang);
		else if (key.key === 'Escape')
			this.skip(index);
		else if (key.key !== 'Enter' || onButton)
			return false;
		else if (this.answer)
			this.next(index);
		else
			this.submit(lang);
		return true;
	}

	private open(question: Question | null) {
		this.close();
		this.question = question;
		this.place = question && this.plan.place(question, this.begun);
		if (question)
			this.show(question.at, question);
	}

	private close() {
		[this.question, this.answer, this.picked] = [null, null, []];
	}
}
