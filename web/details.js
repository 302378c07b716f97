/* The dialogs: all that is known about a row and what can be done with it; the files of a snapshot. */

import { download } from "./api.js";
import { button, byId, element, setText, tell } from "./dom.js";
import { exact, types } from "./format.js";
import { rowFilter } from "./views.js";

const SECONDS = [5, 10, 30, 60, 300];

function open(title, ...content) {
	const dialog = byId("details");

	dialog.replaceChildren(
	    element("form", { method: "dialog", class: "bar" }, element("h2", { id: "details-title" }, title),
		element("button", {}, "Close")), ...content);
	dialog.showModal();
}

/* A column's value as it is and, if that differs, as it is read. */
function written(column, value) {
	const short = types[column.type].show(value);

	return typeof value !== "number" || short === String(value) ? short : `${exact(value)} (${short})`;
}

function facts(columns, row) {
	return columns.filter((column) => row[column.key] != null).flatMap((column) => [
		element("dt", { title: column.help }, column.name.replaceAll("_", " ")),
		element("dd", {}, column.type === "time" ? row[column.key] : written(column, row[column.key])),
	]);
}

async function record(filter, seconds, node) {
	node.disabled = true;
	setText(node, `Recording for ${seconds} s…`);
	try {
		const size = await download("/capture", { show: filter, seconds }, "pkttop.pcapng");
		tell(`Saved ${exact(size)} bytes of packets.`);
	} catch (error) {
		tell(`No packets were saved: ${error.message}`, true);
	}
	node.disabled = false;
	setText(node, "Record packets");
}

function recorder(filter) {
	const seconds = element("select", { "aria-label": "Duration" },
	    ...SECONDS.map((n) => element("option", { value: n }, n + " s")));
	const start = button("Record packets", () => record(filter, Number(seconds.value), start), { class: "strong" });

	return element("p", { class: "bar" }, start, seconds, element("span", { class: "dim" }, "as a pcapng file"));
}

/* narrow(filter) shows only the rows of the table that match, showFlows(filter) the flows. */
export function openRow(table, view, row, { narrow, showFlows }) {
	const filter = rowFilter(table, row);
	const choice = (title, action) => button(title, () => {
		byId("details").close();
		action();
	});

	open(view.title, ...(filter === "" ? [] : [
		element("p", {}, element("code", {}, filter)),
		element("p", { class: "bar" },
		    choice("Only these", () => narrow(filter)),
		    choice("All but these", () => narrow(`not (${filter})`)),
		    ...(view.name === "flows" ? [] : [choice("Their flows", () => showFlows(filter))])),
		recorder(filter),
	]), element("dl", { class: "facts" }, ...facts(view.columns, row)));
}

export function openSnapshot(name, files) {
	const link = (file) => element("a", {
		href: `/snapshots/${encodeURIComponent(name)}/${encodeURIComponent(file)}`,
		download: file,
	}, file);

	open("Snapshot " + name, element("ul", { class: "files" }, ...files.map((file) => element("li", {}, link(file)))));
}
