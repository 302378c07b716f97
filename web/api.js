/* Requests to the server.  Every error is an Error with a sentence for people. */

async function check(response) {
	if (response.ok)
		return response;
	let reason = response.status + " " + response.statusText;
	try {
		reason = (await response.json()).error ?? reason;
	} catch {
		/* An answer that is not JSON has only its status. */
	}
	const error = new Error(reason);
	error.status = response.status;
	throw error;
}

async function request(path, options) {
	let response;
	try {
		response = await fetch(path, { cache: "no-store", ...options });
	} catch {
		throw new Error("the server does not answer");
	}
	return check(response);
}

/* The path with those parameters that have a value. */
export function query(path, parameters) {
	const used = Object.entries(parameters).filter(([, value]) => value !== "" && value !== undefined);
	const text = new URLSearchParams(used).toString();

	return text === "" ? path : path + "?" + text;
}

export async function get(path, parameters = {}, signal = undefined) {
	return (await request(query(path, parameters), { signal })).json();
}

function send(method, path, body = {}) {
	return request(path, {
		method,
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(body),
	});
}

export async function post(path, body) {
	return (await send("POST", path, body)).json();
}

export const remove = (path) => send("DELETE", path);

/* Offers what a POST answers as a file. */
export async function download(path, body, name) {
	const blob = await (await send("POST", path, body)).blob();
	const link = document.createElement("a");

	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	URL.revokeObjectURL(link.href);
	return blob.size;
}

const SILENT_MS = 15000; /* or three intervals of the server */
const RETRY_MS = 3000;

/*
 * Reports as they are made.  on.report gets each one, on.state "live", "wait" or "stale".  The
 * browser connects again by itself after a lost connection, but not after an HTTP error.
 */
export function listen(path, on) {
	let silence;
	const expect = (interval) => {
		clearTimeout(silence);
		silence = setTimeout(() => on.state("stale"), Math.max(SILENT_MS, 3000 * interval));
		on.state("live");
	};
	const open = () => {
		const source = new EventSource(path);

		source.addEventListener("open", () => expect(0));
		source.addEventListener("report", (event) => {
			const report = JSON.parse(event.data);

			expect(report.interval);
			on.report(report);
		});
		source.addEventListener("error", () => {
			clearTimeout(silence);
			on.state("wait");
			if (source.readyState === EventSource.CLOSED)
				setTimeout(open, RETRY_MS);
		});
	};
	open();
}
