// A program of the editor: what is typed for it, and what the machine's answers mean.
import { expect, test } from 'vitest';
import { piecesOf } from '../src/web/again';
import { Attempt } from '../src/web/attempt';
import { parseLine } from '../src/trace';

const bytes = (text: string) => new TextEncoder().encode(text);
const event = (text: string) => parseLine(text, 1);
const program = { name: 'toy', source: 'int main(void)\r\n{\n\treturn 0; /* \x03 */\n}', command: './toy 1' };

function compiling() {
	const attempt = new Attempt(program);
	expect(attempt.printed(bytes('receive toy.c'))).toBe('');
	expect(attempt.printed(bytes('...\r\n\x05'))).toBe('int main(void)\n{\n\treturn 0; /*  */\n}\n\x04');
	expect(attempt.phase).toBe('compiling');
	return attempt;
}

test('a line at the prompt is replaced, a program that runs is interrupted', () => {
	const line = 'receive toy.c && cc -o toy toy.c && ./toy 1\r';
	expect(new Attempt(program).begin('shisho:/tmp$ half a li')).toBe('\x15' + line);
	expect(new Attempt(program).begin('shisho:/$ ')).toBe('\x15cd /tmp; ' + line);
	expect(new Attempt(program).begin('some output')).toBe('\x03cd /tmp; ' + line);
});

test('errors come in pieces; the prompt ends the attempt', () => {
	const attempt = compiling();
	attempt.printed(bytes('toy.c:3: err'));
	attempt.printed(bytes("or: ';' expected\r\nlibrary.c:9: warning: no\r\n"));
	expect(attempt.phase).toBe('compiling');
	attempt.printed(bytes('\rshisho:/tmp$ \x1b[K'));
	expect(attempt.phase).toBe('refused');
	expect(attempt.complaints).toEqual([{ line: 3, text: "error: ';' expected" }]);
});

test('the program is found by its name, and its last fault kept; its child is another', () => {
	const attempt = compiling();
	for (const line of ['@1 10 5 exec from=100005 name=/bin/tcc', '@2 20 6 exec from=100006 name=./toy',
		'@3 30 6 fault va=0x8048000 access=read row=object major=0 result=ok', '@4 40 7 fault va=0x8048000 access=read row=object major=0 result=ok',
		'@5 50 7 exit pages=1'])
		attempt.happened(event(line));
	expect([attempt.phase, attempt.label, attempt.lastFault]).toEqual(['running', 6, 3]);
	attempt.happened(event('@6 60 6 exit pages=1'));
	attempt.printed(bytes('toy says hello\r\n\rshisho:/tmp$ '));
	expect(attempt.phase).toBe('ended');
});

test('a second machine gets each text where it is received', () => {
	const programs = new Map([['toy', 'text\n\x04']]);
	expect(piecesOf('ls\nreceive toy.c && cc toy.c\nreceive other.c\nls', programs)).toEqual(
		['ls\rreceive toy.c && cc toy.c\r', 'text\n\x04receive other.c\rls\rexit\r']);
	expect(piecesOf('ls', programs)).toEqual(['ls\rexit\r']);
});
