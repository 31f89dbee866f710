/** The two functions of every platform that core uses for bytes in JSON; `lib: es2023` has no types for them. */
declare function btoa(binary: string): string;
declare function atob(base64: string): string;
