/*
 * A headless Chromium, driven through a pipe by the DevTools protocol: no port is opened.
 * https://chromedevtools.github.io/devtools-protocol/
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const WAIT_MS = 20000;
const LOOK_MS = 50;

const FLAGS = [
	"--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
	"--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update",
	"--disable-sync", "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

const KEYS = { Enter: 13, Escape: 27, Tab: 9, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 };

export class Browser {
	constructor(program) {
		this.folder = mkdtempSync(join(tmpdir(), "pkttop-page-"));
		this.process = spawn(program, [...FLAGS, `--user-data-dir=${this.folder}`, "about:blank"],
		    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
		this.next = 1;
		this.answers = new Map();
		this.problems = [];
		this.requests = [];
		this.text = "";
		this.process.stdio[4].setEncoding("utf8").on("data", (data) => this.receive(data));
	}

	receive(data) {
		const messages = (this.text + data).split("\0");

		this.text = messages.pop();
		for (const message of messages.map((one) => JSON.parse(one))) {
			if (message.id === undefined)
				this.note(message);
			else
				this.settle(message);
		}
	}

	settle({ id, error, result }) {
		const { resolve, reject } = this.answers.get(id);

		this.answers.delete(id);
		if (error)
			reject(new Error(error.message));
		else
			resolve(result);
	}

	/* What a page must not do: throw, break the content security policy, ask other machines. */
	note({ method, params }) {
		if (method === "Runtime.exceptionThrown")
			this.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
		else if (method === "Log.entryAdded" && params.entry.source === "security")
			this.problems.push(params.entry.text);
		else if (method === "Network.requestWillBeSent")
			this.requests.push(params.request.url);
	}

	send(method, params = {}) {
		const id = this.next++;

		this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId: this.session }) + "\0");
		return new Promise((resolve, reject) => this.answers.set(id, { resolve, reject }));
	}

	async start({ width, height }) {
		const { targetInfos } = await this.send("Target.getTargets");
		const { targetId } = targetInfos.find((target) => target.type === "page");

		this.session = (await this.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
		for (const domain of ["Page", "Runtime", "Log", "Network"])
			await this.send(domain + ".enable");
		await this.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: this.folder });
		await this.resize(width, height);
	}

	open(url) {
		return this.send("Page.navigate", { url });
	}

	resize(width, height) {
		return this.send("Emulation.setDeviceMetricsOverride",
		    { width, height, deviceScaleFactor: 1, mobile: width < 700 });
	}

	colours(scheme) {
		return this.send("Emulation.setEmulatedMedia",
		    { features: [{ name: "prefers-color-scheme", value: scheme }] });
	}

	/* The value of an expression in the page. */
	async value(expression) {
		const { result, exceptionDetails } = await this.send("Runtime.evaluate",
		    { expression, awaitPromise: true, returnByValue: true });

		if (exceptionDetails)
			throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
		return result.value;
	}

	/* Until the expression is true; an error is not true, because the page may not be there yet. */
	async until(expression, what = expression) {
		for (const end = Date.now() + WAIT_MS; Date.now() < end;) {
			if (await this.value(expression).catch(() => false))
				return;
			await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
		}
		throw new Error("waited in vain for: " + what);
	}

	click(selector) {
		return this.value(`document.querySelector(${JSON.stringify(selector)}).click()`);
	}

	/* Types into a field as a person would: it gets the focus and an event. */
	async type(selector, text) {
		await this.value(`document.querySelector(${JSON.stringify(selector)}).select()`);
		await this.value(`document.querySelector(${JSON.stringify(selector)}).focus()`);
		if (text === "")
			await this.key("Backspace");
		else
			await this.send("Input.insertText", { text });
	}

	async key(key) {
		const text = key.length === 1 ? key : key === "Enter" ? "\r" : undefined;
		const code = KEYS[key] ?? (key === "Backspace" ? 8 : key.charCodeAt(0));
		const event = { key, code: key, text, windowsVirtualKeyCode: code };

		await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", ...event });
		await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
	}

	/* Drags the mouse over an element, from one share of its width to another. */
	async drag(selector, from, to) {
		const box = await this.value(`(() => { const node = document.querySelector(${JSON.stringify(selector)});
			node.scrollIntoView({ block: "center" });
			const { x, y, width, height } = node.getBoundingClientRect(); return { x, y, width, height }; })()`);
		const point = (share) => ({ x: box.x + box.width * share, y: box.y + box.height / 2, button: "left", clickCount: 1 });

		await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", ...point(from), button: "none" });
		await this.send("Input.dispatchMouseEvent", { type: "mousePressed", ...point(from) });
		for (const share of [from + (to - from) / 2, to])
			await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", ...point(share), buttons: 1 });
		await this.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...point(to) });
	}

	async picture(file) {
		const { data } = await this.send("Page.captureScreenshot", { format: "png" });

		writeFileSync(file, Buffer.from(data, "base64"));
	}

	async close() {
		const gone = new Promise((resolve) => this.process.on("exit", resolve));

		this.session = undefined;
		this.send("Browser.close").catch(() => {});
		await gone;
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}
