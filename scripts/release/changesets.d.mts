export function changesets(root: string): { readonly name: string; readonly content: string }[];
export function textOf(content: string): string;
export function versionOf(root: string): string;
