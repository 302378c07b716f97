/*
 * The tables of the page, by the names of views: which columns are shown, and which form fields
 * filter them.  Titles, types and helps of columns come from the server.
 */

const address = { name: "address", label: "Address", term: (text) => `host ${quote(text)}` };
const port = { name: "port", label: "Port", term: (text) => `port ${quote(text)}` };
const protocol = { name: "protocol", label: "Protocol", term: (text) => `proto ${quote(text)}` };
const from = { name: "source", label: "Source", term: (text) => `src host ${quote(text)}` };
const to = { name: "destination", label: "Destination", term: (text) => `dst host ${quote(text)}` };

/*
 * columns: in the order of the screen; "+" are left out on a phone, "++" on a tablet too.
 * filter: the terms that a row is found by; arrange: the order of the rows, if it is not that of the server.
 */
const tables = {
	events: {
		columns: "last severity+ rule++ event attacker++ victim++ port++ count+",
		fields: [],
		filter: (row) => [row.next ?? ""],
	},
	talkers: {
		columns: "address name+ bps_in+ bps_out+ bps share bytes+ pps++ packets++ flows++ retransmissions++ context++",
		fields: [address, { name: "name", label: "Name", term: (text) => `name ~ ${quote(text)}` }],
		filter: (row) => [hosts(row.address), context(row)],
	},
	flows: {
		columns: "protocol+ a a_port++ b b_port app++ server_name+ state+ bps_ab++ bps_ba++ bps share++ bytes+ rtt++ " +
		    "retransmissions++ context++",
		fields: [protocol, from, to, port],
		filter: (row) => [layer(row.protocol), hosts(row.a, row.b), ports(row.a_port, row.b_port), context(row)],
	},
	protocols: {
		columns: "name path+ bps share packets+ bytes+ pps++",
		fields: [],
		filter: (row) => [layer(row.path?.split("/").pop())],
		arrange: tree,
	},
	ports: {
		columns: "service protocol+ port bps share bytes+ packets+ pps++ flows++",
		fields: [protocol, port],
		filter: (row) => [layer(row.protocol), ports(row.port)],
	},
	packets: {
		columns: "time source++ protocol+ a a_port+ b b_port+ length+ flags++ ttl++ app++ info+ context++",
		fields: [protocol, from, to, port],
		filter: (row) => [layer(row.protocol), hosts(row.a, row.b), ports(row.a_port, row.b_port), context(row)],
	},
	sizes: {
		columns: "range packets share cumulative+",
		fields: [],
		filter: () => [],
		fixed: true,
	},
	networks: {
		columns: "network hosts+ bps_in+ bps_out+ bps share bytes+ pps++ packets++ flows++",
		fields: [{ ...address, name: "network" }],
		filter: (row) => [row.network == null ? "" : `net ${row.network}`],
	},
	pairs: {
		columns: "address name+ peer peer_name+ bps_in+ bps_out+ bps share++ bytes+ flows++ rtt++ retransmissions++",
		fields: [address],
		filter: (row) => [hosts(row.address, row.peer)],
	},
	health: {
		columns: "address reason pain retransmissions+ resets+ refused+ unanswered+ unreachable++ dns_failures++ " +
		    "out_of_order++ duplicate_acks++ zero_windows++ rtt+ packets++ context++",
		fields: [address],
		filter: (row) => [hosts(row.address), context(row)],
	},
};

/* Other views have panels of their own, or are shown with all their columns. */
const elsewhere = new Set(["sources", "traffic"]);

/* Those of the server's views that are shown as tables, each with its table. */
export function shownTables(views) {
	return views.filter((view) => !elsewhere.has(view.name)).map((view) => [view, tables[view.name] ?? {
		columns: view.columns.map((column) => column.key).join(" "),
		fields: [],
		filter: () => [],
	}]);
}

const WIDTHS = { "": "phone", "+": "tablet", "++": "desk" };

/* The columns of a table that are shown, as the server describes them, with the width of the screen. */
export function shownColumns(table, known) {
	return table.columns.split(" ").flatMap((word) => {
		const [, key, width] = /^(\w+)(\+*)$/.exec(word);
		const column = known.find((one) => one.key === key);

		return column === undefined ? [] : [{ ...column, width: WIDTHS[width] }];
	});
}

/* In red if they are not zero, or an attack. */
export const faults = new Set(["severity", "kernel_dropped", "interface_dropped", "missing"]);

function quote(text) {
	const mark = text.includes('"') ? "'" : '"';

	return /^[\w.:%/*-]+$/.test(text) ? text : mark + text + mark;
}

function layer(name) {
	return name === undefined ? "" : `proto ${name}`;
}

function hosts(...addresses) {
	return addresses.filter((one) => one != null && one !== "-").map((one) => `host ${one}`).join(" ");
}

function ports(...numbers) {
	return numbers.filter((one) => one !== undefined).map((one) => `port ${one}`).join(" ");
}

/* Contexts that differ by direction have no term. */
function context(row) {
	return row.context === undefined || row.context.includes("/") ? "" : `context ${quote(row.context)}`;
}

const carrier = (path) => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

/*
 * Each protocol below the one that carries it; those of one carrier keep their order.  If a filter
 * hides the carrier, its own carrier has them.
 */
function tree(rows) {
	const shown = new Set(rows.map((row) => row.path));
	const above = (path) => (path === "" || shown.has(path) ? path : above(carrier(path)));
	const below = Map.groupBy(rows, (row) => above(carrier(row.path)));
	const branch = (path) => (below.get(path) ?? []).flatMap((row) => [row, ...branch(row.path)]);

	return branch("");
}

/* The display filter for what belongs to a row; "" if none does. */
export function rowFilter(table, row) {
	return row.other ? "" : table.filter(row).filter((term) => term !== "").join(" ");
}

/* The display filter of the form: its fields, and the expression in parentheses. */
export function formFilter(table, values) {
	const terms = table.fields
	    .filter((field) => values[field.name])
	    .map((field) => field.term(values[field.name].trim()));
	const own = (values.show ?? "").trim();

	if (own !== "")
		terms.push(terms.length > 0 ? `(${own})` : own);
	return terms.join(" ");
}
