/* What a process is: its command, user, unit of systemd and container. */
#include "config.h"

#include "platform/process_owner.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "util/attr.h"
#include "util/text.h"

#define STAT_STARTED 20 /* fields between the state and the start time */
#define ID_SHOWN     12 /* characters of a container's ID, as its runtime prints it */

/* Reads the beginning of a file as text; false if there is none. */
static bool
process_facts_read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = 0;
	size_t used = 0;

	if (fd < 0)
		return false;
	while (used + 1 < size && (n = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	close(fd);
	text[used] = '\0';
	return n >= 0;
}

static bool
process_facts_read_proc(uint32_t pid, const char *name, char *text, size_t size)
{
	char path[48];
	struct buf b;

	buf_init(&b, path, sizeof(path));
	buf_setf(&b, "/proc/%lu/%s", (unsigned long)pid, name);
	return process_facts_read_file(path, text, size);
}

/* Fields follow the command, which is in brackets and may contain anything. */
static uint64_t
process_facts_started(const char *stat)
{
	const char *s = strrchr(stat, ')');
	uint64_t n = 0;

	for (unsigned i = 0; s != NULL && i < STAT_STARTED; i++)
		s = strchr(s + 1, ' ');
	for (s = s != NULL ? s + 1 : ""; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (uint64_t)(*s - '0');
	return n;
}

static void
process_facts_read_user(struct process_facts *f)
{
	static uint32_t uid; /* of the newest name, which is mostly asked for again */
	static char name[PROCESS_USER];
	const struct passwd *p;
	struct buf b;

	if (name[0] == '\0' || uid != f->uid) {
		p = getpwuid((uid_t)f->uid);
		uid = f->uid;
		buf_init(&b, name, sizeof(name));
		if (p != NULL)
			text_clean(&b, p->pw_name, strlen(p->pw_name));
		else
			buf_addf(&b, "%lu", (unsigned long)f->uid);
	}
	strlcpy(f->user, name, sizeof(f->user));
}

void
process_facts_of_user(struct process_facts *f, uint32_t uid)
{
	*f = (struct process_facts){ .uid = uid, .kind = PROCESS_OF_USER };
	process_facts_read_user(f);
}

static bool
cgroup_is_id(const char *s, size_t n)
{
	return n >= 32 && strspn(s, "0123456789abcdef") == n;
}

/* Names of control groups that end in the ID of a container; the first that fits. */
static const struct {
	const char *begin, *end, *runtime;
} cgroup_names[] = {
	{ "docker-", ".scope", "docker" }, { "libpod-", ".scope", "podman" },
	{ "libpod-", "", "podman" }, { "cri-containerd-", ".scope", "containerd" },
	{ "crio-", ".scope", "crio" }, { "crio-", "", "crio" },
	{ "nerdctl-", ".scope", "containerd" }, { "", "", "" }, /* named by the group above it */
};

/* Containers whose control group has a name of its own. */
static const struct {
	const char *begin, *end, *runtime;
} cgroup_named[] = {
	{ "lxc.payload.", "", "lxc" },
	{ "machine-", ".scope", "machine" },
};

static bool
cgroup_matches(const char *name, size_t n, const char *begin, const char *end)
{
	size_t nb = strlen(begin), ne = strlen(end);

	return n > nb + ne && memcmp(name, begin, nb) == 0 && memcmp(name + n - ne, end, ne) == 0;
}

static void
cgroup_set_container(struct cgroup_facts *f, const char *runtime, const char *id, size_t n)
{
	struct buf b;

	strlcpy(f->runtime, runtime, sizeof(f->runtime));
	buf_init(&b, f->id, sizeof(f->id));
	text_clean(&b, id, n);
}

/* One name of the path; above: the one before it. */
static void
cgroup_parse_name(const char *name, size_t n, const char *above, struct cgroup_facts *f)
{
	for (unsigned i = 0; i < NITEMS(cgroup_names); i++) {
		const char *id = name + strlen(cgroup_names[i].begin);
		size_t skip = strlen(cgroup_names[i].begin) + strlen(cgroup_names[i].end);

		if (!cgroup_matches(name, n, cgroup_names[i].begin, cgroup_names[i].end) ||
		    !cgroup_is_id(id, n - skip))
			continue;
		if (*cgroup_names[i].runtime != '\0')
			cgroup_set_container(f, cgroup_names[i].runtime, id, n - skip);
		else if (strncmp(above, "docker/", 7) == 0)
			cgroup_set_container(f, "docker", id, n);
		else
			cgroup_set_container(f, "container", id, n);
		return;
	}
	for (unsigned i = 0; i < NITEMS(cgroup_named); i++)
		if (cgroup_matches(name, n, cgroup_named[i].begin, cgroup_named[i].end)) {
			size_t begin = strlen(cgroup_named[i].begin);

			cgroup_set_container(f, cgroup_named[i].runtime, name + begin,
			    n - begin - strlen(cgroup_named[i].end));
			return;
		}
	if (strncmp(above, "lxc/", 4) == 0)
		cgroup_set_container(f, "lxc", name, n);
}

static void
cgroup_parse_unit(const char *name, size_t n, struct cgroup_facts *f)
{
	static const char *const ends[] = { ".service", ".scope", ".socket", ".mount", ".swap" };
	struct buf b;

	for (unsigned i = 0; i < NITEMS(ends); i++)
		if (cgroup_matches(name, n, "", ends[i])) {
			buf_init(&b, f->unit, sizeof(f->unit));
			text_clean(&b, name, n);
		}
}

/* The innermost unit and container of the path win. */
void
cgroup_parse(const char *path, struct cgroup_facts *f)
{
	const char *above = "";
	size_t n;

	memset(f, 0, sizeof(*f));
	for (const char *s = path; *s != '\0'; s += n + (s[n] == '/')) {
		n = strcspn(s, "/\n");
		if (n > 0) {
			cgroup_parse_unit(s, n, f);
			cgroup_parse_name(s, n, above, f);
			above = s;
		}
		if (s[n] == '\n')
			break;
	}
}

bool
json_find_string(const char *json, const char *key, struct buf *value)
{
	char array[96];
	struct buf quoted;
	const char *s, *end;

	buf_clear(value);
	buf_init(&quoted, array, sizeof(array));
	buf_setf(&quoted, "\"%s\"", key);
	s = strstr(json, quoted.s);
	if (s == NULL)
		return false;
	s += quoted.len;
	s += strspn(s, " \t\r\n");
	if (*s++ != ':')
		return false;
	s += strspn(s, " \t\r\n");
	if (*s++ != '"' || (end = strchr(s, '"')) == NULL)
		return false;
	text_clean(value, s, (size_t)(end - s));
	return value->len > 0;
}

/* Where runtimes store the state of a container, and the keys of its name and of its pod's. */
static const struct {
	const char *runtime, *path, *key, *above;
} runtime_files[] = {
	{ "docker", "/var/lib/docker/containers/%s/config.v2.json", "Name", NULL },
	{ "podman", "/var/lib/containers/storage/overlay-containers/%s/userdata/config.json",
	    "io.podman.annotations.name", NULL },
	{ "podman", "/run/containers/storage/overlay-containers/%s/userdata/config.json",
	    "HOSTNAME", NULL },
	{ "containerd", "/run/containerd/io.containerd.runtime.v2.task/k8s.io/%s/config.json",
	    "io.kubernetes.cri.sandbox-name", "io.kubernetes.cri.sandbox-namespace" },
	{ "containerd", "/run/containerd/io.containerd.runtime.v2.task/moby/%s/config.json",
	    "io.kubernetes.cri.container-name", NULL },
	{ "crio", "/run/containers/storage/overlay-containers/%s/userdata/config.json",
	    "io.kubernetes.pod.name", "io.kubernetes.pod.namespace" },
};

/* "k8s:shop/web-7d9" if the container belongs to a pod, else "docker:web-1". */
static bool
runtime_file_name(unsigned i, const struct cgroup_facts *c, struct buf *b)
{
	static char json[256 << 10];
	char path_text[256], name_text[PROCESS_CONTAINER], above_text[PROCESS_CONTAINER];
	const char *slot = strstr(runtime_files[i].path, "%s");
	struct buf path, name, above;

	buf_init(&path, path_text, sizeof(path_text));
	buf_init(&name, name_text, sizeof(name_text));
	buf_init(&above, above_text, sizeof(above_text));
	buf_setf(&path, "%.*s%s%s", (int)(slot - runtime_files[i].path), runtime_files[i].path,
	    c->id, slot + 2);
	if (!process_facts_read_file(path.s, json, sizeof(json)) ||
	    !json_find_string(json, runtime_files[i].key, &name))
		return false;
	if (runtime_files[i].above != NULL &&
	    json_find_string(json, runtime_files[i].above, &above))
		buf_addf(b, "k8s:%s/%s", above.s, name.s);
	else
		buf_addf(b, "%s:%s", c->runtime, name.s + (*name.s == '/'));
	return true;
}

static void
process_facts_name_container(const struct cgroup_facts *c, struct process_facts *f)
{
	struct buf b;
	size_t n = strlen(c->id);

	if (n == 0)
		return;
	buf_init(&b, f->container, sizeof(f->container));
	for (unsigned i = 0; i < NITEMS(runtime_files); i++)
		if (cgroup_is_id(c->id, n) && strcmp(runtime_files[i].runtime, c->runtime) == 0 &&
		    runtime_file_name(i, c, &b))
			return;
	buf_addf(&b, "%s:%.*s", c->runtime, cgroup_is_id(c->id, n) ? ID_SHOWN : (int)n, c->id);
}

/* Version 2 has one line, "0::/path"; of version 1 that of systemd or of pids is as good. */
static const char *
process_facts_cgroup_path(const char *text)
{
	static const char *const lines[] = { "0::/", "name=systemd:/", ":pids:/", ":memory:/" };
	const char *path = "";

	for (unsigned i = 0; i < NITEMS(lines); i++) {
		const char *line = strstr(text, lines[i]);

		if (line == NULL)
			continue;
		path = line + strlen(lines[i]) - 1;
		if (path[1] != '\n')
			return path;
	}
	return path;
}

bool
process_facts_read(struct process_facts *f, uint32_t pid)
{
	char text[4096], path[32];
	struct cgroup_facts c;
	struct stat st;
	struct buf b;

	*f = (struct process_facts){ .pid = pid, .kind = PROCESS_OWNER };
	buf_init(&b, path, sizeof(path));
	buf_setf(&b, "/proc/%lu", (unsigned long)pid);
	if (stat(path, &st) != 0 || !process_facts_read_proc(pid, "stat", text, sizeof(text)))
		return false;
	f->uid = (uint32_t)st.st_uid;
	f->started = process_facts_started(text);
	if (!process_facts_read_proc(pid, "comm", text, sizeof(text)))
		return false;
	buf_init(&b, f->command, sizeof(f->command));
	text_clean(&b, text, strcspn(text, "\n"));
	process_facts_read_user(f);
	if (!process_facts_read_proc(pid, "cgroup", text, sizeof(text)))
		return true;
	cgroup_parse(process_facts_cgroup_path(text), &c);
	strlcpy(f->unit, c.unit, sizeof(f->unit));
	process_facts_name_container(&c, f);
	return true;
}
