// The programs that the editor offers.

import cow from '../../examples/cow.c?raw';
import file from '../../examples/file.c?raw';
import hello from '../../examples/hello.c?raw';
import leak from '../../examples/leak.c?raw';
import string from '../../examples/string.c?raw';
import touch from '../../examples/touch.c?raw';
import type { Program } from './attempt';

const SOURCES = { touch, cow, file, leak, string, hello };
const COMMANDS: Partial<Record<string, string>> = { leak: 'HEAP_TRACE=1 HEAP_REFS=8 ./leak', string: './string 3' };

export const EXAMPLES: Program[] = Object.entries(SOURCES).map(([name, source]) => ({ name, source, command: COMMANDS[name] ?? `./${name}` }));
