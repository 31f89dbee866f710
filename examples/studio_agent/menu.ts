/** What there is, and what it costs in cents. Change a price while the studio runs: the next order has it. */
export const MENU: Readonly<Record<string, number>> = {
  espresso: 240,
  cappuccino: 350,
  'flat white': 380,
};
