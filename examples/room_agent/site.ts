import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves the files of a page on a local port, and the token with which it joins at `token`. */
export async function openSite(
  files: ReadonlyMap<string, File>,
  newToken: () => Promise<object>,
): Promise<{
  readonly url: string;
  close(): void;
}> {
  const server = createServer(async (request, response) => {
    const name = (request.url ?? '/').slice(1);
    const { port } = server.address() as AddressInfo;
    // Refuses DNS rebinding: a foreign page whose host name resolves to this address must not get a token.
    const isOwn = [`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '');
    const file = isOwn ? files.get(name) : undefined;
    if (isOwn && name === 'token') response.end(JSON.stringify(await newToken()));
    else if (file)
      response.setHeader('content-type', `${file.type}; charset=utf-8`).end(file.content);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A file as it is served. */
export interface File {
  readonly type: string;
  readonly content: string | Uint8Array;
}
