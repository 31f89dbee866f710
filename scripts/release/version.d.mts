export function released(changelog: string, version: string, texts: readonly string[]): string;
