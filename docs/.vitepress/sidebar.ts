import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme } from 'vitepress';

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));
const DOCS = fileURLToPath(new URL('../', import.meta.url));
const FIRST_PACKAGES = ['livekit', 'browser', 'react', 'otel', 'studio'];

/** The pages in the order in which one reads them. */
const LISTED: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      { text: 'Why your events are early', link: '/guide/why' },
      { text: 'Quick start', link: '/guide/quick_start' },
      { text: 'A complete agent without a key', link: '/guide/first_agent' },
      { text: 'Add it to your agent', link: '/guide/existing_agent' },
      { text: 'In a room', link: '/guide/room' },
      { text: 'In a React page', link: '/guide/react' },
      { text: 'Telephony and avatars', link: '/guide/telephony_and_avatars' },
    ],
  },
  {
    text: 'Guides',
    items: [
      { text: 'How do I …?', link: '/recipes' },
      { text: 'How sure is it?', link: '/guide/how_sure' },
      { text: 'Defaults', link: '/guide/defaults' },
      { text: 'Limits', link: '/limits' },
      { text: 'Glossary', link: '/glossary' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Events', link: '/reference/events' },
      { text: 'Error codes', link: '/reference/errors' },
      { text: 'Versions', link: '/versions' },
      { text: 'Browsers', link: '/browsers' },
      { text: 'Security and privacy', link: '/reference/security' },
      { text: 'Protocol', link: '/reference/protocol' },
      { text: 'API', link: '/api/' },
    ],
  },
  {
    text: 'Packages',
    items: packageNames().map((name) => ({ text: `@oncue/${name}`, link: `/packages/${name}` })),
  },
  {
    text: 'Figures',
    items: [
      { text: 'Measured', link: '/measured' },
      { text: 'At scale', link: '/scale' },
      { text: 'Heard text', link: '/heard_text' },
      { text: 'What others offer', link: '/reference/others' },
      { text: 'Compared with plain LiveKit', link: '/compare' },
      { text: 'Situations that went wrong once', link: '/edges' },
    ],
  },
  {
    text: 'The project',
    collapsed: true,
    items: [
      { text: 'Changelog', link: '/project/changelog' },
      { text: 'Contributing', link: '/project/contributing' },
      { text: 'Architecture', link: '/project/architecture' },
      { text: 'Rules', link: '/project/spec' },
      { text: 'How the player works', link: '/browser' },
      { text: 'Simulation', link: '/simulation' },
      { text: 'Mutation tests', link: '/mutation' },
      { text: 'Fuzzing', link: '/fuzzing' },
      { text: 'Libraries', link: '/libraries' },
    ],
  },
];

/** Every page of the site. One of docs/ that is not listed above comes last, under its file's name. */
export const sidebar: DefaultTheme.SidebarItem[] = [...LISTED, ...unlisted()];

function unlisted(): DefaultTheme.SidebarItem[] {
  const links = new Set(LISTED.flatMap(({ items = [] }) => items.map(({ link }) => link)));
  const others = readdirSync(DOCS)
    .filter((file) => file.endsWith('.md') && file !== 'index.md')
    .map((file) => file.slice(0, -'.md'.length))
    .filter((name) => !links.has(`/${name}`));
  if (others.length === 0) return [];
  return [{ text: 'More', items: others.map((name) => ({ text: name, link: `/${name}` })) }];
}

/** Those that an application meets first, then the others. */
function packageNames(): string[] {
  const all = readdirSync(PACKAGES).filter((name) => existsSync(`${PACKAGES}${name}/README.md`));
  const others = all.filter((name) => !FIRST_PACKAGES.includes(name));
  return [...FIRST_PACKAGES.filter((name) => all.includes(name)), ...others];
}
