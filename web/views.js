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
 * filter: the terms that a row is found by; arrange: the order of the rows, if it is not that of the server;
 * empty: what is said if there are no rows.
 */
const tables = {
	events: {
		columns: "last severity+ rule++ event attacker++ victim++ port++ count+",
		fields: [],
		filter: (row) => [row.next ?? ""],
		empty: "Nothing unusual has happened.",
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
	pairs: {
		columns: "address peer bps_in+ bps_out+ bps share+ bytes+ pps++ packets++ flows++ rtt+ retransmissions++",
		fields: [address],
		filter: (row) => [hosts(row.address, row.peer)],
	},
	processes: {
		columns: "process user+ container++ unit++ bps_in+ bps_out+ bps share bytes+ pps++ flows++ processes++",
		fields: [{ name: "process", label: "Process", term: (text) => `process ~ ${quote(text)}` }],
		filter: () => [],
		empty: "No process is known. pkttop finds them on Linux, for live traffic, with --processes.",
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
		empty: "Packets are logged while this tab is open; none has come yet.",
		filter: (row) => [layer(row.protocol), hosts(row.a, row.b), ports(row.a_port, row.b_port), context(row)],
	},
	use: {
		columns: "use service+ bps share bytes+ packets+ pps++ clients+ flows++ last++",
		fields: [],
		filter: (row) => [row.use === undefined ? "" : `use = ${quote(row.use)}`],
	},
	dns: {
		columns: "name domain++ client++ resolver++ queries clients+ answers+ nxdomain+ servfail++ errors++ unanswered+ " +
		    "answer answer_p95++ last++",
		fields: [{ name: "name", label: "Name", term: (text) => `name ~ ${quote(text)}` }],
		filter: () => [],
		empty: "No name has been asked of DNS.",
	},
	places: {
		columns: "place as_name+ hosts bps_in+ bps_out+ bps share bytes+ pps++ packets++ flows++",
		fields: [],
		filter: (row) => [row.country === undefined ? "" : `country = ${row.country}`],
		empty: "No place is known. pkttop needs a database of countries for that: --geoip=FILE.",
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
	health: {
		columns: "address reason name++ pain retransmissions+ resets+ refused+ unanswered+ unreachable++ dns_failures++ " +
		    "out_of_order++ duplicate_acks++ zero_windows++ rtt+ packets++ context++",
		fields: [address],
		filter: (row) => [hosts(row.address), context(row)],
	},
};

/* Other views have panels of their own, or are shown with all their columns. */
const elsewhere = new Set(["sources", "traffic"]);

/* The columns whose addresses have names, and those with the names. */
const named = { address: "name", peer: "peer_name", a: "a_name", b: "b_name", attacker: "attacker_name", victim: "victim_name" };

/* Those of the server's views that are shown as tables, each with its table. */
export function shownTables(views) {
	return views.filter((view) => !elsewhere.has(view.name)).map((view) => [view, tables[view.name] ?? {
		columns: view.columns.map((column) => column.key).join(" "),
		fields: [],
		filter: () => [],
	}]);
}

const WIDTHS = { "": "phone", "+": "tablet", "++": "desk" };

/*
 * The columns of a table that are shown, as the server describes them, with the width of the screen
 * and the key of the names that may be shown instead, unless these have a column.
 */
export function shownColumns(table, known) {
	const words = table.columns.split(" ").map((word) => /^(\w+)(\+*)$/.exec(word));
	const keys = new Set(words.map(([, key]) => key));

	return words.flatMap(([, key, width]) => {
		const column = known.find((one) => one.key === key);
		const names = keys.has(named[key]) ? undefined : named[key];

		return column === undefined ? [] : [{ ...column, width: WIDTHS[width], names }];
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
