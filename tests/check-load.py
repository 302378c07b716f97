#!/usr/bin/env python3
"""Clients of check-load.sh, until SIGTERM and until each has got something: 50 that ask for reports,
10 slow readers of events, and one that asks what the page asks. check-load.py PORT"""
import asyncio
import signal
import socket
import sys
import time

PORT = int(sys.argv[1])
PAGE = ["/", "/streams", "/series?span=1m", "/flows?top=100", "/hosts?top=100", "/protocols", "/sizes",
        "/health", "/packets?top=50"]
answers = [0] * 50
events = [0] * 10
slowest = {}
closed = 0


async def connect(room=None):
    s = socket.socket()
    s.setblocking(False)
    if room:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    await asyncio.get_running_loop().sock_connect(s, ("127.0.0.1", PORT))
    return await asyncio.open_connection(sock=s)


def request(path):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode()


async def get(path):
    """The whole answer, None if the connection was closed: there are 32 at most."""
    global closed
    try:
        reader, writer = await connect()
        writer.write(request(path))
        answer = await reader.read()
        writer.close()
    except OSError:
        answer = b""
    if not answer.startswith(b"HTTP/1.1 200"):
        closed += 1
        return None
    return answer


async def ask(number):
    while True:
        if await get("/report?top=20"):
            answers[number] += 1
        await asyncio.sleep(0.05)


async def read_events(number):
    while True:
        try:
            reader, writer = await connect(4096)
            writer.write(request("/events"))
            while some := await reader.read(500):
                events[number] += len(some)
                await asyncio.sleep(0.2)
            writer.close()
        except OSError:
            pass
        await asyncio.sleep(0.5)


async def be_page():
    while True:
        for path in PAGE:
            began = time.monotonic()
            if await get(path):
                slowest[path] = max(slowest.get(path, 0), time.monotonic() - began)
        await asyncio.sleep(0.5)


async def main():
    done = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, done.set)
    clients = [ask(i) for i in range(50)] + [read_events(i) for i in range(10)] + [be_page()]
    tasks = [asyncio.create_task(c) for c in clients]
    await done.wait()
    end = time.monotonic() + 20
    while not (min(answers) and min(events) and slowest) and time.monotonic() < end:
        await asyncio.sleep(0.1)
    for t in tasks:
        t.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


asyncio.run(main())
path = max(slowest, key=slowest.get, default="")
print(f"{sum(answers)} reports, at least {min(answers)} for each of 50 clients; {sum(events)} bytes of events for 10;"
      f" {closed} connections closed; the page's slowest answer: {slowest.get(path, 0):.2f} s, {path}")
sys.exit(min(answers) == 0 or min(events) == 0 or not slowest)
