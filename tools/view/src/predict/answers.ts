// The answers of a reader, and the two files in which they can be taken away.
//
// answers.json: { recording, asked, right, answers: [...] } with one object for each answer, in the order in which they were given.
// answers.csv: a line of names, then one line for each answer. The columns, which are the members of the objects too:
//   number    of the answer, from 1
//   seq       number of the event after which it was asked
//   rule      the rule that asked: row, victim, copy, ...
//   question  its text, in the language in which it was asked
//   choices   all choices; in the CSV file those of one field have ` | ` between them, here and below
//   given     the choices that were made
//   correct   the right ones
//   right     true or false

import type { History } from '../history';
import type { Lang } from '../words';
import { isRight, type Question } from './question';

export interface Answer {
	number: number;
	seq: number;
	rule: string;
	question: string;
	choices: string[];
	given: string[];
	correct: string[];
	right: boolean;
}

export const COLUMNS = ['number', 'seq', 'rule', 'question', 'choices', 'given', 'correct', 'right'] as const;

export function answerTo(question: Question, given: readonly number[], number: number, history: History, lang: Lang): Answer {
	const choices = question.choices.map((choice) => choice(lang));
	return { number, seq: history.events[question.at]!.seq, rule: question.rule, question: question.text(lang), choices,
		given: given.map((choice) => choices[choice]!), correct: question.right.map((choice) => choices[choice]!), right: isRight(question, given) };
}

export const scoreOf = (answers: readonly Answer[]) => answers.filter((answer) => answer.right).length;

export function jsonOf(recording: string, answers: readonly Answer[]): string {
	return JSON.stringify({ recording, asked: answers.length, right: scoreOf(answers), answers }, null, '\t') + '\n';
}

/** => TEXT as a field of a CSV file (RFC 4180) */
const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function csvOf(answers: readonly Answer[]): string {
	const rows = answers.map((answer) => COLUMNS.map((name) => [answer[name]].flat().join(' | ')));
	return [[...COLUMNS], ...rows].map((row) => row.map(field).join(',') + '\r\n').join('');
}
