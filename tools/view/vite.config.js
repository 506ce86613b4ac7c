// Builds one HTML file that loads nothing: page.html. Its program and its styles are packed to less than half; equal sources give
// equal bytes on any machine, since the packer is a library under the lock file (and see svelte.config.js).
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { deflateSync, strToU8 } from 'fflate';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const ENTRY = process.env.VIEW_ENTRY ?? 'index.html'; // or web.html, see tools/view/web

/** => BYTES as text: five digits to the base 85 for each four bytes. The digits are the characters from ( to ~ but < and \\, which a
 * script would have to escape; base 64 would take a fifteenth more. */
function toText(bytes) {
	let text = '';
	for (let at = 0; at < bytes.length; at += 4) {
		const [a, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
		let rest = ((a * 256 + b) * 256 + c) * 256 + d, digits = '';
		for (let i = 0; i < 5; i++, rest = Math.floor(rest / 85)) {
			const code = 40 + (rest % 85), behind = code + (code >= 60);
			digits = String.fromCharCode(behind + (behind >= 92)) + digits;
		}
		text += digits;
	}
	return text;
}

/** What stands in the page instead of its program: unpacks styles and program, and runs it. */
const UNPACK = (packed) => `<script type="module">
const text = '${toText(packed)}', bytes = new DataView(new ArrayBuffer(text.length / 5 * 4));
for (let at = 0, word = 0; at < text.length; ) {
	const code = text.charCodeAt(at++);
	word = (at % 5 === 1 ? 0 : word * 85) + code - 40 - (code > 60) - (code > 92);
	if (at % 5 === 0)
		bytes.setUint32(at / 5 * 4 - 4, word);
}
const [css, js] = await new Response(new Blob([bytes.buffer.slice(0, ${packed.length})]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json();
for (const [kind, text] of [['style', css], ['script', js]])
	document.head.append(Object.assign(document.createElement(kind), { className: 'unpacked', textContent: text }));
</script>`;

/** Packs the page's style and script elements. */
function pack() {
	return {
		name: 'pack',
		enforce: 'post',
		generateBundle: {
			order: 'post',
			handler(_, bundle) {
				const page = bundle[ENTRY];
				const parts = [/<style[^>]*>([^]*?)<\/style>/, /<script type="module"[^>]*>([^]*?)<\/script>/].map((shape) => {
					const [element, text] = shape.exec(page.source);
					page.source = page.source.replace(element, '');
					return text;
				});
				const packed = deflateSync(strToU8(JSON.stringify(parts)), { level: 9 });
				page.source = page.source.replace('</body>', () => UNPACK(packed) + '\n</body>');
			},
		},
	};
}

/** Of the paragraphs that tools/trace/story tells, the page needs no more than these; only the page with a machine speaks of it. */
const PAGE_STORIES = /^story\.(why|victims|victim\.short|meanwhile|more)/, WITHOUT = ENTRY === 'web.html' ? /^story\./ : /^(story|web)\./;

function fewerWords() {
	return {
		name: 'fewer-words',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith('/words.json'))
				return null;
			const words = Object.entries(JSON.parse(code)).filter(([key]) => !WITHOUT.test(key) || PAGE_STORIES.test(key));
			return JSON.stringify(Object.fromEntries(words));
		},
	};
}

export default defineConfig({
	plugins: [fewerWords(), svelte(), viteSingleFile(), pack()],
	build: { outDir: process.env.VIEW_OUT ?? '../../build/view', emptyOutDir: false, target: 'es2022', reportCompressedSize: false,
		rollupOptions: { input: ENTRY, output: { format: 'iife' } } },
	test: { include: ['test/*.test.ts'], environment: 'node', testTimeout: 90_000 },
});
