/* The page: connects the reports of the server with what is shown. */

import { get, listen, post } from "./api.js";
import { byId, element, setText, tell } from "./dom.js";
import { openSnapshot } from "./details.js";
import { namesName, toggleNames, toggleUnits, unitsName } from "./format.js";
import { RowsPanel } from "./rows.js";
import { StoredPanel } from "./stored.js";
import { StreamsPanel } from "./streams.js";
import { showSummary } from "./summary.js";
import { Traffic } from "./traffic.js";
import { shownTables } from "./views.js";

const STATES = { wait: "reconnecting", live: "live", stale: "no reports" };

/* Parts of the page that are updated after each report. */
const panels = {};
let traffic;
let current;

function setState(state) {
	const node = byId("connection");

	setText(node, STATES[state]);
	node.dataset.state = state;
}

/* A tick that fails is not the end: the next report brings the next one. */
async function update(part) {
	try {
		await part?.tick();
	} catch (error) {
		tell(error.message, true);
	}
}

function showReport(report) {
	showSummary(report);
	setText(byId("clock"), `${report.time.slice(0, 10)} ${report.time.slice(11, 19)} UTC`);
	refresh();
}

/* Nothing is asked for a page that nobody sees. */
function refresh() {
	if (document.hidden)
		return;
	update(traffic);
	update(panels[current]);
}

function addTab(name, title, panel) {
	panels[name] = panel;
	byId("tabs").append(element("button", {
		type: "button", role: "tab", id: "tab-" + name, "aria-controls": "panel", "data-name": name,
		click: () => (location.hash = name),
	}, title));
}

function showFlows(filter) {
	panels.flows.narrow(filter);
	location.hash = "flows";
}

function openTab() {
	const asked = location.hash.slice(1);
	const name = asked in panels ? asked : "talkers";

	if (name === current || (asked === "panel" && current !== undefined))
		return;
	current = name;
	for (const tab of byId("tabs").children) {
		tab.setAttribute("aria-selected", String(tab.dataset.name === name));
		tab.tabIndex = tab.dataset.name === name ? 0 : -1;
	}
	byId("tab-" + name).scrollIntoView({ block: "nearest", inline: "nearest" });
	byId("panel").setAttribute("aria-labelledby", "tab-" + name);
	byId("panel").replaceChildren(panels[name].node);
	update(panels[name]);
}

/* Arrow keys go from tab to tab, as the pattern of tabs asks for. */
function onTabKey(event) {
	const tabs = [...byId("tabs").children];
	const at = tabs.indexOf(document.activeElement);
	const goal = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];

	if (goal === undefined || at < 0)
		return;
	event.preventDefault();
	const tab = tabs.at(goal % tabs.length);
	tab.focus();
	tab.click();
}

async function takeSnapshot() {
	try {
		const { name, files } = await post("/snapshot");
		openSnapshot(name, files);
	} catch (error) {
		tell(`No snapshot: ${error.message}`, true);
	}
}

function showChoices() {
	setText(byId("theme"), pageTheme.name);
	setText(byId("units"), unitsName());
	setText(byId("names"), namesName());
}

function connectButtons() {
	byId("snapshot").addEventListener("click", takeSnapshot);
	byId("theme").addEventListener("click", () => {
		pageTheme.next();
		traffic.draw();
		showChoices();
	});
	byId("units").addEventListener("click", () => {
		toggleUnits();
		traffic.show();
		update(panels[current]);
		showChoices();
	});
	byId("names").addEventListener("click", () => {
		toggleNames();
		update(panels[current]);
		showChoices();
	});
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => traffic.draw());
	byId("tabs").addEventListener("keydown", onTabKey);
	addEventListener("hashchange", openTab);
	document.addEventListener("visibilitychange", refresh);
	showChoices();
}

async function start() {
	const { views } = await get("/views");

	for (const [view, table] of shownTables(views))
		addTab(view.name, view.title, new RowsPanel(table, view, showFlows));
	addTab("streams", "Sources", new StreamsPanel());
	addTab("stored", "Stored", new StoredPanel());
	traffic = new Traffic();
	connectButtons();
	openTab();
	showReport(await get("/report", { top: 1 }));
	listen("/events", { report: showReport, state: setState });
}

const RETRY_MS = 3000;

function startOrRetry() {
	start().catch((error) => {
		setState("wait");
		tell(error.message, true);
		setTimeout(startOrRetry, RETRY_MS);
	});
}

startOrRetry();
