// The rules ask only what later events answer: each question is compared with the lines of the recording itself.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { History } from '../src/history';
import { answerTo, COLUMNS, csvOf, jsonOf } from '../src/predict/answers';
import { Plan, STEPS } from '../src/predict/plan';
import { countFaults } from '../src/predict/policies';
import { isRight, nameOf, type Question } from '../src/predict/question';
import { LAST, RULES } from '../src/predict/rules';
import { referencesOf } from '../src/predict/strings';
import { parseTrace } from '../src/trace';
import { recordingOf } from './machine';

const real = process.env.VIEW_TRACE ?? '';
const tour = existsSync(real) ? readFileSync(real, 'utf8') : '';
const historyOf = (text: string) => new History(parseTrace(text).events);
const ruleOf = (name: string) => RULES.find((rule) => rule.name === name)!;

/** => all questions that the rule NAME can ask about a recording */
function allOf(name: string, history: History): Question[] {
	const rule = ruleOf(name), found: Question[] = [];
	for (let index = history.first + 1; index <= history.last; index++)
		if (rule.asks(history.events, index))
			found.push(...[rule.question(history, index)].filter((q) => q !== null));
	for (const question of found) {
		expect(question.at, nameOf(question)).toBeLessThan(question.until);
		expect(question.choices.length, nameOf(question)).toBeGreaterThan(1);
		expect(question.choices.length, nameOf(question)).toBeLessThan(10);
		expect(new Set(question.choices.map((choice) => choice('en'))).size, nameOf(question)).toBe(question.choices.length);
		for (const lang of ['en', 'ja'] as const)
			for (const text of [question.text, question.why, ...question.choices])
				expect(text(lang)).not.toMatch(/\{\w+\}|undefined|NaN|^$|^predict\./);
	}
	return found;
}

