"""Passes HTTP/1.1 on, byte by byte as it comes, and keeps a copy of what predictions were asked and answered.

A connection of a client has one connection to the server, which closes when the other does: the server's own keep-alive, drain and time-outs are what
clients see. What is no prediction, or is too large, is passed on without a copy.
"""
import asyncio
import time

MOST_HEAD = 64 * 1024
PIECE = 64 * 1024
GONE = 0.5  # seconds after which it is seen that a client has gone


class Head:
    """The first lines of a message."""

    def __init__(self, raw):
        self.raw = raw
        first, *lines = raw[:-4].split(b"\r\n")
        self.first = first.split(b" ", 2)
        self.headers = {}
        for line in lines:
            name, _, value = line.partition(b":")
            self.headers[name.strip().lower()] = value.strip()

    def length(self):
        """Bytes of the body; -1 for chunks, None where nothing is said."""
        if b"chunked" in self.headers.get(b"transfer-encoding", b"").lower():
            return -1
        told = self.headers.get(b"content-length")
        return None if told is None else int(told)

    def closes(self):
        told = self.headers.get(b"connection", b"").lower()
        return b"close" in told or (self.first[0] == b"HTTP/1.0" or self.first[-1] == b"HTTP/1.0") and b"keep-alive" not in told


    def closing(self):
        """The same lines, telling that the connection closes after this message."""
        lines = [line for line in self.raw[:-4].split(b"\r\n") if not line.lower().startswith((b"connection:", b"keep-alive:"))]
        return b"\r\n".join([*lines, b"Connection: close", b"", b""])


class Copy:
    """What was passed on, as far as it is wanted: none once it is more than may be kept."""

    def __init__(self, most):
        self.most, self.pieces, self.size = most, [], 0

    def add(self, piece):
        self.size += len(piece)
        if self.size <= self.most:
            self.pieces.append(piece)

    def bytes(self):
        return b"".join(self.pieces) if self.size <= self.most else None


class Proxy:
    def __init__(self, target, wanted, most, take):
        self.target, self.wanted, self.most, self.take = target, wanted, most, take
        self.connections = set()
        # the pod is ending: each answer closes its connection, so that none is idle when the server ends and closes it under a request that is on its way
        self.draining = False

    async def serve(self, reader, writer):
        task = asyncio.current_task()
        self.connections.add(task)
        upstream = None
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self.target, limit=MOST_HEAD)
            while await self._exchange(reader, writer, *upstream):
                pass
        except OSError:
            if upstream is None:
                writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError):
            pass  # the other side has gone, or speaks no HTTP: so does this one
        finally:
            self.connections.discard(task)
            for one in (writer, upstream and upstream[1]):
                if one is not None:
                    one.close()

    async def _exchange(self, reader, writer, up_reader, up_writer):
        """One request and its answer; whether another may follow."""
        raw = await _next_head(reader, up_reader)
        if raw is None:
            return False
        request, at = Head(raw), time.time()
        wanted = self.wanted(request)
        asked, answered = (Copy(self.most), Copy(self.most)) if wanted else (None, None)
        up_writer.write(raw)
        length = request.length()
        sending = None
        if length not in (None, 0):
            # beside the answer: a client may wait for '100 Continue', and a server may answer before it has read all
            sending = asyncio.create_task(_body(reader, up_writer, length, asked))
        answering = asyncio.create_task(self._answer(request, up_reader, writer, answered))
        try:
            while not answering.done():
                await asyncio.wait({answering}, timeout=GONE)
                if reader.at_eof() and not answering.done():
                    return False  # nobody waits for the answer any more: the server may end its work
            response = answering.result()
            if response is None:  # it speaks something else from here on
                await _tunnel(reader, writer, up_reader, up_writer)
                return False
            if sending is not None:
                if not sending.done() and response.first[1][:1] != b"2":
                    return False
                await sending
        finally:
            for task in (answering, sending):
                if task is not None and not task.done():
                    task.cancel()
                elif task is not None and not task.cancelled():
                    task.exception()
        if wanted and response.first[1][:1] == b"2":
            self.take(request, asked, response, answered, at, time.time())
        return not (request.closes() or response.closes() or response.length() is None and _has_body(request, response))

    async def _answer(self, request, up_reader, writer, copy):
        while True:
            raw = await up_reader.readuntil(b"\r\n\r\n")
            response = Head(raw)
            status = response.first[1]
            if self.draining and status[:1] != b"1":
                response = Head(raw := response.closing())
            writer.write(raw)
            if status == b"101":
                return None
            if status[:1] != b"1":
                break
        if _has_body(request, response):
            await _body(up_reader, writer, response.length(), copy)
        await writer.drain()
        return response


def _has_body(request, response):
    return request.first[0] != b"HEAD" and response.first[1] not in (b"204", b"304")


async def _next_head(reader, up_reader):
    """The head of the next request; None when either side has closed meanwhile."""
    asking = asyncio.ensure_future(reader.readuntil(b"\r\n\r\n"))
    closing = asyncio.ensure_future(up_reader.read(1))
    try:
        await asyncio.wait({asking, closing}, return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() and not closing.done() else None
    finally:
        for one in (asking, closing):
            if one.done():
                one.exception()
            else:
                one.cancel()
        # the reader takes one wait at a time: the cancelled one has to be over
        await asyncio.gather(asking, closing, return_exceptions=True)


async def _body(reader, writer, length, copy):
    """Passes a body on: so many bytes, chunks (-1), or all until the end (None)."""
    if length == -1:
        while True:
            line = await reader.readuntil(b"\n")
            writer.write(line)
            size = int(line.split(b";")[0], 16)
            if size == 0:
                break
            await _pass(reader, writer, size, copy)
            writer.write(await reader.readexactly(2))
        while True:  # trailers, up to an empty line
            line = await reader.readuntil(b"\n")
            writer.write(line)
            if line in (b"\r\n", b"\n"):
                break
        await writer.drain()
    elif length is not None:
        await _pass(reader, writer, length, copy)
    else:
        while piece := await reader.read(PIECE):
            writer.write(piece)
            if copy is not None:
                copy.add(piece)
            await writer.drain()


async def _pass(reader, writer, size, copy):
    while size > 0:
        piece = await reader.read(min(size, PIECE))
        if not piece:
            raise asyncio.IncompleteReadError(b"", size)
        size -= len(piece)
        writer.write(piece)
        if copy is not None:
            copy.add(piece)
        await writer.drain()


async def _tunnel(reader, writer, up_reader, up_writer):
    await asyncio.wait({asyncio.ensure_future(_body(*pair, None, None)) for pair in ((reader, up_writer), (up_reader, writer))}, return_when=asyncio.FIRST_COMPLETED)
