/* Streams: the sources of packets, with buttons that start and stop them. */

import { get, post, remove } from "./api.js";
import { button, element, setText, tell } from "./dom.js";
import { Table } from "./table.js";

const column = (key, title, type, width, help) => ({ key, name: key, title, type, width, help });

const COLUMNS = [
	column("name", "NAME", "text", "phone", "Name of the stream."),
	column("state", "STATE", "text", "phone", "Running, stopped, ended, down, gone or failed."),
	column("bps", "RATE", "byte_rate", "phone", "Bits per second."),
	column("packets", "PACKETS", "count", "tablet", "All packets."),
	column("bytes", "BYTES", "bytes", "tablet", "Bytes of all packets."),
	column("kernel_dropped", "DROPPED", "count", "tablet", "Packets dropped by the kernel."),
	column("interface_dropped", "IFDROP", "count", "desk", "Packets dropped by the interface or its driver."),
	column("saw", "SAW", "share", "desk", "Share of the packets counted by the interface that were captured."),
	column("missing", "MISSING", "count", "desk", "Packets counted by the interface that were not captured."),
	column("smallest", "MIN", "bytes", "desk", "Length of the shortest packet."),
	column("average", "AVG", "bytes", "desk", "Average length of packets."),
	column("largest", "MAX", "bytes", "desk", "Length of the longest packet."),
	column("last", "LAST", "bytes", "desk", "Length of the most recent packet."),
	column("filter", "FILTER", "text", "desk", "Capture filter."),
];

const ACTIONS = ["start", "stop", "restart"];

const pathOf = (stream, action = "") => `/streams/${encodeURIComponent(stream.name)}${action && "/" + action}`;

/* The rates are in the table of sources. */
async function streamsWithRates() {
	const [{ streams }, { rows }] = await Promise.all([get("/streams"), get("/sources", { top: 0 })]);
	const rates = new Map(rows.map(({ name, bps, saw }) => [name, { bps, saw }]));

	return streams.map((stream) => ({ ...rates.get(stream.interface ?? stream.file), ...stream }));
}

export class StreamsPanel {
	constructor() {
		this.table = new Table("Sources of packets", COLUMNS, {});
		this.error = element("p", { class: "error", role: "alert" });
		this.table.heads[0].parentNode.append(element("th", { scope: "col" }, ""));
		this.notes = element("ul", { class: "notes" });
		this.node = element("div", {}, element("div", { class: "scroll" }, this.table.node), this.notes, this.form());
	}

	form() {
		const field = (name, label) => element("label", { class: name === "filter" ? "long" : "short" },
		    element("span", {}, label), element("input", { name, autocomplete: "off", spellcheck: "false" }));

		this.add = element("form", { class: "filter", submit: (event) => this.onAdd(event) },
		    field("interface", "Interface"), field("file", "or file"), field("name", "Name"),
		    field("filter", "Capture filter"), element("button", { class: "strong" }, "Start a stream"));
		return element("div", {}, element("h2", {}, "New stream"), this.add, this.error);
	}

	async onAdd(event) {
		event.preventDefault();
		const used = [...new FormData(this.add)].filter(([, value]) => value.trim() !== "");

		try {
			await post("/streams", Object.fromEntries(used));
			setText(this.error, "");
			this.add.reset();
		} catch (error) {
			setText(this.error, error.message);
		}
		this.tick();
	}

	async act(index, action) {
		const stream = this.table.rows[index];

		try {
			await (action === "remove" ? remove(pathOf(stream)) : post(pathOf(stream, action)));
		} catch (error) {
			tell(`${stream.name}: ${error.message}`, true);
		}
		this.tick();
	}

	buttons(index) {
		const one = (action) => button(action, () => this.act(index, action), { "data-action": action });

		return element("td", { class: "actions" }, ...[...ACTIONS, "remove"].map(one));
	}

	async tick() {
		const streams = await streamsWithRates();

		this.table.update(streams);
		[...this.table.body.rows].forEach((line, i) => {
			if (line.cells.length === COLUMNS.length)
				line.append(this.buttons(i));
			enable(line, streams[i]);
		});
		this.notes.replaceChildren(...streams.filter((stream) => stream.note !== undefined)
		    .map((stream) => element("li", {}, `${stream.name}: ${stream.note}`)));
	}
}

/* Buttons that would change nothing are off, and all of them say of which stream they are. */
function enable(line, stream) {
	const running = stream.state === "running";

	for (const node of line.querySelectorAll("[data-action]")) {
		node.disabled = node.dataset.action === (running ? "start" : "stop");
		node.setAttribute("aria-label", `${node.dataset.action} ${stream.name}`);
	}
	line.dataset.state = stream.state;
}
