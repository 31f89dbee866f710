import { setTimeout as sleep } from 'node:timers/promises';
import type { WebDriver } from 'selenium-webdriver';

/** As Playwright's own default. */
const WAITS_FOR_MS = 30_000;
const POLL_MS = 50;

/** A script for the page. WebDriver has no errors of promises, so an error is a value on the way. Not `eval`: pages may forbid it. */
const evaluating = (expression: string): string => `
  const done = arguments[0];
  Promise.resolve()
    .then(() => (${expression}))
    .then((value) => done({ value }), (error) => done({ error: String(error) }));`;

/** Commands of one driver, one after another: each belongs to the window that is in front at that time. */
const queues = new WeakMap<WebDriver, Promise<unknown>>();

/** A page in WebKitGTK, with those methods of Playwright's `Page` that the tests of the player use. */
export class WebkitPage {
  readonly #driver: WebDriver;
  readonly #window: string;

  private constructor(driver: WebDriver, window: string) {
    this.#driver = driver;
    this.#window = window;
  }

  /** The window that the browser begins with. */
  static async first(driver: WebDriver): Promise<WebkitPage> {
    return new WebkitPage(driver, await inTurn(driver, () => driver.getWindowHandle()));
  }

  /** A new tab. */
  static async open(driver: WebDriver): Promise<WebkitPage> {
    const window = await inTurn(driver, async () => {
      await driver.switchTo().newWindow('tab');
      return driver.getWindowHandle();
    });
    return new WebkitPage(driver, window);
  }

  async goto(url: string): Promise<void> {
    await this.#command(() => this.#driver.get(url));
  }

  async reload(): Promise<void> {
    await this.#command(() => this.#driver.navigate().refresh());
  }

  /**
   * The value of an expression, awaited if it is a promise.
   *
   * @throws Error with the text of what it threw.
   */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.#command(() =>
      this.#driver.executeAsyncScript<{ readonly value?: T; readonly error?: string }>(
        evaluating(expression),
      ),
    );
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as T;
  }

  /** @throws Error if the expression has no true value within 30 s. */
  async waitForFunction(expression: string): Promise<void> {
    const endMs = performance.now() + WAITS_FOR_MS;
    while (!(await this.evaluate(expression))) {
      if (performance.now() > endMs)
        throw new Error(`not true within ${WAITS_FOR_MS} ms: ${expression}`);
      await sleep(POLL_MS);
    }
  }

  async close(): Promise<void> {
    await this.#command(() => this.#driver.close());
  }

  #command<T>(command: () => Promise<T>): Promise<T> {
    return inTurn(this.#driver, async () => {
      await this.#driver.switchTo().window(this.#window);
      return command();
    });
  }
}

function inTurn<T>(driver: WebDriver, command: () => Promise<T>): Promise<T> {
  const before = queues.get(driver) ?? Promise.resolve();
  const mine = before.then(command);
  queues.set(
    driver,
    mine.catch(() => {}),
  );
  return mine;
}
