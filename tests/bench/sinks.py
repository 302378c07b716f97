"""Where exports go: a collector of flow records and a database, which take everything and keep nothing."""

import contextlib
import http.server
import socket
import threading

RECEIVE_BUFFER = 8 << 20  # bytes
DATAGRAM_MOST = 65536  # bytes


class TakeAll(http.server.BaseHTTPRequestHandler):
    """InfluxDB's answers to a write, and to whether it is there."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        pass


def take_datagrams(sink):
    while sink.recv(DATAGRAM_MOST):
        pass


@contextlib.contextmanager
def sinks(folder):
    """The options of pkttop for all exports at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as collector, \
            http.server.ThreadingHTTPServer(("127.0.0.1", 0), TakeAll) as database:
        collector.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        collector.bind(("127.0.0.1", 0))
        threads = [threading.Thread(target=take_datagrams, args=(collector,)),
                   threading.Thread(target=database.serve_forever)]
        for thread in threads:
            thread.start()
        try:
            yield [f"--ipfix=127.0.0.1:{collector.getsockname()[1]}",
                   f"--influx=http://127.0.0.1:{database.server_port}/?db=bench",
                   f"--listen=unix:{folder}/socket", "--format=text"]
        finally:
            database.shutdown()
            collector.sendto(b"", collector.getsockname())  # an empty datagram ends its thread
            for thread in threads:
                thread.join()