const rightOf = (question: Question) => question.right.map((choice) => question.choices[choice]!('en'));
const lines = tour.split('\n');
/** => the lines after the event of QUESTION at which it is asked */
const after = (history: History, question: Question) => lines.slice(history.events[question.at]!.line);
const field = (line: string, name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(line)![1]!;

describe.runIf(tour)('of the recording of a run', () => {
	const history = historyOf(tour);
	const faultAfter = (question: Question) => after(history, question).find((line) => line.split(' ')[2] === String(question.task) && / fault /.test(line))!;

	test('the row that serves a fault', () => {
		const found = allOf('row', history);
		expect(found.length).toBeGreaterThan(40);
		for (const question of found)
			expect(rightOf(question)[0]).toMatch(new RegExp(`^${field(faultAfter(question), 'row')}: `));
	});

	test('whether a fault waits for a disk', () => {
		const found = allOf('disk', history);
		expect(new Set(found.map((question) => question.right[0])).size).toBe(2);
		for (const question of found)
			expect(rightOf(question)[0]).toMatch(field(faultAfter(question), 'major') === '1' ? /^yes/ : /^no/);
	});

	test('the victim', () => {
		const found = allOf('victim', history);
		expect(found.length).toBeGreaterThan(4);
		for (const question of found) {
			const victim = after(history, question).find((line) => / victim /.test(line))!;
			expect(rightOf(question)[0]).toMatch(new RegExp(`^frame ${field(victim, 'frame')} `));
			expect(history.events[question.at]!.line).toBeLessThan(lines.indexOf(victim));
		}
	});

	test('whether a victim is written', () => {
		const found = allOf('fate', history);
		expect(new Set(found.map((question) => question.right[0])).size).toBeGreaterThan(1);
		for (const question of found) {
			const frame = /Frame (\d+)/.exec(question.text('en'))![1];
			const evict = after(history, question).find((line) => new RegExp(` evict frame=${frame} `).test(line))!;
			expect(rightOf(question)[0]).toMatch(field(evict, 'how') === 'clean' ? /^just dropped/ : field(evict, 'kind') === 'anon' ? /slot/ : /file/);
			expect(history.at(question.at).victims.has(Number(frame))).toBe(false);
		}
	});

	test('what a walk through memory costs', () => {
		const found = allOf('cost', history);
		expect(found.length).toBeGreaterThan(1);
		for (const question of found) {
			const [first, last] = question.text('en').match(/0x\w+/g)!.map(Number) as [number, number];
			const faults = lines.slice(history.events[question.at]!.line, history.events[question.until]!.line)
				.filter((line) => line.split(' ')[2] === String(question.task) && / fault /.test(line))
				.map((line) => Number(field(line, 'va'))).filter((va) => first <= va && va <= last);
			expect(rightOf(question)).toEqual([String(faults.length)]);
			expect([Math.min(...faults), Math.max(...faults)]).toEqual([first, last]);
		}
	});

	test('the policy, once, at the end', () => {
		const question = LAST.question(history, history.last)!, { string, frames } = referencesOf(history)!;
		const faults = countFaults(string, frames), counts = [faults.fifo, faults.clock, faults.lru];
		expect(question.why('en')).toContain(`FIFO ${faults.fifo}, CLOCK ${faults.clock}, LRU ${faults.lru}, OPT ${faults.opt}`);
		expect(faults.opt).toBeLessThanOrEqual(Math.min(...counts));
		for (const choice of question.right)
			expect(counts[choice]).toBe(Math.min(...counts));
	});
});

// A task stores into pages that it has shared with a child, before and after the child is gone; then it touches what is not mapped.
const FORK = `\
@1 1000 0 hello version=3 page=4096 frames=64 slots=15 limit=0 policy=clock mhz=10 classes=state,fault,map,frame,page,space
@2 1000 0 snapshot part=begin
@3 1000 4 space
@4 1000 4 region start=0x8048000 end=0x804a000 prot=3 flags=8 obj=0x0 index=0
@5 1000 0 page page=0xc1 frame=7
@6 1000 4 private va=0x8048000 page=0xc1
@7 1000 0 page page=0xc2 frame=8
@8 1000 4 private va=0x8049000 page=0xc2
@9 1000 4 map va=0x8048000 frame=7 writable=0
@10 1000 4 map va=0x8049000 frame=8 writable=0
@11 1000 0 snapshot part=end
@12 2000 4 run thread=0xa4 name=sh
@13 2000 5 space
@14 2100 5 fork parent=4 pages=2
@15 2300 4 trap va=0x8048010 error=0x7 ip=0x8040000
@16 2310 0 framealloc frame=9 order=0 state=anon
@17 2320 0 page page=0xc3 frame=9
@18 2330 4 private va=0x8048000 page=0xc3
@19 2335 4 unmap va=0x8048000 frame=7
@20 2340 4 map va=0x8048000 frame=9 writable=1
@21 2400 4 fault va=0x8048000 access=write row=copy major=0 result=ok
@22 2410 5 exit pages=2
@23 2500 4 trap va=0x8049010 error=0x7 ip=0x8040000
@24 2540 4 unmap va=0x8049000 frame=8
@25 2540 4 map va=0x8049000 frame=8 writable=1
@26 2600 4 fault va=0x8049000 access=write row=private major=0 result=ok
@27 2700 4 trap va=0x9000000 error=0x4 ip=0x8040004
@28 2720 4 fault va=0x9000000 access=read row=none major=0 result=segv_map
`;

// A collection: of three objects the second is not marked.
const COLLECT = `\
@1 1000 0 hello version=3 page=4096 frames=64 slots=15 limit=0 policy=fifo mhz=10 classes=state,user
@2 1000 0 snapshot part=begin
@3 1000 0 snapshot part=end
@4 1000 4 user line=gc alloc at=0x1000 size=8 atomic=0
@5 1000 4 user line=gc alloc at=0x1008 size=8 atomic=0
@6 1000 4 user line=gc alloc at=0x1010 size=8 atomic=0
@7 1000 4 user line=gc begin collector=best spent=24
@8 1000 4 user line=gc root at=0x9000 size=8
@9 1000 4 user line=gc scan at=0x9000 size=8
@10 1000 4 user line=gc mark at=0x1000 size=8 from=0x9000
@11 1000 4 user line=gc mark at=0x1010 size=8 from=0x9004
@12 1000 4 user line=gc sweep at=0x1000 size=24
@13 1000 4 user line=gc free at=0x1008 size=8
@14 1000 4 user line=gc end live=2 bytes=16
`;

describe('of a small recording', () => {
	test('a page that is shared is copied, one that is not is reused', () => {
		const found = allOf('copy', historyOf(FORK));
		expect(found.map(rightOf)).toEqual([['copied to a new frame'], ['reused, now writable']]);
		expect(found[0]!.why('en')).toContain('2 references');
	});

	test('what is refused belongs to no row', () => {
		const history = historyOf(FORK), question = ruleOf('row').question(history, 26)!;
		expect(rightOf(question)).toEqual(['none: refused']);
		expect(question.choices.length).toBe(4);
	});

	test('what is not marked dies', () => {
		const [question] = allOf('objects', historyOf(COLLECT));
		expect(rightOf(question!)).toEqual(['0x00001008 · 8 B']);
		expect(question!.choices.length).toBe(3);
		expect([question!.at, question!.until]).toEqual([10, 13]);
		expect([isRight(question!, [1]), isRight(question!, [0, 1]), isRight(question!, [])]).toEqual([true, false, false]);
	});

	test('a fault whose end is missing is not asked about', () => {
		const history = historyOf(FORK.replace(/^@18 .*\n/m, ''));
		expect(allOf('copy', history).length).toBe(1);
	});
});

describe('a plan', () => {
	const history = historyOf(recordingOf(3, 8, 40, 24, 300));

	function questions(from: number): string[] {
		const plan = new Plan(history, RULES, LAST), done = new Set<string>(), names: string[] = [];
		for (let question; (question = plan.next(from, history.last, done)); from = question.at) {
			names.push(nameOf(question));
			done.add(nameOf(question));
		}
		return names;
	}

	test('asks about one thing in each window, the kinds in turn, and the policy last', () => {
		const names = questions(history.first);
		const steps = history.events.filter((event) => event.name === 'fault' || event.name === 'evict').length;
		expect(names.length).toBeLessThanOrEqual(steps / STEPS + 2);
		expect(names.length).toBeGreaterThan(steps / STEPS / 2);
		expect(new Set(names.map((name) => name.split('@')[0]))).toEqual(new Set(['cost', 'fate', 'row', 'disk', 'policy']));
		expect(names.at(-1)).toBe(`policy@${history.last}`);
	});

	test('numbers its questions from where the reader begins', () => {
		const plan = new Plan(history, RULES, LAST), middle = history.last >> 1;
		const before = plan.next(history.first, history.last, new Set())!, first = plan.next(middle, history.last, new Set())!;
		expect(plan.place(before, history.first)).toEqual({ n: 1, all: questions(history.first).length });
		expect(plan.place(first, middle)).toEqual({ n: 1, all: questions(middle).length });
		expect(plan.place(before, middle)).toBeNull();
	});

	test('depends on the recording alone, not on where the reader begins', () => {
		const all = questions(history.first), middle = history.last >> 1;
		expect(questions(history.first)).toEqual(all);
		expect(questions(middle)).toEqual(all.filter((name) => Number(name.split('@')[1]) >= middle));
	});
});

test('textbook counts', () => {
	const belady = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
	expect(countFaults(belady, 3)).toEqual({ fifo: 9, clock: 9, lru: 10, opt: 7 });
	expect(countFaults(belady, 4)).toEqual({ fifo: 10, clock: 10, lru: 8, opt: 6 });
	const silberschatz = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
	expect(countFaults(silberschatz, 3)).toMatchObject({ fifo: 15, lru: 12, opt: 9 });
	expect(countFaults([1, 1, 1], 1)).toEqual({ fifo: 1, clock: 1, lru: 1, opt: 1 });
});

describe('answers', () => {
	const history = historyOf(COLLECT), [question] = allOf('objects', history);
	const answers = [answerTo(question!, [1], 1, history, 'en'), answerTo(question!, [0, 2], 2, history, 'ja')];

	test('as JSON', () => {
		const { recording, asked, right, answers: list } = JSON.parse(jsonOf('a "run"', answers));
		expect([recording, asked, right]).toEqual(['a "run"', 2, 1]);
		expect(list[0]).toEqual({ number: 1, seq: 11, rule: 'objects', question: question!.text('en'), choices: question!.choices.map((c) => c('en')),
			given: ['0x00001008 · 8 B'], correct: ['0x00001008 · 8 B'], right: true });
		expect(Object.keys(list[1])).toEqual([...COLUMNS]);
	});

	test('as CSV', () => {
		const [head, first, second, end] = csvOf(answers).split('\r\n');
		expect([head, end]).toEqual([COLUMNS.join(','), '']);
		expect(first).toMatch(/^1,11,objects,"task\[4\]|^1,11,objects,/);
		expect(first!.endsWith(',0x00001008 · 8 B,0x00001008 · 8 B,true')).toBe(true);
		expect(second).toContain(',0x00001000 · 8 B | 0x00001010 · 8 B,0x00001008 · 8 B,false');
		expect(csvOf([{ ...answers[0]!, question: 'a "b", c' }])).toContain('1,11,objects,"a ""b"", c",');
	});
});
