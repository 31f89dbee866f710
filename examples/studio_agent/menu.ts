/** The drinks and their prices in cents. If you change a price while Studio runs, the next order has it. */
export const MENU: Readonly<Record<string, number>> = {
  espresso: 240,
  cappuccino: 350,
  'flat white': 380,
};
