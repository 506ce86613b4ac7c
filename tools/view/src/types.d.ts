declare module 'virtual:words' {
	const base64: string;
	export default base64;
}
