/*
 * Opens the page of a server in a browser and uses it: check.mjs PKTTOP CHROMIUM FOLDER PICTURES
 * [URL of InfluxDB].  The folder has a capture, demo.pcap, and a database of places.  One server
 * reads the file, so its numbers stand still and must be those of /report; one captures; one writes
 * to InfluxDB.
 */

import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Browser } from "./browser.mjs";

const [program, chromium, folder, pictures, influx] = process.argv.slice(2);
const capture = join(folder, "demo.pcap");
let failures = 0;

function same(what, found, expected) {
	if (JSON.stringify(found) === JSON.stringify(expected))
		return;
	failures++;
	console.log(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

function freePort() {
	return new Promise((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

async function answers(url) {
	for (let i = 0; i < 200; i++) {
		try {
			if ((await fetch(url)).ok)
				return;
		} catch {
			/* Not listening yet. */
		}
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(url + " does not answer");
}

/* What the page shows, by the expressions of a script in it. */
/* A number that is shown short, and an address that is shown by its name, are in the title. */
const VALUES = (key) => `[...document.querySelectorAll('#panel tbody tr:not(.other) td[data-key="${key}"]')].map((td) => td.title || td.textContent)`;
const TEXTS = (key) => `[...document.querySelectorAll('#panel tbody tr:not(.other) td[data-key="${key}"]')].map((td) => td.textContent)`;
const FIGURE = (name) => `document.querySelector('[data-figure="${name}"] b').title`;
const ROWS = "document.querySelectorAll('#panel tbody tr').length";
const VISIBLE = (selector) => `getComputedStyle(document.querySelector('${selector}')).display !== "none"`;

const exact = (n) => n.toLocaleString("en", { maximumFractionDigits: 3 });

/* With the answer of the server. */
async function openTab(browser, name, least = 1) {
	await browser.click("#tab-" + name);
	await browser.until(`document.querySelector("#tab-${name}").ariaSelected === "true" && ${ROWS} >= ${least} &&
		document.querySelector('#panel [aria-busy="true"]') === null`, "tab " + name);
}

const TABLES = [
	["talkers", "hosts", "address", "bytes"], ["talkers", "hosts", "address", "packets"],
	["flows", "flows", "a", "bytes"], ["flows", "flows", "b", "bytes"],
	["protocols", "protocols", "path", "bytes"], ["ports", "ports", "service", "packets"],
	["sizes", "sizes", "range", "packets"], ["networks", "networks", "network", "bytes"],
	["health", "health", "address", "packets"], ["use", "use", "use", "bytes"], ["dns", "dns", "name", "queries"],
	["places", "places", "place", "bytes"],
];

/* Each number that is shown is the one in the report. */
async function checkNumbers(browser, server) {
	const report = await (await fetch(server + "/report?top=0")).json();
	const { tables } = await (await fetch(server + "/report?top=0&view=places")).json();

	await browser.until(`${FIGURE("total packets")} === "${exact(report.total.packets)}"`, "the total of packets");
	same("total bytes", await browser.value(FIGURE("total bytes")), exact(report.total.bytes));
	for (const [tab, list, key, number] of TABLES) {
		await openTab(browser, tab);
		const rows = report[list] ?? tables[0].rows;
		const known = new Set(rows.map((row) => `${row[key] ?? ""} ${exact(row[number])}`));
		const numbers = await browser.value(VALUES(number));
		const shown = (await browser.value(VALUES(key))).map((text, i) => `${text} ${numbers[i]}`);
		same(tab + " has rows", shown.length >= Math.min(rows.length, 4), true);
		same(`${tab}: ${number}`, shown.filter((one) => !known.has(one)), []);
	}
}

/* Three digits, and rounding before the prefix is chosen. */
async function checkFormats(browser) {
	const text = (call) => browser.value(`import("/format.js").then((format) => format.${call})`);

	for (const [call, expected] of [["si(0)", "0"], ["si(999)", "999"], ["si(999.4)", "999"], ["si(999.5)", "1.00k"],
		["si(1000)", "1.00k"], ["si(12345678)", "12.3M"], ["si(999499)", "999k"], ["si(999500)", "1.00M"],
		["si(0.2)", "0.20"], ["si(0.001)", "0"], ["percent(0)", "0 %"], ["percent(0.00001)", "<0.1 %"],
		["percent(0.004)", "0.4 %"], ["percent(0.284)", "28 %"], ["duration(0.010018)", "10 ms"],
		["duration(0.0007)", "700 µs"], ["duration(52.3)", "52 s"], ["duration(5400)", "1.5 h"]])
		same(call, await text(call), expected);
}

/* Names take the place of addresses, which a button shows again. */
async function checkNames(browser, server) {
	const { rows } = await (await fetch(server + "/flows?top=0")).json();
	const known = new Map(rows.filter((row) => row.b_name !== undefined).map((row) => [row.b, row.b_name]));
	const texts = async () => {
		const addresses = await browser.value(VALUES("b"));
		return (await browser.value(TEXTS("b"))).map((text, i) => [addresses[i], text]);
	};

	await openTab(browser, "flows");
	const named = await texts();
	same("flows have names", named.some(([address]) => known.has(address)), true);
	same("names of hosts", named.map(([, text]) => text), named.map(([address]) => known.get(address) ?? address));
	await browser.click("#names");
	await browser.until(`${TEXTS("b")}.every((text, i) => text === ${VALUES("b")}[i])`, "addresses");
	await browser.click("#names");
}

async function checkSort(browser) {
	const head = '#panel th[data-key="packets"]';

	await openTab(browser, "talkers", 3);
	for (const [order, sign] of [["descending", -1], ["ascending", 1]]) {
		await browser.value(`document.querySelector('${head} button').focus()`);
		await browser.key("Enter");
		await browser.until(`document.querySelector('${head}').ariaSort === "${order}"`);
		await browser.until(`(() => { const n = ${VALUES("packets")}.map((t) => Number(t.replaceAll(",", "")));
			return n.length > 3 && n.every((x, i) => i === 0 || (x - n[i - 1]) * ${sign} >= 0); })()`, "rows " + order);
	}
}

async function checkFilter(browser, server) {
	const matching = async (path) => (await (await fetch(server + path)).json()).matching;
	const count = (n) => `document.querySelector(".matches").textContent.split(" ").includes("${n}")`;

	await openTab(browser, "flows");
	for (const [fields, show] of [[{ protocol: "tls" }, "proto tls"], [{ port: "443" }, "port 443"],
		[{ source: "192.0.2.0/24", destination: "203.0.113.0/24" }, "src net 192.0.2.0/24 dst net 203.0.113.0/24"],
		[{ show: "bytes > 100k", port: "80" }, "bytes > 100k port 80"]]) {
		for (const [name, text] of Object.entries(fields))
			await browser.type(`[name="${name}"]`, text);
		const n = await matching("/flows?show=" + encodeURIComponent(show));
		same(show + " finds something", n > 0, true);
		await browser.until(count(n), `${n} rows of ${show}`);
		for (const name of Object.keys(fields))
			await browser.type(`[name="${name}"]`, "");
	}
	await browser.type('[name="show"]', "bytes >");
	await browser.until('document.querySelector("#panel .error").textContent !== ""', "an error for a wrong filter");
	await browser.picture(join(pictures, "filter-wrong.png"));
	await browser.type('[name="show"]', "");
	await browser.until('document.querySelector("#panel .error").textContent === ""', "no error for no filter");
}

/* Enter opens a row; what can be done with it is in its dialog. */
async function checkDetails(browser) {
	await openTab(browser, "flows");
	const flows = await browser.value(VALUES("a"));
	await browser.value('document.querySelector("#panel tbody button.row").focus()');
	await browser.key("Enter");
	await browser.until('document.querySelector("#details").open');
	same("details name the ends", (await browser.value('document.querySelector("#details").textContent')).includes(flows[0]), true);
	await browser.picture(join(pictures, "details.png"));
	await browser.key("Escape");
	await browser.until('!document.querySelector("#details").open');
	same("the focus returns to the row", await browser.value("document.activeElement.className"), "row");
	await browser.key("Enter");
	await browser.value('[...document.querySelectorAll("#details button")].find((b) => b.textContent === "Only these").click()');
	await browser.until(`${ROWS} === 1`, "one row");
	same("only that row", await browser.value(VALUES("a")), flows.slice(0, 1));
	await browser.type('[name="show"]', "");
	await browser.until(`${ROWS} > 1`);

	await openTab(browser, "talkers");
	const [address] = await browser.value(VALUES("address"));
	await browser.click("#panel tbody button.row");
	await browser.value('[...document.querySelectorAll("#details button")].find((b) => b.textContent === "Their flows").click()');
	await browser.until('document.querySelector("#tab-flows").ariaSelected === "true"');
	await browser.until(`${VALUES("a")}.every((a, i) => [a, ${VALUES("b")}[i]].includes("${address}"))`, "the flows of " + address);
	await browser.type('[name="show"]', "");
}

/* The bytes of a file that the page saved. */
async function saved(browser, name) {
	const file = join(browser.folder, name);

	for (let i = 0; i < 400; i++) {
		if (existsSync(file) && statSync(file).size > 0)
			return readFileSync(file);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(`${name} is not saved`);
}

async function checkDownloads(browser) {
	await openTab(browser, "flows");
	await browser.click("#panel a[download]");
	same("CSV begins with the columns", (await saved(browser, "flows.csv")).toString().startsWith("protocol,a,"), true);
	await browser.click("#snapshot");
	await browser.until('document.querySelector("#details").open && document.querySelector("#details a") !== null', "the files of a snapshot");
	await browser.picture(join(pictures, "snapshot.png"));
	await browser.click('#details a[download$="flows.csv"]');
	await saved(browser, await browser.value('document.querySelector(\'#details a[download$="flows.csv"]\').download'));
	await browser.key("Escape");
}

async function checkCharts(browser) {
	const time = () => browser.value('document.querySelector("#chart-bps .canvas").ariaLabel');

	await browser.drag("#chart-bps .u-over", 0.2, 0.5);
	await browser.until('!document.querySelector("#zoom-reset").disabled', "a zoom");
	await browser.picture(join(pictures, "zoom.png"));
	await browser.value('document.querySelector("#chart-pps .canvas").focus()');
	await browser.key("Escape");
	await browser.until('document.querySelector("#zoom-reset").disabled', "the whole span");
	await browser.key("+");
	await browser.until('!document.querySelector("#zoom-reset").disabled', "a zoom by a key");
	await browser.key("0");
	const before = await time();
	for (let i = 0; i < 3; i++)
		await browser.key("ArrowLeft");
	same("the cursor reads another time", (await time()) !== before, true);
	for (const span of ["1m", "1h", "1d", "10m"]) {
		await browser.click(`[data-name="${span}"]`);
		await browser.until(`document.querySelector('[data-name="${span}"]').ariaPressed === "true"`);
	}
}

/* The packets of a row, as a pcapng file: it begins with a section header block. */
async function checkRecord(browser) {
	await openTab(browser, "flows");
	await browser.click("#panel tbody button.row");
	await browser.until('document.querySelector("#details .strong") !== null');
	await browser.click("#details .strong");
	same("a pcapng file", (await saved(browser, "pkttop.pcapng")).subarray(0, 4).toString("hex"), "0a0d0d0a");
	await browser.key("Escape");
}

/* A stream on the loopback interface, where the server's own answers are the traffic. */
async function checkStreams(browser) {
	const state = (text) => `[...document.querySelectorAll("#panel tbody tr")].some((tr) =>
		tr.cells[0].textContent === "own" && tr.cells[1].textContent === "${text}")`;
	const press = (action) => browser.value(`[...document.querySelectorAll("#panel tbody tr")]
		.find((tr) => tr.cells[0].textContent === "own").querySelector('[data-action="${action}"]').click()`);

	await openTab(browser, "streams", 0);
	await browser.type('[name="interface"]', "no-such-one");
	await browser.key("Enter");
	await browser.until('document.querySelector("#panel .error").textContent !== ""', "an error for no interface");
	await browser.type('[name="interface"]', "lo");
	await browser.type('[name="name"]', "own");
	await browser.key("Enter");
	await browser.until(state("running"), "a stream that runs");
	await browser.until(`document.querySelector('#panel td[data-key="bps"]').textContent !== ""`, "its rate");
	await browser.picture(join(pictures, "streams.png"));
	await checkLog(browser);
	await checkRecord(browser);
	await checkProcesses(browser);
	await openTab(browser, "streams", 0);
	for (const [action, after] of [["stop", "stopped"], ["start", "running"], ["restart", "running"]]) {
		await press(action);
		await browser.until(state(after), action);
	}
	await press("remove");
	await browser.until('![...document.querySelectorAll("#panel tbody tr")].some((tr) => tr.cells[0].textContent === "own")', "no stream");
}

/* A stream of a file has all of its packets when it has ended. */
async function checkFileStream(browser, whole) {
	await openTab(browser, "streams", 0);
	await browser.type('[name="file"]', "demo.pcap");
	await browser.key("Enter");
	await browser.until(`${TEXTS("state")}.includes("ended")`, "a file that is read");
	same("packets of the file", await browser.value(VALUES("packets")), [exact(whole.packets)]);
	same("bytes of the file", await browser.value(VALUES("bytes")), [exact(whole.bytes)]);
	await browser.click('#panel [data-action="remove"]');
	await browser.until(`${ROWS} === 0`, "no file");
}

/* The server's own process is one end of each connection. */
async function checkProcesses(browser) {
	await openTab(browser, "processes");
	await browser.until(`${TEXTS("process")}.some((text) => text.startsWith("pkttop"))`, "the process pkttop");
	await browser.picture(join(pictures, "processes.png"));
}

/* What the page shows is in the database, which is asked without pkttop. */
async function checkStored(browser, server) {
	const shown = (key) => browser.value(VALUES(key));

	await openPage(browser, server);
	await openTab(browser, "stored", 4);
	for (const [measurement, tag] of [["pkttop_total", "host"], ["pkttop_source", "source"],
		["pkttop_protocol", "path"], ["pkttop_host", "address"]]) {
		await browser.click(`#panel [data-name="${measurement}"]`);
		await browser.until(`${VALUES(tag)}.length > 3`, "points of " + measurement);
		const number = measurement === "pkttop_host" ? "bytes_out" : "bytes";
		const query = new URLSearchParams({ db: "net", epoch: "s", q: `SELECT ${number}, "${tag}" FROM ${measurement}` });
		const { results } = await (await fetch(`${influx}/query?${query}`)).json();
		const known = new Set(results[0].series[0].values.map(([time, bytes, text]) =>
		    `${new Date(time * 1000).toISOString().slice(0, 19).replace("T", " ")} ${text} ${exact(bytes)}`));
		const [times, tags, numbers] = [await shown("time"), await shown(tag), await shown(number)];
		same("stored in " + measurement, times.map((time, i) => `${time} ${tags[i]} ${numbers[i]}`)
		    .filter((one) => !known.has(one)), []);
		await browser.picture(join(pictures, `stored-${measurement.slice(7)}.png`));
	}
	await browser.resize(360, 740);
	same("stored fits 360 px", await browser.value("document.documentElement.scrollWidth"), 360);
	await browser.picture(join(pictures, "stored-phone.png"));
	await browser.resize(1280, 900);
}

/* The log stands still while it is paused, and goes on afterwards. */
async function checkLog(browser) {
	const first = `${TEXTS("info")}.join()`;
	const press = (text) => browser.value(`[...document.querySelectorAll("#panel button")]
		.find((node) => node.textContent === "${text}").click()`);

	await openTab(browser, "packets", 3);
	await browser.picture(join(pictures, "packets.png"));
	await press("Pause");
	const seen = await browser.value(first);
	await new Promise((resolve) => setTimeout(resolve, 2500));
	same("a paused log", await browser.value(first), seen);
	await press("Continue");
	await browser.until(`${first} !== ${JSON.stringify(seen)}`, "newer packets");
}

/* Every tab, in both themes and on a phone; nothing is wider than the screen. */
async function checkLooks(browser) {
	const background = () => browser.value("getComputedStyle(document.body).backgroundColor");
	const names = await browser.value('[...document.querySelectorAll("#tabs button")].map((tab) => tab.dataset.name)');

	for (const scheme of process.env.SANITIZED ? ["dark"] : ["light", "dark"]) {
		await browser.colours(scheme);
		for (const name of names) {
			await openTab(browser, name, 0);
			await browser.picture(join(pictures, `${name}-${scheme}.png`));
		}
	}
	const dark = await background();
	await browser.click("#theme");
	same("the first choice is dark", await background(), dark);
	await browser.click("#theme");
	same("then light, against the system", (await background()) !== dark, true);
	await browser.click("#theme");
	await browser.resize(360, 740);
	await browser.value("scrollTo(0, 0)");
	same("the header of a phone is one line", await browser.value(`document.querySelector("header").offsetHeight < 70`), true);
	await browser.picture(join(pictures, "phone.png"));
	for (const name of names) {
		await openTab(browser, name, 0);
		await browser.value('document.querySelector("#tabs").scrollIntoView()');
		same(name + " fits 360 px", await browser.value("document.documentElement.scrollWidth"), 360);
		same(name + " is not cut off", await browser.value(`[...document.querySelectorAll("#panel .scroll")]
			.every((node) => node.scrollWidth <= node.clientWidth)`), true);
		await browser.picture(join(pictures, `${name}-phone.png`));
	}
	await openTab(browser, "flows");
	same("a phone has fewer columns", await browser.value(VISIBLE('#panel th[data-key="state"]')), false);
	await browser.resize(1280, 900);
	same("a desk has them", await browser.value(VISIBLE('#panel th[data-key="state"]')), true);
}

/* Tab reaches everything that can be used, and the focus can be seen. */
async function checkKeyboard(browser) {
	await openTab(browser, "talkers");
	await browser.value(`document.querySelector(".skip").focus(); window.reached = new Set()`);
	const all = await browser.value(`(window.usable = [...document.querySelectorAll("a, button, input, select, [tabindex]")]
		.filter((node) => node.tabIndex === 0 && !node.disabled && node.checkVisibility())).length`);
	same("there is much to use", all > 50, true);
	for (let i = 0; i < all; i++) {
		const [name, outline] = await browser.value(`(() => { const node = document.activeElement;
			reached.add(node);
			return [node.id || node.name || node.textContent, getComputedStyle(node).outlineStyle]; })()`);
		same(`focus of ${name} is visible`, outline, "solid");
		await browser.key("Tab");
	}
	same("Tab reaches everything", await browser.value(`usable.filter((node) => !reached.has(node))
		.map((node) => node.id || node.name || node.textContent)`), []);
	await browser.value('document.querySelector("#tab-talkers").focus()');
	await browser.key("ArrowRight");
	await browser.until('document.querySelector("#tab-flows").ariaSelected === "true"', "the next tab");
}

/* The server ends, is seen to be away, and is found again. */
async function checkReconnect(browser, restart) {
	await restart(() => browser.until('document.querySelector("#connection").dataset.state === "wait"', "the loss of the server"));
	await browser.until('document.querySelector("#connection").dataset.state === "live"', "the server again");
}

class Server {
	constructor(...source) {
		this.source = source;
	}

	async start() {
		this.port ??= await freePort();
		this.url = `http://127.0.0.1:${this.port}`;
		this.process = spawn(program, ["--headless", `--listen=127.0.0.1:${this.port}`, ...this.source],
		    { stdio: ["ignore", "ignore", "inherit"] });
		await answers(this.url + "/healthz");
	}

	async stop() {
		if (this.process === undefined)
			return;
		const gone = new Promise((resolve) => this.process.on("exit", resolve));

		this.process.kill("SIGTERM");
		await gone;
	}
}

async function openPage(browser, server) {
	await server.start();
	await browser.open(server.url + "/");
	await browser.until('document.querySelector("#connection")?.dataset.state === "live"', "the first report");
}

/* A file: its numbers stand still. */
async function checkFile(browser, server) {
	await openPage(browser, server);
	await checkNumbers(browser, server.url);
	await checkFormats(browser);
	await checkNames(browser, server.url);
	await checkSort(browser);
	await checkFilter(browser, server.url);
	await checkDetails(browser);
	await checkDownloads(browser);
	await checkCharts(browser);
	await checkKeyboard(browser);
	await checkLooks(browser);
	await checkReconnect(browser, async (between) => {
		await server.stop();
		await between();
		await server.start();
	});
}

/* No source at first: streams are added on the page. */
async function checkLive(browser, server) {
	await openPage(browser, server);
	await openTab(browser, "stored", 0);
	await browser.until('document.querySelector("#panel .empty").textContent.includes("influx")', "that nothing is stored");
	await checkStreams(browser);
	await checkFileStream(browser, (await (await fetch(files.url + "/report?top=1")).json()).total);
}

const browser = new Browser(chromium);
const files = new Server("-r", capture, "--local=192.0.2.0/24", "--snapshot-dir=" + browser.folder,
    "--geoip=" + join(folder, "places.mmdb"));
const live = new Server("--file-streams=" + folder, "--processes");
const stored = new Server("--demo", "--delay=0.5", "--influx-create", `--influx=${influx}/?db=net`);
const checks = [[files, checkFile], [live, checkLive], ...(influx === undefined ? [] : [[stored, checkStored]])];
try {
	await browser.start({ width: 1280, height: 900 });
	for (const [server, check] of checks)
		await check(browser, server);
	same("nothing is refused, thrown or missing", browser.problems, []);
	same("only this machine is asked",
	    browser.requests.filter((url) => !/^(blob:)?http:\/\/127\.0\.0\.1:/.test(url)), []);
} catch (error) {
	failures++;
	console.log(error.stack);
	await browser.picture(join(pictures, "failed.png")).catch(() => {});
} finally {
	await browser.close();
	for (const [server] of checks)
		await server.stop();
}
process.exit(failures === 0 ? 0 : 1);
