/* The panel of a table: form fields that filter it, its order, its rows. */

import { get, query } from "./api.js";
import { button, element, setText } from "./dom.js";
import { openRow } from "./details.js";
import { Table } from "./table.js";
import { formFilter, shownColumns } from "./views.js";

const TOPS = [25, 100, 500];
const TYPING_MS = 250;

export class RowsPanel {
	/* table: of views.js; view: what the server says of it; showFlows(filter): opens their tab. */
	constructor(table, view, showFlows) {
		this.table = table;
		this.view = view;
		this.shown = shownColumns(table, view.columns);
		this.sort = view.sort;
		this.backwards = false;
		this.values = {};
		this.paused = false;
		this.rows = new Table(view.help, this.shown, {
			sort: table.fixed ? undefined : (name) => this.setSort(name),
			open: (row) => openRow(table, view, row, { narrow: (filter) => this.narrow(filter), showFlows }),
		});
		this.build();
	}

	build() {
		this.count = element("span", { class: "dim matches" });
		this.error = element("p", { class: "error", role: "alert" });
		this.empty = element("p", { class: "empty" });
		this.top = element("select", { "aria-label": "Rows", change: () => this.tick() },
		    ...TOPS.map((n) => element("option", { value: n }, n + " rows")));
		this.csv = element("a", { class: "button", download: `${this.view.name}.csv` }, "CSV");
		this.pause = button("Pause", () => this.setPaused(!this.paused), { "aria-pressed": "false" });
		this.form = element("form", { class: "filter", role: "search", input: () => this.onInput(),
			submit: (event) => event.preventDefault() },
		    ...this.table.fields.map((field) => input(field.name, field.label, "short")),
		    ...(this.table.fixed ? [] : [input("show", "Display filter", "long", "bps > 1M and not port 443")]));
		this.node = element("div", {}, this.form, this.error,
		    element("div", { class: "bar" }, this.pause, this.top, this.csv, this.count),
		    element("div", { class: "scroll" }, this.rows.node), this.empty);
	}

	onInput() {
		clearTimeout(this.typing);
		this.typing = setTimeout(() => {
			this.values = Object.fromEntries(new FormData(this.form));
			this.refresh();
		}, TYPING_MS);
	}

	narrow(filter) {
		this.form.reset();
		this.form.elements.show.value = filter;
		this.onInput();
	}

	setSort(name) {
		this.backwards = name === this.sort && !this.backwards;
		this.sort = name;
		this.refresh();
	}

	setPaused(paused) {
		this.paused = paused;
		this.pause.setAttribute("aria-pressed", String(paused));
		setText(this.pause, paused ? "Continue" : "Pause");
		this.tick();
	}

	get parameters() {
		return {
			sort: this.table.fixed ? "" : (this.backwards ? "-" : "") + this.sort,
			show: formFilter(this.table, this.values),
		};
	}

	/* Asked for by the user: also while paused, and instead of a question that is under way. */
	refresh() {
		this.aborter?.abort();
		this.busy = false;
		return this.ask();
	}

	/* After each report. */
	tick() {
		return this.paused || this.busy ? undefined : this.ask();
	}

	async ask() {
		const aborter = new AbortController();

		this.aborter = aborter;
		this.busy = true;
		this.node.ariaBusy = "true";
		try {
			this.show(await get(this.view.path, { ...this.parameters, top: this.top.value }, aborter.signal));
			setText(this.error, "");
		} catch (error) {
			if (!aborter.signal.aborted)
				setText(this.error, error.message);
		} finally {
			if (this.aborter === aborter) {
				this.busy = false;
				this.node.ariaBusy = "false";
			}
		}
	}

	/* Why there are no rows. */
	reason() {
		return this.parameters.show === "" ? this.table.empty ?? "Nothing has been seen." : "Nothing matches.";
	}

	show(answer) {
		const arranged = this.table.arrange?.(answer.rows) ?? answer.rows;
		const rows = answer.other === undefined ? arranged :
		    [...arranged, { [this.shown[0].key]: "(other)", ...answer.other, other: true }];

		this.rows.update(rows);
		this.rows.mark(answer.sort, answer.descending);
		this.csv.href = query(this.view.path + ".csv", { ...this.parameters, top: 0 });
		setText(this.empty, rows.length > 0 ? "" : this.reason());
		setText(this.count, counted(answer.rows.length, answer.matching));
	}
}

function input(name, label, width, placeholder = "") {
	return element("label", { class: width }, element("span", {}, label), element("input", {
		type: "search", name, placeholder, autocomplete: "off", autocapitalize: "none", spellcheck: "false",
	}));
}

function counted(shown, matching = shown) {
	if (matching === 0)
		return "no rows";
	return matching > shown ? `${shown} of ${matching} rows` : `${shown} ${shown === 1 ? "row" : "rows"}`;
}
